"""Line differences for the review page: unified hunks with line numbers, size-capped, in linear time.

difflib looks at every pair of equal lines, which is quadratic in a text of one line over and over. Here lines
that stand once on each side anchor the comparison (Bram Cohen's patience diff), small blocks between them are
compared exactly, and a large block without any anchor is told as replaced whole.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

LIMIT = 200_000  # characters of one side that are compared
CONTEXT = 3  # lines around a change
_EXACT = 4_000_000  # pairs of lines that are compared exactly; some milliseconds
_ROUNDS = 8  # in which blocks are divided by anchors


Spot = tuple[str, int]  # a line of one side: "old" or "new", and its number


@dataclass(frozen=True)
class Line:
    """One row: `kind` is add, del, same or hunk; numbers are 0 where the side has no line."""

    kind: str
    old: int
    new: int
    text: str


def diff_lines(old: str, new: str, *, whole: bool = False, also: Collection[Spot] = ()) -> list[Line] | None:
    """Rows between two texts; None when they are too long to compare.

    WHOLE shows every line; lines at ALSO are shown although nothing changed there.
    """
    if max(len(old), len(new)) > LIMIT:
        return None
    before, after = old.splitlines(), new.splitlines()
    if before == after and not also:
        return []
    blocks = _with_ends(_common_blocks(before, after), len(before), len(after))
    rows: list[Line] = []
    for (left, right, length), (next_left, next_right, _) in pairwise(blocks):
        rows += [Line("same", left + at + 1, right + at + 1, before[left + at]) for at in range(length)]
        rows += [Line("del", at + 1, 0, before[at]) for at in range(left + length, next_left)]
        rows += [Line("add", 0, at + 1, after[at]) for at in range(right + length, next_right)]
    return rows if whole else list(_hunks(rows, also))


@dataclass(frozen=True)
class _Span:
    """Lines of one side, by their numbers: from START up to before END."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


_Block = tuple[int, int, int]  # lines that are the same: where on each side, and how many


def _with_ends(blocks: Sequence[_Block], left: int, right: int) -> list[_Block]:
    return [(0, 0, 0), *blocks, (left, right, 0)]


def _common_blocks(old: list[str], new: list[str]) -> list[_Block]:
    """What both sides have in common, in order."""
    numbers = {text: number for number, text in enumerate(dict.fromkeys([*old, *new]))}
    before, after = [numbers[text] for text in old], [numbers[text] for text in new]
    # A stack, not a recursion: how often a text divides is its author's choice.
    work = [(_Span(0, len(before)), _Span(0, len(after)), _ROUNDS)]
    found: list[_Block] = []
    while work:
        left, right, rounds = work.pop()
        head, tail = _ends_in_common(before, after, left, right)
        found += [(left.start, right.start, head), (left.end - tail, right.end - tail, tail)]
        left, right = _Span(left.start + head, left.end - tail), _Span(right.start + head, right.end - tail)
        if not left or not right:
            continue
        if len(left) * len(right) <= _EXACT:
            found += _exact(before, after, left, right)
        elif rounds:
            work += _between_anchors(before, after, left, right, rounds - 1)
    return sorted(block for block in found if block[2])


def _ends_in_common(
    before: Sequence[int], after: Sequence[int], left: _Span, right: _Span
) -> tuple[int, int]:
    """How many lines are the same at the beginning and at the end."""
    most = min(len(left), len(right))
    head = 0
    while head < most and before[left.start + head] == after[right.start + head]:
        head += 1
    tail = 0
    while tail < most - head and before[left.end - 1 - tail] == after[right.end - 1 - tail]:
        tail += 1
    return head, tail


def _exact(before: Sequence[int], after: Sequence[int], left: _Span, right: _Span) -> Iterator[_Block]:
    """The longest common lines of two small blocks."""
    from rapidfuzz.distance import LCSseq

    steps = LCSseq.opcodes(before[left.start : left.end], after[right.start : right.end])
    for step in steps:
        if step.tag == "equal":
            yield left.start + step.src_start, right.start + step.dest_start, step.src_end - step.src_start


def _between_anchors(
    before: Sequence[int], after: Sequence[int], left: _Span, right: _Span, rounds: int
) -> list[tuple[_Span, _Span, int]]:
    """The blocks that anchors divide a block into, each anchor with what follows it."""
    anchors = _anchors(before, after, left, right)
    if not anchors:
        return []
    starts = [(left.start, right.start), *anchors]
    ends = [*anchors, (left.end, right.end)]
    return [
        (_Span(start, end), _Span(other_start, other_end), rounds)
        for (start, other_start), (end, other_end) in zip(starts, ends, strict=True)
    ]


def _anchors(before: Sequence[int], after: Sequence[int], left: _Span, right: _Span) -> list[tuple[int, int]]:
    """Places of lines that stand once on each side, as many as are in the same order on both."""
    once_before = Counter(before[left.start : left.end])
    once_after = Counter(after[right.start : right.end])
    places = {line: at for at, line in enumerate(after[right.start : right.end], right.start)}
    pairs = [
        (at, places[line])
        for at, line in enumerate(before[left.start : left.end], left.start)
        if once_before[line] == 1 and once_after[line] == 1
    ]
    # The longest increasing sequence: for each length the end that leaves most room, and where it came from.
    ends: list[int] = []
    at_end: list[int] = []
    came_from: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        came_from.append(at_end[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        at_end[length : length + 1] = [number]
    chosen = []
    number = at_end[-1] if at_end else -1
    while number >= 0:
        chosen.append(pairs[number])
        number = came_from[number]
    return chosen[::-1]


def _hunks(rows: Sequence[Line], also: Collection[Spot]) -> Iterator[Line]:
    """The changes with CONTEXT lines around them, and before each hunk a row that says where it is."""
    changed = [
        at
        for at, row in enumerate(rows)
        if row.kind != "same" or ("old", row.old) in also or ("new", row.new) in also
    ]
    at = 0
    while at < len(changed):
        first = last = changed[at]
        while at < len(changed) and changed[at] - last <= 2 * CONTEXT + 1:
            last = changed[at]
            at += 1
        hunk = rows[max(0, first - CONTEXT) : last + CONTEXT + 1]
        yield Line("hunk", 0, 0, _heading(hunk))
        yield from hunk


def _heading(hunk: Sequence[Line]) -> str:
    """Where a hunk stands, as unified diffs write it: first line and number of lines on each side."""
    left = [row.old for row in hunk if row.old]
    right = [row.new for row in hunk if row.new]
    return f"@@ -{_range(left)} +{_range(right)} @@"


def _range(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return str(numbers[0])
    return f"{numbers[0] if numbers else 0},{len(numbers)}"


def counts(rows: list[Line]) -> tuple[int, int]:
    """How many lines were added and removed."""
    kinds = [row.kind for row in rows]
    return kinds.count("add"), kinds.count("del")
