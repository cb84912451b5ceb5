"""Encrypts providers' keys at rest with a key derived from SECRET_KEY; only the worker decrypts them."""

from django.conf import settings

from skills.lib.ciphers import cipher

_SALT = b"skillhub provider keys"


def encrypt_key(text: str) -> bytes:
    return cipher(settings.SECRET_KEY, _SALT).encrypt(text.encode())


def decrypt_key(data: bytes | memoryview | None) -> str:
    """The key, "" where there is none; raises ValueError when SECRET_KEY was changed."""
    from cryptography.fernet import InvalidToken

    if not data:
        return ""
    try:
        return cipher(settings.SECRET_KEY, _SALT).decrypt(bytes(data)).decode()
    except InvalidToken:
        raise ValueError("The key was encrypted under another SECRET_KEY; enter it again.") from None
