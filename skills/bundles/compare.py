"""What changed between the files of two bundles, by path and sha256."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """One file; `kind` is added, removed, changed or same."""

    path: str
    kind: str


def compare(old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    """OLD and NEW map paths to sha256; SKILL.md first, then by path."""
    changes = []
    for path in sorted({*old, *new}, key=lambda path: (path != "SKILL.md", path)):
        if path not in old:
            kind = "added"
        elif path not in new:
            kind = "removed"
        else:
            kind = "same" if old[path] == new[path] else "changed"
        changes.append(Change(path, kind))
    return changes
