"""Encrypts what is kept for a while and read again by us alone, with keys derived from SECRET_KEY."""

from base64 import urlsafe_b64encode
from functools import cache
from hashlib import scrypt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


@cache
def cipher(secret_key: str, salt: bytes) -> "Fernet":
    """One cipher for each purpose, named by SALT; changed, nothing that it encrypted can be read again.

    Derived once a process: scrypt is slow by design, so that guessing SECRET_KEY is.
    """
    from cryptography.fernet import Fernet

    derived = scrypt(secret_key.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
    return Fernet(urlsafe_b64encode(derived))


def encrypt_text(secret_key: str, salt: bytes, text: str) -> bytes:
    return cipher(secret_key, salt).encrypt(text.encode())


def decrypt_text(secret_key: str, salt: bytes, data: bytes | memoryview | None) -> str:
    """The text, "" where there is none; raises ValueError when SECRET_KEY was changed."""
    from cryptography.fernet import InvalidToken

    if not data:
        return ""
    try:
        return cipher(secret_key, salt).decrypt(bytes(data)).decode()
    except InvalidToken:
        raise ValueError("It was encrypted under another SECRET_KEY; enter it again.") from None
