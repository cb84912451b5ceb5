"""The public keys of issuers, fetched by discovery and kept in memory for a while.

Only issuers that an admin wrote down are asked (`exchange.py`), at public addresses or hosts that the
operator names, without following redirects.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from skills.lib import outgoing
from skills.lib.errors import Refused, Unauthenticated, Unavailable, refuse
from skills.lib.json_values import Json

if TYPE_CHECKING:
    from jwt import PyJWK

ALGORITHMS = ("RS256", "ES256")
FRESH = 3600  # seconds until keys are fetched again
PATIENCE = 30  # seconds between two tries, for a key that is not there or an issuer that is away
MOST_ISSUERS, MOST_KEYS = 200, 50
_RSA_BITS = 2048


@dataclass(frozen=True)
class _Keys:
    """What an issuer answered, and when; `problem` where it did not."""

    keys: tuple["PyJWK", ...]
    at: float
    problem: str = ""


_kept: OrderedDict[str, _Keys] = OrderedDict()
_lock = Lock()


def signing_key(issuer: str, kid: str, algorithm: str) -> "PyJWK":
    """The key called KID of ISSUER for ALGORITHM; raises Unavailable where the issuer cannot be asked."""
    known = _keys_of(issuer, FRESH)
    key = _among(known, kid, algorithm)
    if key is None:
        # Issuers change their keys; whoever sends unknown names must not make us ask for each.
        key = _among(_keys_of(issuer, PATIENCE), kid, algorithm)
    if key is None:
        text = f"{issuer} has no key {kid[:80]!r} for {algorithm}."
        raise refuse("bad_id_token", text, "Ask the CI provider for a new token.", kind=Unauthenticated)
    return key


def _among(known: _Keys, kid: str, algorithm: str) -> "PyJWK | None":
    fitting = [key for key in known.keys if key.algorithm_name == algorithm]
    if not kid:
        return fitting[0] if len(fitting) == 1 else None
    return next((key for key in fitting if key.key_id == kid), None)


def _keys_of(issuer: str, most_seconds: int) -> _Keys:
    with _lock:
        known = _kept.get(issuer)
    age = time.monotonic() - known.at if known else float("inf")
    if known is None or age > (PATIENCE if known.problem else most_seconds):
        known = _fetched(issuer)
        with _lock:
            _kept[issuer] = known
            _kept.move_to_end(issuer)
            if len(_kept) > MOST_ISSUERS:
                _kept.popitem(last=False)
    if known.problem:
        raise refuse("issuer_away", known.problem, "Try again; or ask an admin.", kind=Unavailable)
    return known


def _fetched(issuer: str) -> _Keys:
    try:
        keys = _keys_in(outgoing.get_json(_address_of_keys(issuer)))
        return _Keys(keys, time.monotonic())
    except Refused as refused:
        problem = str(refused)
    except (OSError, ValueError, outgoing.NotAllowed) as error:
        problem = f"The keys of {issuer} cannot be read: {error}"
    return _Keys((), time.monotonic(), problem)


def _address_of_keys(issuer: str) -> str:
    about = outgoing.get_json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    # By OpenID Connect Discovery 1.0, 4.3: else one issuer could speak for another.
    if not isinstance(about, dict) or about.get("issuer") != issuer:
        raise ValueError("what it says of itself names another issuer.")
    address = str(about.get("jwks_uri"))
    check_transport(address)
    return address


def check_transport(address: str) -> None:
    """Raises NotAllowed for http, but at hosts that the operator names: keys over http are anybody's."""
    target = outgoing.parse_url(address)
    if target.scheme != "https" and not outgoing.is_named_by_operator(target):
        raise outgoing.NotAllowed("An issuer and its keys are at https:// addresses.")


def _keys_in(document: Json) -> tuple["PyJWK", ...]:
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise ValueError(f"the answer is no list of at most {MOST_KEYS} keys.")
    read = (_key(entry) for entry in listed if isinstance(entry, dict))
    return tuple(key for key in read if key is not None)


def _key(entry: dict[str, Json]) -> "PyJWK | None":
    """A public key that signs by ALGORITHMS; None for every other."""
    from jwt import PyJWK
    from jwt.exceptions import PyJWTError

    if entry.get("kty") not in ("RSA", "EC") or entry.get("use", "sig") != "sig":
        return None
    try:
        key = PyJWK(entry)
    except (PyJWTError, ValueError, TypeError):
        return None
    is_weak = key.key_type == "RSA" and key.key.key_size < _RSA_BITS
    return None if is_weak or key.algorithm_name not in ALGORITHMS else key
