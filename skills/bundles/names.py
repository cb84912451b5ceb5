"""Names for the catalogue, made of what authors wrote and of where a skill lies."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Final

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
NAME_LENGTH: Final = 64  # characters, as the specification has them
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATORS = re.compile(r"[^a-z0-9]+")
# Folders that say what lies in them, not whose it is.
_GENERIC = frozenset(
    [
        *("agents", "claude", "codex", "commands", "external-plugins", "extensions", "lib", "main"),
        *("packages", "plugins", "skill", "skills", "src"),
    ]
)


def catalogue_name(text: str) -> str:
    """TEXT, in whatever script, as a valid name; "" where nothing of it can be read aloud."""
    words = _SEPARATORS.sub("-", _in_ascii(text).lower()).strip("-")
    return words[:NAME_LENGTH].strip("-")


def _in_ascii(text: str) -> str:
    """TEXT in Latin letters; the syllables of scripts without spaces become words."""
    if text.isascii():
        return text
    from anyascii import anyascii

    # It writes each syllable with a capital, and an emoji as :its_name:.
    return "".join(
        part if part.isascii() else f"{_WORD_START.sub('-', anyascii(part))}"
        for part in re.split(r"([^\x00-\x7f]+)", text)
    )


def names_from_path(name: str, path: str, source_name: str) -> Iterator[str]:
    """Other names for what is called NAME and lies at PATH, the nearest first.

    Its parents come first (ops-weekly-report), then SOURCE_NAME, its own folder, and a number.
    """
    *parents, folder = [catalogue_name(part) for part in path.split("/")]
    longer = name
    for parent in reversed(parents):
        if parent and parent not in _GENERIC and parent not in longer.split("-"):
            longer = _joined(parent, longer)
            yield longer
    source = catalogue_name(source_name)
    if source and source not in _GENERIC:
        yield _joined(source, name)
    if folder and folder != name and folder not in _GENERIC:
        yield folder
    for number in count(2):
        yield f"{name[: NAME_LENGTH - len(str(number)) - 1].rstrip('-')}-{number}"


def _joined(prefix: str, name: str) -> str:
    return f"{prefix}-{name}"[:NAME_LENGTH].strip("-")
