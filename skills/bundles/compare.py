"""What changed between two bundles: files by path and sha256, front matter by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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


@dataclass(frozen=True)
class FieldChange:
    """One field of the front matter; "" where it was or is absent."""

    field: str
    before: str
    after: str


def compare_front_matter(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FieldChange]:
    """What differs between two stored manifests, field by field, in the order of the specification."""
    before, after = _fields(old), _fields(new)
    return [
        FieldChange(name, before.get(name, ""), after.get(name, ""))
        for name in dict.fromkeys([*before, *after])
        if before.get(name, "") != after.get(name, "")
    ]


_NAMED = 6  # files of one kind that a summary names


def summary(changes: list[Change], fields: list[FieldChange]) -> str:
    """A first draft of a changelog: what was added, changed and removed, one line a kind; "" if nothing."""
    lines = []
    if fields:
        lines.append(f"Front matter: {', '.join(change.field for change in fields)}.")
    for kind in ("added", "changed", "removed"):
        paths = [change.path for change in changes if change.kind == kind]
        if paths:
            more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
            lines.append(f"{kind.capitalize()}: {', '.join(paths[:_NAMED])}{more}.")
    return "\n".join(lines)


def _fields(manifest: Mapping[str, Any]) -> dict[str, str]:
    fields = {
        name: str(manifest.get(name) or "") for name in ("name", "description", "license", "compatibility")
    }
    fields["allowed-tools"] = " ".join(manifest.get("allowed_tools") or ())
    fields |= {f"metadata.{key}": str(value) for key, value in (manifest.get("metadata") or {}).items()}
    return fields | {key: str(value) for key, value in (manifest.get("other") or {}).items()}
