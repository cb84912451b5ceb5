"""What the tests of signatures share: signed releases and the keys as others see them."""

import json

from securesystemslib.signer import Key

from skills.audit.seal import seal_batch
from skills.catalog.models import Version
from skills.flows import signed_releases
from skills.signing import checkpoints, snapshots
from skills.signing.models import ReleaseStatement, SignedDocument
from tests.factories import an_approved


def a_signed_release(
    by, reviewer, team, name: str = "greet-people", number: str = "1.0.0", **more
) -> Version:
    version = an_approved(by, reviewer, team, name, number, **more)
    signed_releases.sign_waiting()
    return version


def sign_everything() -> None:
    """What the worker does within a minute."""
    while seal_batch():
        pass
    signed_releases.sign_waiting()
    snapshots.sign_snapshots()
    checkpoints.sign_checkpoint()


def envelope_of(version: Version) -> dict:
    return ReleaseStatement.objects.get(version=version).envelope


def statement_of(version: Version) -> dict:
    return json.loads(ReleaseStatement.objects.get(version=version).payload)


def listed_keys() -> dict:
    """The list of keys as it is published."""
    return json.loads(SignedDocument.objects.get(name="keys").payload)


def published_keys(keytype: str = "ed25519") -> list[Key]:
    """The published keys as securesystemslib reads them."""
    facts = ("keytype", "scheme", "keyval")
    return [
        Key.from_dict(entry["keyid"], {name: entry[name] for name in facts})
        for entry in listed_keys()["keys"]
        if entry["keytype"] == keytype
    ]


def snapshot_of(name: str) -> dict:
    """The snapshot NAME, signed anew where needed."""
    snapshots.sign_snapshots()
    return json.loads(SignedDocument.objects.get(name=name).payload)


def states_in(snapshot: dict) -> dict[str, str]:
    return {
        subject["name"]: subject["annotations"]["state"]
        for subject in snapshot["subject"]
        if "annotations" in subject
    }
