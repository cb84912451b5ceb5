"""The key that signs sessions and encrypts the keys of providers."""

import os
import secrets
from pathlib import Path

from skillhub import env


def secret_key(data: Path) -> str:
    """SECRET_KEY, or one made on the first start and kept in the folder DATA."""
    if key := env.text("SECRET_KEY"):
        return key
    path = data / "secret_key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        # Readable by us alone from its first byte on, and under its name only when it is whole: two
        # processes that start together must not read half a key.
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64), encoding="utf-8")
        draft.rename(path)
    return path.read_text(encoding="utf-8").strip()
