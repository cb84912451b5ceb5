"""What changed between two versions, file by file, with the comments on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from skills.bundles.compare import compare
from skills.bundles.magic import decode
from skills.catalog.models import Version
from skills.delivery.content import all_files
from skills.lib.diff import Line, counts, diff_lines
from skills.reviews.models import Comment


@dataclass(kw_only=True)
class FileChange:
    """One file that differs. `rows` is None where it is not text, or too long to compare.

    `lines` are the rows with the comments under each; `elsewhere` are comments on lines that are not shown.
    """

    path: str
    kind: str
    rows: list[Line] | None
    added: int
    removed: int
    lines: list[tuple[Line, list[Comment]]]
    elsewhere: list[Comment] = field(default_factory=list)


def changed_files(old: Version | None, new: Version) -> list[FileChange]:
    """Every file that differs; all files of NEW where there is no OLD."""
    before = all_files(old) if old else {}
    after = all_files(new)
    hashes_before = {file.path: file.sha256 for file in old.files.all()} if old else {}
    hashes_after = {file.path: file.sha256 for file in new.files.all()}
    changes = []
    for change in compare(hashes_before, hashes_after):
        if change.kind == "same":
            continue
        left, right = decode(before.get(change.path, b"")), decode(after.get(change.path, b""))
        rows = None if left is None or right is None else diff_lines(left, right)
        added, removed = counts(rows) if rows else (0, 0)
        changes.append(
            FileChange(
                path=change.path,
                kind=change.kind,
                rows=rows,
                lines=[(row, []) for row in rows or []],
                added=added,
                removed=removed,
            )
        )
    return changes


def hang_comments(changes: Sequence[FileChange], conversation: Sequence[Comment]) -> None:
    """Put each comment under the line it is about."""
    by_place: dict[tuple[str, int], list[Comment]] = {}
    for comment in conversation:
        if comment.path:
            by_place.setdefault((comment.path, comment.line), []).append(comment)
    for change in changes:
        for row, comments in change.lines:
            # A removed line has no new number, and comments are on numbers of the new version.
            if row.new:
                comments.extend(by_place.pop((change.path, row.new), []))
        # What was not taken above is on a line that the comparison leaves out.
        change.elsewhere = [
            comment for (path, _), comments in by_place.items() if path == change.path for comment in comments
        ]
