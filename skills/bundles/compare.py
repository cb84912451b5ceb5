"""What changed between two bundles: files by path and sha256, front matter by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from skills.bundles.manifest import Manifest

_SHOWN = frozenset({"name", "description", "license"})  # by the catalogue, which may say them otherwise
_NAMED_PATHS = 6  # of one kind in a summary


class PathChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class PathChange:
    """What became of one file."""

    path: str
    kind: PathChangeKind


def compare(old: Mapping[str, str], new: Mapping[str, str]) -> list[PathChange]:
    """OLD and NEW map paths to sha256; SKILL.md first, then by path."""
    paths = sorted({*old, *new}, key=lambda path: (path != "SKILL.md", path))
    return [PathChange(path, _kind(old.get(path), new.get(path))) for path in paths]


def _kind(old: str | None, new: str | None) -> PathChangeKind:
    if old is None:
        return PathChangeKind.ADDED
    if new is None:
        return PathChangeKind.REMOVED
    return PathChangeKind.SAME if old == new else PathChangeKind.CHANGED


@dataclass(frozen=True)
class FieldChange:
    """One field of the front matter; "" where it was or is absent."""

    field: str
    before: str
    after: str


def compare_front_matter(old: Manifest, new: Manifest) -> list[FieldChange]:
    """What differs between two manifests, field by field, in the order of the specification."""
    before, after = _fields(old), _fields(new)
    return [
        FieldChange(name, before.get(name, ""), after.get(name, ""))
        for name in dict.fromkeys([*before, *after])
        if before.get(name, "") != after.get(name, "")
    ]


def _fields(manifest: Manifest) -> dict[str, str]:
    """What the catalogue shows, and every other field by its path in the front matter."""
    return {
        "name": manifest.name,
        "description": manifest.description,
        "license": manifest.license,
        **{row.path: row.value for row in manifest.rows if row.path not in _SHOWN},
    }


def summary(changes: list[PathChange], fields: list[FieldChange]) -> str:
    """A first draft of a changelog: what was added, changed and removed, one line a kind; "" if nothing."""
    lines = []
    if fields:
        lines.append(f"Front matter: {', '.join(change.field for change in fields)}.")
    for kind in (PathChangeKind.ADDED, PathChangeKind.CHANGED, PathChangeKind.REMOVED):
        paths = [change.path for change in changes if change.kind == kind]
        if paths:
            more = f" and {len(paths) - _NAMED_PATHS} more" if len(paths) > _NAMED_PATHS else ""
            lines.append(f"{kind.capitalize()}: {', '.join(paths[:_NAMED_PATHS])}{more}.")
    return "\n".join(lines)
