"""What changed between two versions, file by file, with the comments on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from skills.bundles.compare import PathChange, PathChangeKind, compare
from skills.bundles.file_diffs import FileDiff, diff_files, not_compared
from skills.catalog.models import Version
from skills.delivery.content import all_files
from skills.lib.diff import Line
from skills.lib.limited import LimitReached, Limits, run_limited
from skills.reviews.models import Comment

_LIMITS = Limits(processor_seconds=5, seconds=15)  # of one page


@dataclass(kw_only=True)
class FileChange:
    """One file that differs; `lines` are its rows with the comments under each.

    `elsewhere` are comments on lines that are not shown; a change that is put off is compared when somebody
    asks for it.
    """

    diff: FileDiff
    lines: list[tuple[Line, list[Comment]]]
    elsewhere: list[Comment] = field(default_factory=list)
    is_put_off: bool = False

    @property
    def path(self) -> str:
        return self.diff.path

    @property
    def is_shown_whole(self) -> bool:
        return self.diff.rows is not None and not self.diff.unshown


def changed_files(
    old: Version | None, new: Version, *, only: str = "", at_once: int | None = None
) -> list[FileChange]:
    """Every file that differs, or the one called ONLY; all files of NEW where there is no OLD.

    With AT_ONCE files are compared, in their order, as long as they have that many bytes together.
    """
    hashes_before = {file.path: file.sha256 for file in old.files.all()} if old else {}
    hashes_after = {file.path: file.sha256 for file in new.files.all()}
    changes = [
        change
        for change in compare(hashes_before, hashes_after)
        if change.kind != PathChangeKind.SAME and only in ("", change.path)
    ]
    before, after = all_files(old) if old else {}, all_files(new)
    wanted: list[PathChange] = []
    for change in changes:
        if at_once is not None:
            at_once -= len(before.get(change.path, b"")) + len(after.get(change.path, b""))
        if at_once is None or at_once >= 0:
            wanted.append(change)
    diffs = {diff.path: diff for diff in _diffs(before, after, wanted)}
    return [_file_change(change, diffs.get(change.path)) for change in changes]


def _diffs(
    before: Mapping[str, bytes], after: Mapping[str, bytes], changes: list[PathChange]
) -> list[FileDiff]:
    """The differences that CHANGES name; only their bytes go to the child."""
    paths = {change.path for change in changes}
    sides = [{path: data for path, data in files.items() if path in paths} for files in (before, after)]
    try:
        return run_limited(_LIMITS, diff_files, sides[0], sides[1], changes)
    except LimitReached:
        return [not_compared(change) for change in changes]


def _file_change(change: PathChange, diff: FileDiff | None) -> FileChange:
    """The entry of a file; one without a DIFF was put off."""
    shown = diff or not_compared(change)
    return FileChange(diff=shown, lines=[(row, []) for row in shown.rows or []], is_put_off=diff is None)


def hang_comments(changes: Sequence[FileChange], conversation: Sequence[Comment]) -> None:
    """Put each comment under the line it is about."""
    by_place: dict[tuple[str, int], list[Comment]] = {}
    for comment in conversation:
        if comment.path:
            by_place.setdefault((comment.path, comment.line), []).append(comment)
    for change in changes:
        # The lines of a dump are not those of the file.
        for row, comments in [] if change.diff.is_dump else change.lines:
            # A removed line has no new number, and comments are on numbers of the new version.
            if row.new:
                comments.extend(by_place.pop((change.path, row.new), []))
        # What was not taken above is on a line that the comparison leaves out.
        change.elsewhere = [
            comment for (path, _), comments in by_place.items() if path == change.path for comment in comments
        ]
