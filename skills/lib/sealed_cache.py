"""What stands in the cache is unreadable without SECRET_KEY: keys are keyed hashes, values are encrypted.

Valkey writes what it holds to its files, and an external one may be read by more people than we are. That
values are authenticated also means that nobody who can write there has us unpickle bytes of theirs.
"""

from base64 import urlsafe_b64encode
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache.backends.redis import RedisSerializer
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


def hashed_key(key: str, key_prefix: str, version: int) -> str:
    """KEY_FUNCTION of the cache: a name of an entry may itself be a secret, as a device code is."""
    digest = salted_hmac("skillhub cache key", key, secret=settings.SECRET_KEY, algorithm="sha256")
    return f"{key_prefix}:{version}:{digest.hexdigest()}"


def seal(plain: bytes) -> bytes:
    return _cipher(settings.SECRET_KEY).encrypt(plain)


def unseal(sealed: bytes) -> bytes | None:
    """What was sealed; None where it was not we who sealed it, or under another SECRET_KEY."""
    from cryptography.fernet import InvalidToken

    try:
        return _cipher(settings.SECRET_KEY).decrypt(sealed)
    except InvalidToken:
        return None


class Sealer:
    """The serializer of the cache. Whole numbers stay readable, because Valkey itself counts them up."""

    def __init__(self) -> None:
        self._plain = RedisSerializer()

    def dumps(self, obj: object) -> bytes | int:
        plain: bytes | int = self._plain.dumps(obj)
        return plain if isinstance(plain, int) else seal(plain)

    def loads(self, data: bytes) -> object:
        """The value; None, as where there is no entry, for what is not ours."""
        if data.removeprefix(b"-").isdigit():
            return int(data)
        plain = unseal(data)
        value: object = None if plain is None else self._plain.loads(plain)
        return value


@cache
def _cipher(secret_key: str) -> "Fernet":
    from cryptography.fernet import Fernet

    derived = salted_hmac("skillhub cache value", "key", secret=secret_key, algorithm="sha256").digest()
    return Fernet(urlsafe_b64encode(derived))
