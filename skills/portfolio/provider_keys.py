"""Encrypts providers' keys at rest with a key derived from SECRET_KEY; pages never decrypt them."""

import os
from typing import TYPE_CHECKING

from django.conf import settings

from skills.lib.ciphers import decrypt_text, encrypt_text
from skills.portfolio.credentials import BadKey
from skills.portfolio.kinds import KINDS

if TYPE_CHECKING:
    from skills.portfolio.models import Provider

_SALT = b"skillhub provider keys"


def encrypt_key(text: str) -> bytes:
    return encrypt_text(settings.SECRET_KEY, _SALT, text)


def decrypt_key(data: bytes | memoryview | None) -> str:
    """The key, "" where there is none; raises ValueError when SECRET_KEY was changed."""
    return decrypt_text(settings.SECRET_KEY, _SALT, data)


def key_of(provider: "Provider") -> str:
    """The key that is kept, else the one of the worker's environment, else ""; raises BadKey."""
    try:
        kept = decrypt_key(provider.secret)
    except ValueError:
        raise BadKey("The key that is kept cannot be read: SECRET_KEY has changed.") from None
    variable = KINDS[provider.kind].key_variable
    return kept or (os.environ.get(variable, "") if variable else "")
