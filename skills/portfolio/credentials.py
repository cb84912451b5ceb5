"""How each client is handed a provider's key. The key itself is one text, kept encrypted."""

import json
from collections.abc import Callable
from typing import Any

Credentials = Callable[[str], dict[str, Any]]  # the key, "" for none → arguments of the client

_AWS_PARTS = (2, 3)  # id and secret, and the token of a temporary pair
_GOOGLE_SCOPE = "https://www.googleapis.com/auth/cloud-platform"


class BadKey(ValueError):
    """A key that no client can be given; says why."""


def api_key(secret: str) -> dict[str, Any]:
    # OpenAI's client refuses to be made without a key, though a local server needs none.
    return {"api_key": secret or "none"}


def aws_keys(secret: str) -> dict[str, Any]:
    """ID:SECRET or ID:SECRET:TOKEN; without one the worker's own credentials are taken."""
    if not secret:
        return {}
    parts = secret.split(":")
    if len(parts) not in _AWS_PARTS or not all(parts):
        raise BadKey("A key of AWS is written ACCESS KEY ID:SECRET ACCESS KEY.")
    names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    return dict(zip(names, parts, strict=False))


def service_account(secret: str) -> dict[str, Any]:
    """The JSON of a Google service account; without one the worker's own credentials are taken."""
    if not secret:
        return {}
    from google.oauth2.service_account import Credentials as ServiceAccount

    try:
        facts = json.loads(secret)
        make: Callable[..., object] = ServiceAccount.from_service_account_info
        account = make(facts, scopes=[_GOOGLE_SCOPE])
    except (ValueError, TypeError, AttributeError) as error:
        raise BadKey(f"This is not the JSON of a Google service account: {error}") from error
    return {"credentials": account}
