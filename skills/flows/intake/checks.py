"""Checks the skills of a tree in limited children, some of them ahead of whoever takes the answers."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from skills.bundles.lenient import mend_and_check_all
from skills.bundles.validate import Validation
from skills.catalog import uploads
from skills.lib.limited import LimitReached, run_limited

T = TypeVar("T")
_BATCH = 8  # skills that are handed to the checking process at once: one by one, pickling would dominate


@dataclass(frozen=True)
class Check:
    """A validated skill, and notes on what was mended."""

    report: Validation
    notes: list[str]


def in_batches(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    return iter(lambda: list(islice(rest, _BATCH)), [])


def checks_of(skills: Sequence[tuple[Mapping[str, bytes], str]]) -> list[Check]:
    """The checks of SKILLS, each its files and the name of its folder.

    Where a skill takes too much, it alone is refused.
    """
    if not skills:
        return []
    try:
        answers = run_limited(
            uploads.check_limits(skills=len(skills)), mend_and_check_all, skills, uploads.limits()
        )
    except LimitReached as reached:
        if len(skills) == 1:
            return [Check(Validation(uploads.too_costly(reached).problems), [])]
    else:
        return [Check(report, notes) for report, notes in answers]
    return [check for skill in skills for check in checks_of([skill])]


def ahead(items: Iterable[T], most: int) -> Iterator[T]:
    """ITEMS, each only after MOST more were taken: the work that taking one starts has time to end."""
    waiting: deque[T] = deque()
    for item in items:
        waiting.append(item)
        if len(waiting) > most:
            yield waiting.popleft()
    yield from waiting
