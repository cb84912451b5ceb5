"""Many rounds of what could lose or falsify bytes: a few here, all of them with SOAK=1."""

import os
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection

from skills.catalog import denials
from skills.catalog.models import State, Version
from skills.delivery import collect, faults
from skills.delivery.content import zip_of
from skills.delivery.fsck import check_consistency
from skills.delivery.models import DamagedBlob
from skills.flows import access, release
from skills.lib import blobs
from skills.lib.errors import Refused
from tests.factories import a_person, a_version, actor, an_approved, an_upload, files

ROUNDS = 500 if os.environ.get("SOAK") else 12
BLOBS = 200 if os.environ.get("SOAK") else 16


def apart(*acts):
    """Do ACTS at once, each with a connection of its own; returns what each gave or was refused with."""

    def done(act):
        try:
            return act()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(done, act) for act in acts]]


@pytest.mark.django_db(transaction=True)
def test_no_version_loses_its_bytes_to_a_removal_of_the_same_bytes(owner, mate, team):
    """Each round: removed, published again by two, and collected without any grace, all at once; then lifted,
    published and collected at once."""
    boss = a_person("boss", staff=True)
    sweep = partial(collect.collect, timedelta(0))
    for number in range(ROUNDS):
        content = files("same-bytes", body=f"Say {number}.")
        first = a_version(owner, team, number=f"{number}.0.0", content=content, scanned=False)
        remove = partial(access.remove, actor=actor(boss), version_id=first.pk, reason="x")
        publish = [
            partial(release.submit, actor=actor(by), team=team, upload=upload, number=f"{number}.0.{patch}")
            for patch, by, upload in [
                (1, owner, an_upload(owner, content)),
                (2, mate, an_upload(mate, content)),
                (3, owner, an_upload(owner, content)),
            ]
        ]
        apart(remove, publish[0], publish[1], sweep)
        denials.lift(actor=actor(boss), denial_id=first.denial.pk, reason="x")
        apart(publish[2], sweep, sweep)

    kept = Version.objects.exclude(state=State.REMOVED)
    lost = [str(version) for version in kept if faults.fault_of(version.blob)]
    assert lost == []
    assert kept.filter(number__endswith=".0.3").count() == ROUNDS


HARMS = ["lost", "a bit", "cut", "longer", "empty", "zeros", "another's"]


def harm(version, kind: str, other: bytes, chance: random.Random) -> None:
    path = blobs.store().path(version.blob)
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    before = path.stat()
    match kind:
        case "lost":
            path.unlink()
            return
        case "a bit":
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        case "cut":
            del data[chance.randrange(len(data)) :]
        case "longer":
            data += b"\0"
        case "empty":
            data.clear()
        case "zeros":
            start = chance.randrange(len(data) - 40)
            data[start : start + 40] = bytes(40)
        case _:
            data[:] = other
    path.write_bytes(data)
    # As a disk does it: nothing that a look at the file's facts would show.
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_no_damaged_blob_is_served_as_right_and_all_are_healed(owner, mate, team, client, tmp_path):
    chance = random.Random(13)
    content = {f"skill-{n}": files(f"skill-{n}", body=f"Say {n}." * 20) for n in range(BLOBS)}
    versions = [
        an_approved(owner, mate, team, name, wanted="public", content=content[name]) for name in content
    ]
    right = {version.pk: zip_of(version) for version in versions}
    call_command("backup", tmp_path / "b")
    for number, version in enumerate(versions):
        harm(version, HARMS[number % len(HARMS)], right[versions[number - 1].pk], chance)

    wrong = 0
    for name, version in zip(content, versions, strict=True):
        place = f"/api/v1/skills/crew/{name}/versions/1.0.0"
        answers = {
            f"{place}/zip": right[version.pk],
            f"{place}/files/SKILL.md": content[name]["SKILL.md"],
            f"/s/crew/{name}/v/1.0.0.zip": right[version.pk],
        }
        for address, expected in answers.items():
            answer = client.get(address)
            wrong += answer.status_code == 200 and answer.content != expected
            assert answer.status_code in (200, 503)
        assert client.get(f"{place}/zip").status_code == 503

    assert wrong == 0
    assert len(check_consistency().faults) == BLOBS
    for version in versions[::2]:
        upload = an_upload(owner, content[version.skill.name])
        release.submit(actor=actor(owner), team=team, upload=upload, number="1.0.0")
    call_command("fsck", heal_from=tmp_path / "b")
    assert [zip_of(version) for version in versions] == [right[version.pk] for version in versions]
    assert not DamagedBlob.objects.exists()
