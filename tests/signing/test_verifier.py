"""skillhub-verify.py without a network: what it accepts, and what each fault is called."""

import base64
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from skills.flows import access
from skills.signing import keys, skillhub_verify
from skills.signing.envelopes import STATEMENT_TYPE, as_payload, seal_envelope
from skills.signing.models import SignedDocument
from tests.factories import actor


def test_zip_and_folder_are_verified_without_a_network(kept, capsys):
    assert kept.verify(kept.zip) == 0
    assert kept.verify(kept.folder) == 0
    assert "Verified: crew/greet-people@1.0.0 by owner, approved by mate" in capsys.readouterr().out


def test_it_runs_on_the_standard_library_alone(kept):
    program = Path(skillhub_verify.__file__)
    arguments = ["--statement", "statement", "--keys", "keys", "--snapshot", "snapshot", "--home", "home"]
    # -I -S: neither our packages nor anybody's.
    done = subprocess.run(
        [sys.executable, "-I", "-S", program, "greet.zip", *arguments],
        cwd=kept.place,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_without_a_snapshot_it_says_what_was_not_checked(kept, capsys):
    assert kept.verify(without=("snapshot",)) == 0
    assert "whether it was yanked or removed since" in capsys.readouterr().out


def test_its_model_signature_may_lie_in_the_folder(kept):
    (kept.folder / "skill.oms.sig").write_text("{}")

    assert kept.verify(kept.folder) == 0


def link(folder: Path) -> None:
    (folder / "SKILL.md").unlink()
    (folder / "SKILL.md").symlink_to("scripts/a.py")


FOLDERS = {
    "a byte": lambda folder: (folder / "scripts/a.py").write_bytes(b"print('b')\n"),
    "a file more": lambda folder: (folder / "scripts/b.py").write_bytes(b""),
    "a file less": lambda folder: (folder / "references/b.md").unlink(),
    "another name": lambda folder: (folder / "scripts/a.py").rename(folder / "scripts/c.py"),
    "a link": link,
    "a linked folder": lambda folder: (folder / "more").symlink_to("scripts"),
    "a signature deeper down": lambda folder: (folder / "scripts/skill.oms.sig").write_bytes(b""),
}


@pytest.mark.parametrize("alter", FOLDERS.values(), ids=FOLDERS)
def test_an_altered_folder_is_found(kept, alter):
    alter(kept.folder)

    assert kept.verify(kept.folder) == skillhub_verify.NOT_SIGNED


@pytest.mark.parametrize("place", [0, 30, -1])
def test_an_altered_zip_is_found(kept, place):
    data = bytearray(kept.zip.read_bytes())
    data[place] ^= 1
    kept.zip.write_bytes(data)

    assert kept.verify() == skillhub_verify.NOT_SIGNED


def altered(envelope: dict, change) -> dict:
    said = json.loads(base64.b64decode(envelope["payload"]))
    change(said)
    return {**envelope, "payload": base64.b64encode(json.dumps(said).encode()).decode()}


DOCUMENTS = {
    "the payload": lambda one: altered(one, lambda said: said.update(extra=1)),
    "the type of the payload": lambda one: {**one, "payloadType": "text/plain"},
    "the signatures": lambda one: {**one, "signatures": []},
    "the type of the predicate": lambda one: altered(one, lambda said: said.update(predicateType="x")),
    "everything": lambda _: {},
    "the shape": lambda _: [1],
}


@pytest.mark.parametrize("name", ["statement", "snapshot"])
@pytest.mark.parametrize("alter", DOCUMENTS.values(), ids=DOCUMENTS)
def test_an_altered_document_is_found(kept, name, alter):
    kept.write(name, alter(kept.read(name)))

    assert kept.verify() == skillhub_verify.NOT_SIGNED


def test_a_statement_on_another_release_does_not_pass_for_the_one_expected(kept):
    assert kept.verify(None, "--expect", "crew/other@1.0.0") != 0
    assert kept.verify(None, "--expect", "crew/other@1.0.0", without=("snapshot",)) == 1
    assert kept.verify(None, "--expect", "crew/greet-people@1.0.0") == 0


def test_a_statement_does_not_pass_for_a_snapshot(kept):
    kept.write("snapshot", kept.read("statement"))

    assert kept.verify() == skillhub_verify.NOT_SIGNED


def test_a_renamed_skill_is_still_verified_by_either_name(kept, owner):
    access.rename(actor=actor(owner), skill=kept.version.skill, name="greet-all")
    kept.refresh()

    assert kept.verify() == 0
    assert kept.verify(None, "--expect", "crew/greet-all@1.0.0") == 0


def test_a_yanked_release_is_withdrawn(kept, owner, capsys):
    access.yank(actor=actor(owner), version_id=kept.version.pk, reason="broken")
    kept.refresh()

    assert kept.verify() == skillhub_verify.WITHDRAWN
    assert "crew/greet-people@1.0.0 was yanked" in capsys.readouterr().err


def test_a_release_that_the_snapshot_does_not_name_is_withdrawn(kept, owner):
    access.change_visibility(actor=actor(owner), skill=kept.version.skill, new="team")
    kept.refresh()

    assert kept.verify() == skillhub_verify.WITHDRAWN


def test_a_frozen_snapshot_is_found(kept, monkeypatch):
    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(UTC) + timedelta(hours=25)

    monkeypatch.setattr(skillhub_verify, "datetime", Tomorrow)

    assert kept.verify() == skillhub_verify.NOT_CURRENT


def test_an_older_snapshot_than_one_seen_is_found(kept, owner, capsys):
    before = kept.read("snapshot")
    access.yank(actor=actor(owner), version_id=kept.version.pk, reason="broken")
    kept.refresh()
    assert kept.verify() == skillhub_verify.WITHDRAWN

    kept.write("snapshot", before)  # a hidden un-yank

    assert kept.verify() == skillhub_verify.NOT_CURRENT
    assert "was seen before" in capsys.readouterr().err


def test_two_snapshots_of_one_number_are_found(kept):
    assert kept.verify() == 0
    number = SignedDocument.objects.get(name="public").number
    body = json.loads(SignedDocument.objects.get(name="public").payload)
    body["subject"].append({"name": "crew/x@1.0.0", "digest": {}, "annotations": {"state": "approved"}})
    kept.write("snapshot", seal_envelope(as_payload(body), STATEMENT_TYPE, keys.signers()))

    assert body["predicate"]["number"] == number
    assert kept.verify() == skillhub_verify.NOT_CURRENT


def test_a_statement_of_another_hub_is_not_signed_by_our_keys(kept):
    private = Ed25519PrivateKey.generate()
    stranger = json.loads((kept.place / "keys").read_text())
    for entry in stranger["keys"]:
        if entry["keytype"] == "ed25519":
            entry["keyval"]["public"] = private.public_key().public_bytes_raw().hex()
    kept.write("keys", stranger)

    assert kept.verify() == skillhub_verify.NOT_SIGNED


def test_a_revoked_key_counts_no_more(kept):
    keys.revoke(keyid=keys.signing_keys()[0].keyid, reason="stolen")
    kept.refresh()

    assert kept.verify() == skillhub_verify.NOT_SIGNED


def test_what_was_signed_before_a_rotation_stays_good(kept):
    keys.rotate()
    keys.rotate()
    kept.refresh()

    assert kept.verify() == 0


def test_who_has_the_older_keys_verifies_what_is_signed_after_a_rotation(kept):
    older = kept.read("keys")
    keys.rotate()
    kept.refresh()
    kept.write("keys", older)

    assert kept.verify() == 0


def test_without_keys_nothing_is_trusted(kept):
    assert kept.verify(without=("keys",)) == skillhub_verify.UNKNOWN_KEYS


def test_wrong_use_has_its_own_status(kept):
    assert kept.verify(without=("statement",)) == skillhub_verify.USAGE
    assert kept.verify(kept.place / "nowhere.zip") == skillhub_verify.USAGE
    assert skillhub_verify.main([str(kept.zip), "--from", "ftp://x"]) == skillhub_verify.USAGE
