"""Reads from the words of an address which calls a report or a list is about."""

from collections.abc import Mapping
from datetime import date, timedelta

from skills.budgets.calls import Within
from skills.budgets.spending import CallFilter, Dimension, Measure, Span, last_days
from skills.lib import whole_numbers
from skills.lib.clock import now
from skills.lib.errors import refuse

DAYS = 30  # that are shown unless asked otherwise
_MOST_YEARS = 10
_WORD_LENGTH = 120  # characters, as the widest column


def span_of(words: Mapping[str, str], days: int = DAYS) -> Span:
    """`since` and `until`, or else the last `days`."""
    until = _day(words, "until") or now().date()
    since = _day(words, "since")
    if since is None:
        number = words.get("days", "")
        count = whole_numbers.from_text(number, None, least=1, most=366 * _MOST_YEARS) if number else days
        if count is None:
            raise refuse("bad_parameter", "`days` is a whole number of days from 1 on.")
        ends_today = last_days(count)
        since = until - (ends_today.until - ends_today.since)
    if since > until:
        raise refuse("bad_parameter", "`since` is after `until`.", "Swap the two days.")
    if until - since > timedelta(days=366 * _MOST_YEARS):
        raise refuse("bad_parameter", f"A report goes over at most {_MOST_YEARS} years.")
    return Span(since, until)


def filter_of(words: Mapping[str, str]) -> CallFilter:
    """Ids by `team`, `person`, `skill`, `version` and `token`; words by `model`, `agent` and `purpose`.

    0 and "-" ask for the calls that name none.
    """
    values: list[tuple[Dimension, int | str]] = []
    for dimension in Dimension:
        word = words.get(dimension, "").strip()
        if not word:
            continue
        if not dimension.is_id:
            values.append((dimension, word[:_WORD_LENGTH]))
            continue
        number = whole_numbers.from_text(word, None, least=0, most=2**63 - 1)
        if number is None:
            raise refuse("bad_parameter", f"`{dimension}` is an id, or 0 for none.")
        values.append((dimension, number))
    return CallFilter(tuple(values))


def within_of(words: Mapping[str, str]) -> Within:
    """The `run` or the `session`, as its agent names it."""
    number, run_id = words.get("run", "").strip(), None
    if number:
        run_id = whole_numbers.from_text(number, None, least=1, most=2**63 - 1)
        if run_id is None:
            raise refuse("bad_parameter", "`run` is the number of a run.")
    return Within(run_id, words.get("session", "").strip()[:_WORD_LENGTH])


def dimension_of(words: Mapping[str, str], default: Dimension) -> Dimension:
    word = words.get("by", "") or default
    if word not in list(Dimension):
        raise refuse("bad_parameter", f"`by` is one of {', '.join(Dimension)}.")
    return Dimension(word)


def measure_of(words: Mapping[str, str]) -> Measure | None:
    word = words.get("measure", "")
    if word and word not in list(Measure):
        raise refuse("bad_parameter", f"`measure` is one of {', '.join(Measure)}.")
    return Measure(word) if word else None


def _day(words: Mapping[str, str], name: str) -> date | None:
    word = words.get(name, "").strip()
    if not word:
        return None
    try:
        day = date.fromisoformat(word)
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2200:
        raise refuse("bad_parameter", f"`{name}` is a day as 2026-01-31.")
    return day
