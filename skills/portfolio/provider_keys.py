"""Encrypts providers' keys at rest with a key derived from SECRET_KEY; only the worker decrypts them."""

from django.conf import settings

from skills.lib.ciphers import decrypt_text, encrypt_text

_SALT = b"skillhub provider keys"


def encrypt_key(text: str) -> bytes:
    return encrypt_text(settings.SECRET_KEY, _SALT, text)


def decrypt_key(data: bytes | memoryview | None) -> str:
    """The key, "" where there is none; raises ValueError when SECRET_KEY was changed."""
    return decrypt_text(settings.SECRET_KEY, _SALT, data)
