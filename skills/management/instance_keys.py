"""The keys of an instance that lie beside its data: what a backup holds when asked, and whether they fit."""

from collections.abc import Iterator
from hashlib import scrypt
from pathlib import Path

from django.conf import settings

from skillhub import env
from skills.portfolio.models import Provider
from skills.portfolio.provider_keys import decrypt_key

_SALT = b"skillhub backup fingerprint"


def fingerprint(secret_key: str) -> str:
    """16 hex digits that tell one key from another; slow, so that nobody guesses a short key by it."""
    return scrypt(secret_key.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=8).hex()


def is_in_environment() -> bool:
    """Whether the operator hands SECRET_KEY over, so that no file of ours holds it."""
    return bool(env.text("SECRET_KEY"))


def secret_key_file() -> Path:
    return settings.DATA_DIR / "secret_key"


def key_files() -> Iterator[tuple[str, bytes]]:
    """Each key by the name it has in a backup."""
    yield "secret_key", settings.SECRET_KEY.encode()
    folder = settings.SIGNING_KEYS_DIR
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if path.is_file():
            yield f"signing/{path.relative_to(folder).as_posix()}", path.read_bytes()


def put_back(name: str, data: bytes) -> str:
    """Write the key NAME of a backup where it belongs; returns what to tell the operator."""
    if name == "secret_key":
        if is_in_environment():
            return "SECRET_KEY comes from the environment: the one in the backup was left out."
        path = secret_key_file()
    else:
        folder = settings.SIGNING_KEYS_DIR
        path = folder / name.removeprefix("signing/")
        if not path.resolve().is_relative_to(folder.resolve()):
            return f"{name[:80]!r} is no key of ours and was left out."
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.read_bytes() != data:
        path.rename(path.with_name(f"{path.name}.replaced"))
    draft = path.with_name(f".{path.name}.draft")
    draft.touch(mode=0o600)
    draft.write_bytes(data)
    draft.rename(path)
    return f"Put {name} back."


def unreadable_providers() -> list[str]:
    """The providers whose keys were encrypted under another SECRET_KEY than this process has."""
    names = []
    for provider in Provider.objects.order_by("name"):
        try:
            decrypt_key(provider.secret)
        except ValueError:
            names.append(provider.name)
    return names
