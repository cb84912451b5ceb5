"""What changed in the files of two bundles, line by line, as a limited child compares them."""

from collections.abc import Mapping
from dataclasses import dataclass

from skills.bundles.binary import dump
from skills.bundles.compare import PathChange
from skills.bundles.magic import decode
from skills.bundles.text_places import is_program
from skills.lib.diff import Line, counts, diff_lines
from skills.lib.progress import reading

MOST_ROWS = 4_000  # of all files together: a page of more takes seconds to make and longer to read


@dataclass(frozen=True, kw_only=True)
class FileDiff:
    """One file that differs. `rows` is None where it is too long to compare.

    Of a file that is not text, `rows` compare dumps: hex and strings. `unshown` rows are counted in `added`
    and `removed` and are not among `rows`. `is_program` says that one of the two sides is something to run.
    """

    path: str
    kind: str
    is_dump: bool
    is_program: bool
    rows: list[Line] | None
    unshown: int = 0
    added: int = 0
    removed: int = 0


def diff_files(
    before: Mapping[str, bytes], after: Mapping[str, bytes], changes: list[PathChange]
) -> list[FileDiff]:
    """The differences that CHANGES name, in their order."""
    left_to_show = MOST_ROWS
    diffs = []
    for change in changes:
        reading(change.path)
        diff = _diff(change, before.get(change.path, b""), after.get(change.path, b""), left_to_show)
        left_to_show -= len(diff.rows or ())
        diffs.append(diff)
    return diffs


def not_compared(change: PathChange) -> FileDiff:
    """The entry of a file that could not be compared within the limits."""
    return FileDiff(path=change.path, kind=change.kind, is_dump=False, is_program=True, rows=None)


def _diff(change: PathChange, left: bytes, right: bytes, most: int) -> FileDiff:
    rows = diff_lines(*_comparable(left, right))
    added, removed = counts(rows) if rows else (0, 0)
    return FileDiff(
        path=change.path,
        kind=change.kind,
        is_dump=decode(left) is None or decode(right) is None,
        is_program=is_program(change.path, left) or is_program(change.path, right),
        rows=None if rows is None else rows[:most],
        unshown=max(0, len(rows or ()) - most),
        added=added,
        removed=removed,
    )


def _comparable(before: bytes, after: bytes) -> tuple[str, str]:
    """Both sides as texts: as they are, or as dumps where one of them is not text."""
    left, right = decode(before), decode(after)
    if left is not None and right is not None:
        return left, right
    return _dump_text(before, after), _dump_text(after, before)


def _dump_text(data: bytes, other: bytes) -> str:
    return "\n".join(dump(data, other)) if data else ""
