"""Typed readers for environment variables. Every variable is listed in docs/configuration.md."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


class EnvironmentProblem(SystemExit):
    """A variable has a value that cannot be used; the message says which and what would do."""


def text(name: str, default: str = "") -> str:
    """The value of NAME, or the content of the file NAME_FILE points to (for mounted secrets)."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    value = text(name, "1" if default else "0").strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise EnvironmentProblem(f"{name} is {value!r}; use 1 or 0.")


def number(name: str, default: int, *, least: int = 0) -> int:
    value = text(name, str(default))
    # Not `int()` alone, which also takes spaces and underscores.
    if not value.lstrip("-").isdigit() or int(value) < least:
        raise EnvironmentProblem(f"{name} is {value!r}; use a whole number of at least {least}.")
    return int(value)


def listing(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def data_dir() -> Path:
    """Where the embedded services and local blobs keep their data."""
    return Path(text("DATA_DIR", str(BASE_DIR / ".data"))).resolve()


def keep_files_private() -> None:
    """What this process and its children write from now on is for their own user alone."""
    os.umask(0o077)
