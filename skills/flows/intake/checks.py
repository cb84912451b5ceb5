"""Checks the skills of a tree in limited children, some of them ahead of whoever takes the answers."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from skills.bundles.validate import Validation, check_all
from skills.catalog import uploads
from skills.lib.limited import LimitReached, run_limited

T = TypeVar("T")
_BATCH = 8  # skills that are handed to the checking process at once: one by one, pickling would dominate


def in_batches(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    return iter(lambda: list(islice(rest, _BATCH)), [])


def checks_of(skills: Sequence[tuple[Mapping[str, bytes], str]]) -> list[Validation]:
    """The checks of SKILLS, each its files and the name of its folder.

    Where a skill takes too much, it alone is refused.
    """
    if not skills:
        return []
    try:
        return run_limited(uploads.check_limits(skills=len(skills)), check_all, skills, uploads.limits())
    except LimitReached as reached:
        if len(skills) == 1:
            return [Validation(uploads.too_costly(reached).problems)]
    return [check for skill in skills for check in checks_of([skill])]


def ahead(items: Iterable[T], most: int) -> Iterator[T]:
    """ITEMS, each only after MOST more were taken: the work that taking one starts has time to end."""
    waiting: deque[T] = deque()
    for item in items:
        waiting.append(item)
        if len(waiting) > most:
            yield waiting.popleft()
    yield from waiting
