"""Line differences for the review page: unified hunks with line numbers, size-capped."""

import difflib
import re
from dataclasses import dataclass

LIMIT = 200_000  # characters of one side that are compared
CONTEXT = 3  # lines around a change
_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


@dataclass(frozen=True)
class Line:
    """One row: `kind` is add, del, same or hunk; numbers are 0 where the side has no line."""

    kind: str
    old: int
    new: int
    text: str


def diff_lines(old: str, new: str, *, whole: bool = False) -> list[Line] | None:
    """Rows between two texts; None when they are too long to compare. WHOLE shows every line."""
    if max(len(old), len(new)) > LIMIT:
        return None
    before, after = old.splitlines(), new.splitlines()
    context = max(len(before), len(after)) if whole else CONTEXT
    rows: list[Line] = []
    left = right = 0
    # The first two lines name the files; the page says that itself.
    for text in list(difflib.unified_diff(before, after, lineterm="", n=context))[2:]:
        if match := _HUNK.match(text):
            left, right = int(match.group(1)), int(match.group(2))
            if not whole:
                rows.append(Line("hunk", 0, 0, text))
        elif text.startswith("+"):
            rows.append(Line("add", 0, right, text[1:]))
            right += 1
        elif text.startswith("-"):
            rows.append(Line("del", left, 0, text[1:]))
            left += 1
        else:
            rows.append(Line("same", left, right, text[1:]))
            left, right = left + 1, right + 1
    return rows


def counts(rows: list[Line]) -> tuple[int, int]:
    """How many lines were added and removed."""
    kinds = [row.kind for row in rows]
    return kinds.count("add"), kinds.count("del")
