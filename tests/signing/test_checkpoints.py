"""The signed head of the audit log: others verify it, and it tells what the chain alone would not."""

import base64

import pytest
from sigstore._internal.rekor.checkpoint import SignedCheckpoint
from sigstore._internal.trust import Keyring, RekorKeyring
from sigstore._utils import KeyID
from sigstore.errors import VerificationError
from sigstore_models.common.v1 import PublicKey, PublicKeyDetails

from skills.audit.models import Event
from skills.audit.record import record
from skills.audit.seal import seal_batch, seal_of, verify_chain
from skills.lib.errors import Refused
from skills.lib.merkle import MerkleTree
from skills.signing import checkpoints, keys
from skills.signing.checkpoints import KeptCheckpoint, checkpoint_faults, sign_checkpoint
from skills.signing.models import AuditCheckpoint
from tests.signing.making import listed_keys, published_keys
from tests.tampering import tamper


def some_events(count: int) -> None:
    for number in range(count):
        record("test.act", by=None, target=f"thing {number}", number=number)
    while seal_batch():
        pass


def verify_with_sigstore(note: str, noted_key: str) -> SignedCheckpoint:
    """As Sigstore's client verifies the checkpoint of a log, with the key that a verifier key holds."""
    _, key_hash, key = noted_key.split("+", 2)
    raw = base64.b64decode(key)[1:]
    # Its keyring takes DER: the fixed head of an Ed25519 key (RFC 8410) and the key.
    der = bytes.fromhex("302a300506032b6570032100") + raw
    listed = PublicKey(raw_bytes=base64.b64encode(der), key_details=PublicKeyDetails.PKIX_ED25519)
    checkpoint = SignedCheckpoint.from_text(note)
    checkpoint.signed_note.verify(RekorKeyring(Keyring([listed])), KeyID(bytes.fromhex(key_hash)))
    return checkpoint


def note_key() -> str:
    return next(entry["noteKey"] for entry in listed_keys()["keys"] if "noteKey" in entry)


def test_a_checkpoint_is_verified_by_sigstores_client(db):
    some_events(5)
    made = sign_checkpoint()

    seen = verify_with_sigstore(made.note, note_key()).checkpoint
    assert seen.origin == "127.0.0.1:8000/audit"
    assert seen.log_size == made.size
    assert seen.log_hash == checkpoints.tree_of(made).root.hex()


@pytest.mark.parametrize(
    "alter",
    [
        lambda note: note.replace("127.0.0.1:8000/audit\n", "elsewhere.example/audit\n", 1),
        lambda note: note.replace("\n", "\n1", 1),
        lambda note: "\n".join(
            [*note.split("\n")[:2], base64.b64encode(bytes(32)).decode(), *note.split("\n")[3:]]
        ),
        lambda note: note.replace("\n\n", "\nextension\n\n", 1),
    ],
    ids=["origin", "size", "root", "another line"],
)
def test_an_altered_checkpoint_is_not_verified(db, alter):
    some_events(5)
    note = sign_checkpoint().note

    with pytest.raises(VerificationError):
        verify_with_sigstore(alter(note), note_key())


def test_every_key_that_signs_has_its_line(db):
    keys.ensure_keys()
    keys.rotate()
    some_events(1)

    note = sign_checkpoint().note

    assert note.count("\N{EM DASH} ") == len(published_keys()) == 2


def test_the_tree_is_over_the_seals_in_their_order(db):
    some_events(7)
    made = sign_checkpoint()

    seals = Event.objects.exclude(seq=None).order_by("seq").values_list("seal", flat=True)
    whole = MerkleTree().grown(bytes.fromhex(seal) for seal in seals)
    assert base64.b64decode(made.note.split("\n")[2]) == whole.root


def test_the_next_checkpoint_goes_on_from_the_last(db):
    some_events(3)
    sign_checkpoint()
    some_events(4)
    sign_checkpoint()

    assert checkpoint_faults([]) == []
    assert AuditCheckpoint.objects.count() == 2


def test_a_log_that_has_not_grown_is_not_signed_again(db):
    keys.ensure_keys()
    some_events(3)
    sign_checkpoint()

    assert sign_checkpoint() is None


def test_a_row_that_is_changed_and_sealed_anew_is_found(db):
    some_events(6)
    kept = sign_checkpoint().note
    rewrite_history()
    assert verify_chain().faults == ()  # the chain alone believes it

    size = KeptCheckpoint.read(kept).size
    assert checkpoint_faults([]) == [f"checkpoint of {size} rows: a row up to there is not what was signed"]


def test_a_checkpoint_that_was_kept_elsewhere_is_compared_too(db):
    some_events(6)
    kept = KeptCheckpoint.read(sign_checkpoint().note)
    rewrite_history()
    tamper("delete from skills_auditcheckpoint", table="skills_auditcheckpoint")

    assert checkpoint_faults([]) == []
    assert len(checkpoint_faults([kept])) == 1


def test_a_log_that_lost_its_end_is_found(db):
    some_events(3)
    kept = KeptCheckpoint.read(sign_checkpoint().note)

    assert checkpoint_faults([KeptCheckpoint(kept.size + 5, kept.root)]) == [
        f"checkpoint of {kept.size + 5} rows: the log has only {kept.size} sealed rows"
    ]


def test_what_is_no_checkpoint_is_refused():
    with pytest.raises(Refused, match="no checkpoint"):
        KeptCheckpoint.read("hello\n")


def rewrite_history() -> None:
    """What somebody does who can write to the database: change a row, then seal every row again."""
    tamper("update skills_event set target = 'nothing happened' where seq = 2")
    previous = ""
    for event in Event.objects.exclude(seq=None).order_by("seq"):
        seal = seal_of(event, event.seq, previous)
        tamper(f"update skills_event set previous = '{previous}', seal = '{seal}' where id = {event.pk}")
        previous = seal
