"""The documents of which only the newest counts: the list of keys and the snapshots, each with its number."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction

from skills.lib.clock import now
from skills.lib.json_values import JsonObject
from skills.signing.envelopes import as_payload, seal_envelope
from skills.signing.models import SignedDocument

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

_PUBLISHING = 7_265_304  # advisory lock: one writer of numbers at a time


def next_number(before: SignedDocument | None) -> int:
    """Greater than the last one, also where a restored backup has forgotten it: seconds since 1970."""
    return max(int(now().timestamp()), before.number + 1 if before else 0)


def lock() -> None:
    """Until the transaction ends, nobody else publishes or withdraws a document."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_PUBLISHING])


@transaction.atomic
def publish(
    name: str,
    body: JsonObject,
    *,
    payload_type: str,
    signers: Iterable["Signer"],
    expires_at: datetime | None = None,
) -> SignedDocument:
    """Sign BODY with its number and times as the document NAME, in place of the one before."""
    lock()
    document = SignedDocument.objects.filter(name=name).first() or SignedDocument(name=name, number=0)
    document.number = next_number(document)
    document.signed_at, document.expires_at = now(), expires_at
    times: JsonObject = {"number": document.number, "issuedAt": document.signed_at.isoformat()}
    if expires_at is not None:
        times["expires"] = expires_at.isoformat()
    document.payload = as_payload(_with_facts(body, times))
    document.envelope = seal_envelope(document.payload, payload_type, signers)
    document.save()
    return document


def payload_digest(document: SignedDocument) -> str:
    return hashlib.sha256(document.payload.encode()).hexdigest()


def says(document: SignedDocument, body: JsonObject) -> bool:
    """Whether DOCUMENT is BODY but for its number and times."""
    said = json.loads(document.payload)
    return bool(said == _with_facts(body, _facts_of(said)))


def _facts_of(said: JsonObject) -> JsonObject:
    place = said.get("predicate", said)
    assert isinstance(place, dict)
    return {name: place[name] for name in ("number", "issuedAt", "expires") if name in place}


def _with_facts(body: JsonObject, facts: JsonObject) -> JsonObject:
    """FACTS in the predicate of an in-toto Statement, and at the top of anything else."""
    predicate = body.get("predicate")
    if isinstance(predicate, dict):
        return body | {"predicate": predicate | facts}
    return body | facts
