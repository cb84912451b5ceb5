"""Encrypts the tokens and webhook secrets of sources at rest, with a key derived from SECRET_KEY."""

import secrets

from django.conf import settings

from skills.lib.ciphers import decrypt_text, encrypt_text

_SALT = b"skillhub sources"


def encrypt_credential(text: str) -> bytes:
    return encrypt_text(settings.SECRET_KEY, _SALT, text)


def decrypt_credential(data: bytes | memoryview | None) -> str:
    """The text, "" where there is none; raises ValueError when SECRET_KEY was changed."""
    return decrypt_text(settings.SECRET_KEY, _SALT, data)


def new_webhook_secret() -> str:
    return secrets.token_urlsafe(32)
