"""Encrypts providers' keys at rest with a key derived from SECRET_KEY; only the worker decrypts them."""

from base64 import urlsafe_b64encode
from functools import cache
from hashlib import scrypt
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

_SALT = b"skillhub provider keys"  # changed, no key that is stored can be read again


@cache
def _cipher(secret_key: str) -> "Fernet":
    """Derived once a process: scrypt is slow by design, so that guessing SECRET_KEY is."""
    from cryptography.fernet import Fernet

    derived = scrypt(secret_key.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=32)
    return Fernet(urlsafe_b64encode(derived))


def encrypt_key(text: str) -> bytes:
    return _cipher(settings.SECRET_KEY).encrypt(text.encode())


def decrypt_key(data: bytes | memoryview | None) -> str:
    """The key, "" where there is none; raises ValueError when SECRET_KEY was changed."""
    from cryptography.fernet import InvalidToken

    if not data:
        return ""
    try:
        return _cipher(settings.SECRET_KEY).decrypt(bytes(data)).decode()
    except InvalidToken:
        raise ValueError("The key was encrypted under another SECRET_KEY; enter it again.") from None
