"""What suggestions make of the files they stand on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from skills.bundles.magic import decode, mark_of
from skills.catalog.models import Version
from skills.lib.errors import Conflict, Refused, refuse
from skills.reviews.models import Comment
from skills.reviews.written import suggestion_of


def can_apply(remark: Comment, version: Version) -> bool:
    """Whether REMARK suggests lines for a text that VERSION has."""
    stands_here = remark.base_id is None and remark.version_id == version.pk
    return stands_here and bool(remark.path and remark.line) and suggestion_of(remark.body) is not None


def with_suggestions(
    files: Mapping[str, bytes], version: Version, remarks: Sequence[Comment]
) -> dict[str, bytes]:
    """Those of FILES of VERSION that REMARKS suggest other lines for, with these lines."""
    by_path: dict[str, list[Comment]] = defaultdict(list)
    for remark in remarks:
        if not can_apply(remark, version):
            raise refuse("no_suggestion", "This comment suggests no lines for this attempt.")
        by_path[remark.path].append(remark)
    if not by_path:
        raise refuse("no_suggestion", "No suggestion was chosen.", "Choose one.")
    return {path: _changed(files[path], path, found) for path, found in by_path.items()}


def _changed(data: bytes, path: str, remarks: Sequence[Comment]) -> bytes:
    text = decode(data)
    if text is None:
        raise refuse("no_suggestion", f"{path} is no text.")
    lines = text.splitlines(keepends=True)
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    below = len(lines) + 1
    # From the end of the text: what stands above keeps its numbers.
    for remark in sorted(remarks, key=lambda one: -one.line):
        if remark.line >= below or remark.line > len(lines):
            raise _overlap(path)
        suggested = [f"{line}{end}" for line in suggestion_of(remark.body) or []]
        lines[remark.first - 1 : remark.line] = suggested
        below = remark.first
    return mark_of(data) + "".join(lines).encode()


def _overlap(path: str) -> Refused:
    text = f"Two suggestions are about the same lines of {path}, or about lines that are not there."
    return refuse("suggestions_overlap", text, "Apply one of them, then look again.", kind=Conflict)
