"""Encrypts providers' keys at rest with a key derived from SECRET_KEY; read by the engine's worker only."""

from base64 import urlsafe_b64encode
from functools import cache
from hashlib import scrypt

from django.conf import settings


@cache
def _box(key: str) -> "Fernet":  # type: ignore[name-defined] # noqa: F821
    from cryptography.fernet import Fernet

    derived = scrypt(key.encode(), salt=b"skillhub provider keys", n=2**14, r=8, p=1, dklen=32)
    return Fernet(urlsafe_b64encode(derived))


def seal(text: str) -> bytes:
    return bytes(_box(settings.SECRET_KEY).encrypt(text.encode()))


def unseal(data: bytes | memoryview | None) -> str:
    """The key, "" where there is none; raises ValueError when SECRET_KEY was changed."""
    from cryptography.fernet import InvalidToken

    if not data:
        return ""
    try:
        return str(_box(settings.SECRET_KEY).decrypt(bytes(data)).decode())
    except InvalidToken:
        raise ValueError("The key was encrypted under another SECRET_KEY; enter it again.") from None
