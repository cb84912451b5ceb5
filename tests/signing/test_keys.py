"""Keys: where the private half is, two at a time, rotation, retirement, revocation, a KMS command."""

import stat
import sys
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from skills.audit.models import Event
from skills.flows import signed_releases
from skills.lib.clock import now
from skills.lib.errors import Refused
from skills.signing import keys
from skills.signing.envelopes import signed_by
from skills.signing.kms import NoSignature
from skills.signing.models import Algorithm, KeyState, SignedDocument, SigningKey
from skills.signing.signers import signer_of
from tests.signing.making import a_signed_release, envelope_of, listed_keys, published_keys

# A KMS as a program: it keeps its keys in a folder and knows the words `public` and `sign`.
KMS = """
import pathlib, sys
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import *
place = pathlib.Path(sys.argv[1]) / sys.argv[3]
if not place.exists():
    is_short = sys.argv[3] == "ed25519"
    made = ed25519.Ed25519PrivateKey.generate() if is_short else ec.generate_private_key(ec.SECP256R1())
    place.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
key = load_pem_private_key(place.read_bytes(), None)
if sys.argv[2] == "public":
    sys.stdout.buffer.write(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
else:
    data = sys.stdin.buffer.read()
    made = key.sign(data) if sys.argv[3] == "ed25519" else key.sign(data, ec.ECDSA(hashes.SHA256()))
    sys.stdout.buffer.write(made)
"""


def key_files(settings) -> list:
    return sorted(settings.SIGNING_KEYS_DIR.glob("*.pem"))


def test_the_first_use_makes_one_key_of_each_algorithm(db, settings):
    keys.ensure_keys()

    assert sorted(key.algorithm for key in SigningKey.objects.all()) == sorted(Algorithm.values)
    assert {path.stem for path in key_files(settings)} == {key.keyid for key in SigningKey.objects.all()}


def test_private_keys_are_for_our_account_alone(db, settings):
    keys.ensure_keys()

    assert {stat.S_IMODE(path.stat().st_mode) for path in key_files(settings)} == {0o600}
    assert stat.S_IMODE(settings.SIGNING_KEYS_DIR.stat().st_mode) == 0o700


def test_the_web_process_opens_no_key(db, settings):
    keys.ensure_keys()
    settings.PROCESS = "web"

    with pytest.raises(NoSignature, match="web process"):
        signer_of(SigningKey.objects.first())
    with pytest.raises(NoSignature, match="web process"):
        keys.rotate()


def test_a_key_that_others_can_read_signs_nothing(db, settings):
    keys.ensure_keys()
    for path in key_files(settings):
        path.chmod(0o640)

    with pytest.raises(NoSignature, match="can be read by others"):
        keys.signers()


def test_without_its_private_half_a_key_says_what_to_do(db, settings):
    keys.ensure_keys()
    for path in key_files(settings):
        path.unlink()

    with pytest.raises(NoSignature, match="signing_keys rotate"):
        keys.signers()


def test_a_rotation_replaces_keys_whose_private_half_is_lost(owner, mate, team, settings):
    version = a_signed_release(owner, mate, team)
    for path in key_files(settings):
        path.unlink()
    keys.rotate()

    assert len(keys.signers()) == 1
    assert signed_by(envelope_of(version), published_keys())  # what they signed stays good


def test_after_a_rotation_two_keys_sign(owner, mate, team):
    keys.ensure_keys()
    before = published_keys()
    keys.rotate()

    version = a_signed_release(owner, mate, team)

    assert len(envelope_of(version)["signatures"]) == 2
    assert signed_by(envelope_of(version), before)
    assert len(published_keys()) == 2


def test_old_signatures_outlive_two_rotations(owner, mate, team):
    version = a_signed_release(owner, mate, team)
    keys.rotate()
    keys.rotate()

    assert signed_by(envelope_of(version), published_keys())
    states = [key.state for key in SigningKey.objects.filter(algorithm=Algorithm.ED25519).order_by("pk")]
    assert states == [KeyState.RETIRED, KeyState.VALID, KeyState.VALID]


def test_the_private_half_of_a_retired_key_is_deleted(db, settings, django_capture_on_commit_callbacks):
    keys.ensure_keys()
    first = keys.signing_keys()[0]
    with django_capture_on_commit_callbacks(execute=True):
        keys.rotate()
        keys.retire(keyid=first.keyid[:10])

    assert first.keyid not in {path.stem for path in key_files(settings)}
    first.refresh_from_db()
    assert first.state == KeyState.RETIRED


def test_the_only_key_is_not_retired(db):
    keys.ensure_keys()

    with pytest.raises(Refused, match="only one"):
        keys.retire(keyid=keys.signing_keys()[0].keyid)


def test_the_list_of_keys_is_signed_by_the_key_before(db):
    keys.ensure_keys()
    pinned = published_keys()
    keys.rotate()

    assert signed_by(SignedDocument.objects.get(name="keys").envelope, pinned)


def test_what_a_revoked_key_signed_is_signed_again(owner, mate, team):
    version = a_signed_release(owner, mate, team)
    stolen = keys.signing_keys()[0]
    keys.revoke(keyid=stolen.keyid, reason="copied from a backup")

    assert envelope_of(version) is None
    signed_releases.sign_waiting()

    assert stolen.keyid not in {one["keyid"] for one in envelope_of(version)["signatures"]}
    listed = {entry["keyid"]: entry for entry in listed_keys()["keys"]}
    assert listed[stolen.keyid]["state"] == "revoked"
    assert listed[stolen.keyid]["revocation"] == "copied from a backup"


def test_a_revoked_key_of_model_signatures_is_replaced_too(owner, mate, team):
    version = a_signed_release(owner, mate, team)
    before = version.statement.model_signature
    keys.revoke(keyid=keys.signing_keys(Algorithm.ECDSA)[0].keyid, reason="lost")
    signed_releases.sign_waiting()

    version.statement.refresh_from_db()
    assert (
        version.statement.model_signature["verificationMaterial"]["publicKey"]
        != before["verificationMaterial"]["publicKey"]
    )


def test_a_revocation_has_a_reason_and_lasts(db):
    keys.ensure_keys()
    key = keys.signing_keys()[0]
    with pytest.raises(Refused, match="reason"):
        keys.revoke(keyid=key.keyid, reason=" ")
    keys.revoke(keyid=key.keyid, reason="stolen")

    with pytest.raises(Refused, match="already"):
        keys.revoke(keyid=key.keyid, reason="again")
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        SigningKey.objects.filter(pk=key.pk).update(revoked_at=None)


def test_a_new_key_is_made_before_the_old_one_expires(db, settings):
    settings.SIGNING_KEY_DAYS = 29
    keys.ensure_keys()
    keys.ensure_keys()

    assert len(keys.signing_keys()) == 2


def test_an_expired_key_signs_no_more(db, monkeypatch):
    keys.ensure_keys()
    later = now() + timedelta(days=731)
    monkeypatch.setattr(keys, "now", lambda: later)

    assert keys.signing_keys() == []
    assert len(keys.signers()) == 1


def test_every_change_of_the_keys_is_in_the_audit_log(db):
    keys.ensure_keys()
    first = keys.signing_keys()[0]
    keys.rotate()
    keys.retire(keyid=first.keyid)
    keys.revoke(keyid=keys.signing_keys()[0].keyid, reason="stolen")

    acts = list(Event.objects.filter(act__startswith="signing_key").values_list("act", flat=True))
    assert acts.count("signing_key.make") == 5
    assert acts.count("signing_key.retire") == 1
    assert acts.count("signing_key.revoke") == 1


def test_a_command_signs_in_place_of_a_file(owner, mate, team, settings, tmp_path):
    program = tmp_path / "kms.py"
    program.write_text(KMS)
    (tmp_path / "kms").mkdir()
    settings.SIGNING_COMMAND = f"{sys.executable} {program} {tmp_path / 'kms'}"

    version = a_signed_release(owner, mate, team)

    assert signed_by(envelope_of(version), published_keys())
    assert key_files(settings) == []


@pytest.mark.parametrize(
    "command", ["/nowhere/kms", "false", f"{sys.executable} -c print('x')"], ids=["gone", "fails", "lies"]
)
def test_a_command_that_does_not_sign_leaves_the_release_waiting(owner, mate, team, settings, command):
    keys.ensure_keys()
    settings.SIGNING_COMMAND = command

    with pytest.raises(Exception, match=r"SIGNING_COMMAND|erif"):
        a_signed_release(owner, mate, team)
