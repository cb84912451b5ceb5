"""Which file names every system of every reader can hold."""

import re
import unicodedata
from collections.abc import Iterable

from skills.bundles.limits import BundleLimits
from skills.lib.errors import Problem
from skills.lib.invisible import invisible

_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?")
_DRIVE = re.compile(r"[A-Za-z]:/")
_FORBIDDEN = frozenset('<>:"|?*\\')
_SEGMENT = 120  # bytes
_PATH = 255  # bytes
_LONGEST = 1_000  # letters of a path in any tree: each is looked at for each of its folders
_RENAME = "Rename it: letters, digits, dots, hyphens and underscores are always safe."
_SHORTEN = "Give the file, or the folders that it lies in, shorter names."
_LIFT = "Move it some folders up."
_INSIDE = (
    "Make the archive from within the folder of the skill, for example: cd my-skill && zip -r ../skill.zip ."
)


def path_problem(path: str, limits: BundleLimits) -> Problem | None:
    """Why PATH cannot be in a bundle, or None."""
    if problem := unsafe_path_problem(path):
        return problem
    for reason, remedy in (
        (_shape_fault(path), _RENAME),
        (_length_fault(path), _SHORTEN),
        (_depth_fault(path, limits), _LIFT),
        (_segment_fault(path), _RENAME),
    ):
        if reason:
            return Problem("bad_path", f"The file name {path!r} {reason}.", remedy)
    return None


def unsafe_path_problem(path: str) -> Problem | None:
    """Why a tree with PATH in it is refused as a whole: it means to be written elsewhere, or nowhere."""
    if path.startswith("/") or _DRIVE.match(path):
        fault = "is absolute"
    elif ".." in path and ".." in path.split("/"):
        fault = "leads out of its folder with a '..' part"
    elif len(path) > _LONGEST:
        path, fault = f"{path[:80]}…", f"is longer than {_LONGEST:,} letters"
    else:
        return None
    return Problem("bad_path", f"The file name {path!r} {fault}.", _INSIDE)


def _shape_fault(path: str) -> str:
    if not path:
        return "is empty"
    if unicodedata.normalize("NFC", path) != path:
        return "is not in Unicode form NFC"
    return _letter_fault(path)


def _letter_fault(path: str) -> str:
    for character in path:
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            return f"contains the control character U+{ord(character):04X}"
        if character in _FORBIDDEN:
            return f"contains the forbidden character U+{ord(character):04X}"
    hidden = next(invisible(path), None)
    return "" if hidden is None else f"contains the invisible character U+{ord(path[hidden]):04X}"


def _length_fault(path: str) -> str:
    if len(path.encode()) > _PATH:
        return f"is longer than {_PATH} bytes"
    if any(len(segment.encode()) > _SEGMENT for segment in path.split("/")):
        return f"has a part longer than {_SEGMENT} bytes"
    return ""


def _depth_fault(path: str, limits: BundleLimits) -> str:
    return f"lies more than {limits.depth} folders deep" if path.count("/") > limits.depth else ""


def _segment_fault(path: str) -> str:
    for segment in path.split("/"):
        if segment in {"", "."}:
            return "has an empty or '.' part"
        if segment.startswith("."):
            return "has a part that starts with a dot (hidden files configure tools, not skills)"
        if segment != segment.strip() or segment.endswith("."):
            return "has a part that starts or ends with a space, or ends with a dot"
        if _RESERVED.fullmatch(segment):
            return f"uses the reserved name {segment!r}"
    return ""


def same_for_some(path: str) -> str:
    """A text that is equal for paths which are one on some file system."""
    return unicodedata.normalize("NFKC", path).casefold()


def folder_twins(paths: Iterable[str]) -> list[tuple[str, str]]:
    """Folders of PATHS that are one on some file system, each with the one that comes before it."""
    folders = {
        "/".join(parts[:depth])
        for parts in (path.split("/") for path in paths)
        for depth in range(1, len(parts))
    }
    first: dict[str, str] = {}
    twins = []
    for folder in sorted(folders):
        other = first.setdefault(same_for_some(folder), folder)
        # Of what lies in two such folders, the folders are enough.
        if other.rpartition("/")[2] != folder.rpartition("/")[2]:
            twins.append((folder, other))
    return twins


def collisions(paths: Iterable[str]) -> list[Problem]:
    """Names that fall together on some file system, and files that are also folders."""
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for path in sorted(paths):
        key = same_for_some(path)
        if key in seen:
            text = f"{path!r} and {seen[key]!r} are the same name on some systems."
            problems.append(Problem("path_collision", text, "Rename one of them.", file=path))
        seen.setdefault(key, path)
    for key, path in seen.items():
        parts = key.split("/")
        for depth in range(1, len(parts)):
            if "/".join(parts[:depth]) in seen:
                text = f"{path!r} lies in a folder that is also a file."
                problems.append(Problem("path_collision", text, "Rename one of them.", file=path))
                break
    return problems
