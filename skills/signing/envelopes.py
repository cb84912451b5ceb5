"""DSSE envelopes by securesystemslib: made with every key that signs, verified with the keys we know.

The library is imported where it is used: it looks for the libraries of every KMS, which takes a second.
"""

import json
from collections.abc import Iterable
from copy import deepcopy
from typing import TYPE_CHECKING

from skills.lib.json_values import JsonObject

if TYPE_CHECKING:
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import Key, Signer

STATEMENT_TYPE = "application/vnd.in-toto+json"
KEYS_TYPE = "application/vnd.skillhub.keys.v1+json"


def as_payload(value: JsonObject) -> str:
    """VALUE as JSON in one form: the same facts are always the same bytes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def seal_envelope(payload: str, payload_type: str, signers: Iterable["Signer"]) -> JsonObject:
    """PAYLOAD under the signature of every one of SIGNERS."""
    from securesystemslib.dsse import Envelope

    envelope = Envelope(payload.encode(), payload_type, {})
    for signer in signers:
        envelope.sign(signer)
    sealed: JsonObject = envelope.to_dict()
    return sealed


def signed_by(envelope: JsonObject, keys: Iterable["Key"]) -> str:
    """The id of one of KEYS that signed ENVELOPE; "" where none did."""
    from securesystemslib.exceptions import VerificationError

    opened = _opened(envelope)
    known = list(keys)
    if not known:
        return ""
    try:
        return next(iter(opened.verify(known, 1)))
    except VerificationError:
        return ""


def payload_of(envelope: JsonObject) -> str:
    return _opened(envelope).payload.decode()


def _opened(envelope: JsonObject) -> "Envelope":
    from securesystemslib.dsse import Envelope

    # The library rewrites the signatures of the dict that it is given.
    return Envelope.from_dict(deepcopy(envelope))
