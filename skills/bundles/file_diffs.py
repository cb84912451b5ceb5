"""What changed in the files of two bundles, line by line, as a limited child compares them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from skills.bundles.binary import dump
from skills.bundles.compare import PathChange
from skills.bundles.line_html import rows_html
from skills.bundles.magic import decode
from skills.bundles.text_places import is_program
from skills.lib.diff import Line, counts, diff_lines
from skills.lib.progress import reading

MOST_ROWS = 4_000  # of all files together: a page of more takes seconds to make and longer to read


@dataclass(frozen=True, kw_only=True)
class Showing:
    """How one file is shown: the whole text, or the changes and the spots where somebody said something.

    `is_coloured` asks the lexers of a library too, which some texts may keep busy.
    """

    whole: bool = False
    is_coloured: bool = False
    spots: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class FileDiff:
    """One file that differs. `rows` is None where it is too long to compare.

    Of a file that is not text, `rows` compare dumps: hex and strings. `unshown` rows are counted in `added`
    and `removed` and are not among `rows`. `is_program` says that one of the two sides is something to run.
    `html` is the text of each row with colours and marks.
    """

    path: str
    kind: str
    is_dump: bool
    is_program: bool
    rows: list[Line] | None
    html: list[str] = field(default_factory=list)
    unshown: int = 0
    added: int = 0
    removed: int = 0


def diff_files(
    before: Mapping[str, bytes],
    after: Mapping[str, bytes],
    changes: list[PathChange],
    showings: Mapping[str, Showing],
) -> list[FileDiff]:
    """The differences that CHANGES name, in their order, shown as SHOWINGS say by path."""
    left_to_show = MOST_ROWS
    diffs = []
    for change in changes:
        reading(change.path)
        sides = before.get(change.path, b""), after.get(change.path, b"")
        diff = _diff(change, sides, left_to_show, showings.get(change.path, Showing()))
        left_to_show -= len(diff.rows or ())
        diffs.append(diff)
    return diffs


def not_compared(change: PathChange) -> FileDiff:
    """The entry of a file that could not be compared within the limits."""
    return FileDiff(path=change.path, kind=change.kind, is_dump=False, is_program=True, rows=None)


def moved_lines(before: bytes, after: bytes, lines: list[int]) -> list[int]:
    """Where LINES of one text stand in the next; 0 for those that are not there any more."""
    left, right = decode(before), decode(after)
    if left is None or right is None:
        return [0] * len(lines)
    rows = diff_lines(left, right, whole=True) or []
    places = {row.old: row.new for row in rows if row.kind == "same"}
    return [places.get(line, 0) for line in lines]


def _diff(change: PathChange, sides: tuple[bytes, bytes], most: int, showing: Showing) -> FileDiff:
    left, right = sides
    old, new = _comparable(left, right)
    rows = diff_lines(old, new, whole=showing.whole, also=frozenset(showing.spots))
    added, removed = counts(rows) if rows else (0, 0)
    is_dump = decode(left) is None or decode(right) is None
    shown = (rows or [])[:most]
    return FileDiff(
        path=change.path,
        kind=change.kind,
        is_dump=is_dump,
        is_program=is_program(change.path, left) or is_program(change.path, right),
        rows=None if rows is None else shown,
        html=rows_html(shown, old, new, change.path if showing.is_coloured and not is_dump else ""),
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
