"""What systems and tools leave beside a skill: by its name alone, with the reason why it stays out."""

from dataclasses import dataclass
from functools import lru_cache

_MACOS = "macOS makes such files by itself"
_WINDOWS = "Windows makes such files by itself"
_EDITOR = "programs make such files while a document is open"
_HISTORY = "it is the history of the work, not the skill"
_PACKAGES = "a package manager installs it again"
_PYTHON = "Python makes such files by itself"
_HIDDEN = "hidden files configure tools, not skills"

# Parts of a path in lower case, because Windows writes `Thumbs.db` and `thumbs.db`.
_NAMES = {
    **dict.fromkeys(["__macosx", ".ds_store", "icon\r", ".appledouble", ".lsoverride"], _MACOS),
    **dict.fromkeys([".spotlight-v100", ".trashes", ".fseventsd"], _MACOS),
    **dict.fromkeys(["thumbs.db", "ehthumbs.db", "desktop.ini"], _WINDOWS),
    **dict.fromkeys(["$recycle.bin", "system volume information"], _WINDOWS),
    **dict.fromkeys([".git", ".hg", ".svn"], _HISTORY),
    **dict.fromkeys(["node_modules", ".venv"], _PACKAGES),
    "__pycache__": _PYTHON,
}
# AppleDouble: what a file of macOS has beside its bytes. The others are of Office and LibreOffice.
_BEGINNINGS = {"._": _MACOS, "~$": _EDITOR, ".~lock.": _EDITOR}
_ENDS = {"~": _EDITOR, ".swp": _EDITOR, ".swo": _EDITOR, ".pyc": _PYTHON, ".pyo": _PYTHON}


@dataclass(frozen=True)
class Leftover:
    """The part of a path that stays out, with a slash at its end where it is a folder; and why."""

    place: str
    reason: str


def leftover(path: str) -> Leftover | None:
    """What of PATH (within a skill) stays out of the bundle, or None where it belongs to it."""
    return _first(path, has_hidden=True)


def is_trace(path: str) -> bool:
    """Whether no skill can lie there: unlike in `.claude/skills/`, which a hidden folder may hold."""
    return _first(path, has_hidden=False) is not None


def _first(path: str, *, has_hidden: bool) -> Leftover | None:
    parts = path.split("/")
    for depth, part in enumerate(parts, 1):
        if reason := _reason(part, has_hidden=has_hidden):
            place = "/".join(parts[:depth])
            return Leftover(place if depth == len(parts) else f"{place}/", reason)
    return None


@lru_cache(maxsize=10_000)  # the files of a tree lie in few folders
def _reason(part: str, *, has_hidden: bool) -> str:
    lowered = part.lower()
    if reason := _NAMES.get(lowered):
        return reason
    for beginning, reason in _BEGINNINGS.items():
        if lowered.startswith(beginning):
            return reason
    for end, reason in _ENDS.items():
        if lowered.endswith(end):
            return reason
    # The two that lead elsewhere are faults of a path, and are told as such.
    return _HIDDEN if has_hidden and part.startswith(".") and part not in {".", ".."} else ""
