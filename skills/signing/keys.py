"""The life of the hub's keys: made, used two at a time, retired, revoked; and the list that others read.

At most two keys of Ed25519 sign at once, and everything carries a signature of each: who has pinned the older
one still verifies what is signed while the newer one gets known. The list of keys is signed by them too, so
that a pinned key vouches for the next.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction

from skills.audit.record import Named, record
from skills.lib.clock import now
from skills.lib.errors import Missing, refuse
from skills.lib.json_values import JsonObject
from skills.signing import documents
from skills.signing.envelopes import KEYS_TYPE
from skills.signing.kms import NoSignature
from skills.signing.model_signature import hint
from skills.signing.models import Algorithm, KeyState, ReleaseStatement, SignedDocument, SigningKey
from skills.signing.notes import verifier_key
from skills.signing.signers import delete_private_key, key_id, make_private_key, public_key, signer_of

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

KEYS_DOCUMENT = "keys"
_AT_ONCE = 2  # keys of one algorithm that sign
_CHANGING = 7_265_303  # advisory lock: one change of the keys at a time
_RENEWAL = timedelta(days=30)  # before the newest key expires, a new one is made


def signing_keys(algorithm: Algorithm = Algorithm.ED25519) -> list[SigningKey]:
    """The keys of ALGORITHM that sign now, the newest first."""
    rows = SigningKey.objects.filter(
        algorithm=algorithm, retired_at=None, revoked_at=None, expires_at__gt=now()
    )
    return list(rows.order_by("-pk")[:_AT_ONCE])


def signers() -> list["Signer"]:
    """One for each key that signs; keys are made where there are none."""
    ensure_keys()
    return [signer_of(key) for key in signing_keys()]


def trusted_keys() -> list[SigningKey]:
    """Every key whose signatures still count, also those that sign no more."""
    return list(SigningKey.objects.filter(revoked_at=None).order_by("pk"))


def ensure_keys() -> None:
    """Make the first keys, and the next ones before the present ones expire."""
    newest = {algorithm: next(iter(signing_keys(algorithm)), None) for algorithm in Algorithm}
    if all(key and key.expires_at > now() + _RENEWAL for key in newest.values()):
        return
    # A KMS makes no key by itself: its next one is named by who runs it, with `signing_keys rotate`.
    if settings.SIGNING_COMMAND and all(newest.values()):
        return
    rotate(only_if=newest)


@transaction.atomic
def rotate(
    *, by: Named | None = None, only_if: dict[Algorithm, SigningKey | None] | None = None
) -> list[SigningKey]:
    """Make a key of each algorithm, which signs from now on beside the one before it.

    ONLY_IF names the newest keys as the caller saw them: of two workers that miss a key one makes it.
    """
    _lock()
    newest = {algorithm: next(iter(signing_keys(algorithm)), None) for algorithm in Algorithm}
    if only_if is not None and newest != only_if:
        return []
    made = [_new_key(algorithm, by) for algorithm in Algorithm]
    for algorithm in Algorithm:
        still = SigningKey.objects.filter(algorithm=algorithm, retired_at=None, revoked_at=None)
        for place, key in enumerate(still.order_by("-pk")):
            if place >= _AT_ONCE or not _can_sign(key):
                _retire(key, by)
    publish_keys()
    return made


@transaction.atomic
def retire(*, keyid: str, by: Named | None = None) -> SigningKey:
    """End the use of a key whose successor is known everywhere; what it signed stays good."""
    _lock()
    key = _find(keyid)
    if key.state != KeyState.VALID:
        raise refuse("wrong_state", f"{key} does not sign: {key.state.label.lower()}.")
    if signing_keys(Algorithm(key.algorithm)) == [key]:
        raise refuse("wrong_state", f"{key} is the only one that signs.", "Rotate first.")
    _retire(key, by)
    publish_keys()
    return key


@transaction.atomic
def revoke(*, keyid: str, reason: str, by: Named | None = None) -> SigningKey:
    """Take back the trust in a key that others may have; releases are then signed again."""
    _lock()
    key = _find(keyid)
    if key.state == KeyState.REVOKED:
        raise refuse("wrong_state", f"{key} is revoked already.")
    if not reason.strip():
        raise refuse("reason_missing", "A reason is required.", "Readers of the list of keys will see it.")
    key.revoked_at, key.revocation = now(), reason.strip()[:500]
    key.save(update_fields=["revoked_at", "revocation"])
    record("signing_key.revoke", by=by, target=key, keyid=key.keyid, reason=key.revocation)
    transaction.on_commit(lambda: delete_private_key(key.keyid))
    _unsign(key)
    for algorithm in Algorithm:
        if not signing_keys(algorithm):
            _new_key(algorithm, by)
    publish_keys()
    return key


def published_keys() -> SignedDocument:
    """The list of keys; raises Missing before the worker has made the first."""
    document = SignedDocument.objects.filter(name=KEYS_DOCUMENT).first()
    if document is None:
        raise refuse(
            "not_signed", "There are no keys yet.", "The worker makes them within a minute.", kind=Missing
        )
    return document


def publish_keys() -> None:
    """Sign the list of keys anew, after each change of them."""
    rows = SigningKey.objects.order_by("pk")
    body: JsonObject = {"hub": settings.PUBLIC_URL, "keys": [_entry(key) for key in rows]}
    sealers = [signer_of(key) for key in signing_keys()]
    documents.publish(KEYS_DOCUMENT, body, payload_type=KEYS_TYPE, signers=sealers)


def _entry(key: SigningKey) -> JsonObject:
    """A key in the JSON of securesystemslib (and TUF), with what we know of it beside."""
    entry: JsonObject = {
        "keyid": key.keyid,
        **public_key(key).to_dict(),
        "validFrom": key.created_at.isoformat(),
        "expires": key.expires_at.isoformat(),
        "state": str(key.state.value) if key.state != KeyState.EXPIRED else KeyState.VALID.value,
    }
    if key.revocation:
        entry["revocation"] = key.revocation
    if key.algorithm == Algorithm.ED25519:
        entry["noteKey"] = verifier_key(key)
    return entry


def _can_sign(key: SigningKey) -> bool:
    """False where the private half is lost: the keys that are left sign without it."""
    try:
        signer_of(key)
    except NoSignature:
        return False
    return True


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_CHANGING])


def _find(keyid: str) -> SigningKey:
    """By its id or the beginning of it."""
    found = list(SigningKey.objects.filter(keyid__startswith=keyid)[:2]) if keyid else []
    if len(found) != 1:
        raise refuse("bad_key", f"{len(found) or 'No'} keys begin with {keyid[:64]!r}.", "List them.")
    return found[0]


def _new_key(algorithm: Algorithm, by: Named | None) -> SigningKey:
    public_pem = make_private_key(algorithm)
    key = SigningKey(
        algorithm=algorithm,
        public_pem=public_pem,
        expires_at=now() + timedelta(days=settings.SIGNING_KEY_DAYS),
    )
    key.keyid = key_id(public_pem)
    if SigningKey.objects.filter(keyid=key.keyid).exists():
        raise refuse("bad_key", f"{key} is known already.", "Make the KMS name a new key first.")
    key.save()
    record("signing_key.make", by=by, target=key, keyid=key.keyid, expires=key.expires_at.isoformat())
    return key


def _retire(key: SigningKey, by: Named | None) -> None:
    key.retired_at = now()
    key.save(update_fields=["retired_at"])
    record("signing_key.retire", by=by, target=key, keyid=key.keyid)
    # After the commit: a rollback must not leave a key that signs without its private half.
    transaction.on_commit(lambda: delete_private_key(key.keyid))


def _unsign(key: SigningKey) -> None:
    """Take away every signature that rests on a revoked key; the worker signs again."""
    if key.algorithm == Algorithm.ECDSA:
        rested = ReleaseStatement.objects.filter(
            model_signature__verificationMaterial__publicKey__hint=hint(key.public_pem)
        )
    else:
        rested = ReleaseStatement.objects.filter(envelope__signatures__contains=[{"keyid": key.keyid}])
    rested.update(envelope=None, model_signature=None, signed_at=None)
