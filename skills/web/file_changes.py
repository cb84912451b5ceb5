"""What changed between two versions, file by file, with the comments on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from skills.bundles.binary import dump
from skills.bundles.compare import compare
from skills.bundles.magic import decode
from skills.bundles.text_places import is_program
from skills.catalog.models import Version
from skills.delivery.content import all_files
from skills.lib.diff import Line, counts, diff_lines
from skills.reviews.models import Comment


@dataclass(kw_only=True)
class FileChange:
    """One file that differs. `rows` is None where it is too long to compare.

    Of a file that is not text, `rows` compare dumps: hex and strings. `is_program` says that one of the two
    sides is something to run, `is_put_off` that it is compared when somebody asks. `lines` are the rows with
    the comments under each; `elsewhere` are comments on lines that are not shown.
    """

    path: str
    kind: str
    is_dump: bool
    is_program: bool
    rows: list[Line] | None
    added: int
    removed: int
    lines: list[tuple[Line, list[Comment]]]
    elsewhere: list[Comment] = field(default_factory=list)
    is_put_off: bool = False


def changed_files(
    old: Version | None, new: Version, *, only: str = "", at_once: int | None = None
) -> list[FileChange]:
    """Every file that differs, or the one called ONLY; all files of NEW where there is no OLD.

    With AT_ONCE files are compared, in their order, as long as they have that many bytes together.
    """
    before = all_files(old) if old else {}
    after = all_files(new)
    hashes_before = {file.path: file.sha256 for file in old.files.all()} if old else {}
    hashes_after = {file.path: file.sha256 for file in new.files.all()}
    changes = []
    for change in compare(hashes_before, hashes_after):
        if change.kind == "same" or (only and change.path != only):
            continue
        left, right = before.get(change.path, b""), after.get(change.path, b"")
        if at_once is not None:
            at_once -= len(left) + len(right)
        is_put_off = at_once is not None and at_once < 0
        is_dump = decode(left) is None or decode(right) is None
        rows = None if is_put_off else diff_lines(*_comparable(left, right))
        added, removed = counts(rows) if rows else (0, 0)
        changes.append(
            FileChange(
                path=change.path,
                kind=change.kind,
                is_dump=is_dump,
                is_program=is_program(change.path, left) or is_program(change.path, right),
                rows=rows,
                lines=[(row, []) for row in rows or []],
                added=added,
                removed=removed,
                is_put_off=is_put_off,
            )
        )
    return changes


def _comparable(before: bytes, after: bytes) -> tuple[str, str]:
    """Both sides as texts: as they are, or as dumps where one of them is not text."""
    left, right = decode(before), decode(after)
    if left is not None and right is not None:
        return left, right
    return _dump_text(before, after), _dump_text(after, before)


def _dump_text(data: bytes, other: bytes) -> str:
    return "\n".join(dump(data, other)) if data else ""


def hang_comments(changes: Sequence[FileChange], conversation: Sequence[Comment]) -> None:
    """Put each comment under the line it is about."""
    by_place: dict[tuple[str, int], list[Comment]] = {}
    for comment in conversation:
        if comment.path:
            by_place.setdefault((comment.path, comment.line), []).append(comment)
    for change in changes:
        # The lines of a dump are not those of the file.
        for row, comments in [] if change.is_dump else change.lines:
            # A removed line has no new number, and comments are on numbers of the new version.
            if row.new:
                comments.extend(by_place.pop((change.path, row.new), []))
        # What was not taken above is on a line that the comparison leaves out.
        change.elsewhere = [
            comment for (path, _), comments in by_place.items() if path == change.path for comment in comments
        ]
