"""What people write in reviews: Markdown, the names of people, and suggestions of other lines."""

import re
from collections.abc import Sequence

from skills.lib.errors import Unavailable
from skills.lib.limited import LimitReached, Limits, ReadingFailed, run_limited
from skills.lib.markdown import render_remark

_LIMITS = Limits(processor_seconds=1, seconds=3)  # of one remark
_NAME = re.compile(r"(?<![\w@/.-])@([a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?)(?![\w/-])")
_MOST_NAMES = 20  # of one remark: a mention is a notice to somebody
_NO_WORDS = "\n"  # HTML of a suggestion without a word: it was read
_FENCE = "```"
_BEGIN = f"{_FENCE}suggestion"


def html_of(body: str) -> str:
    """BODY as safe HTML, without its suggestion; "" where it cannot be read now."""
    words = without_suggestion(body)
    if not words.strip():
        return _NO_WORDS
    try:
        return run_limited(_LIMITS, render_remark, words)
    except (LimitReached, ReadingFailed, Unavailable):
        return ""


def names_in(body: str) -> list[str]:
    """The handles that BODY mentions, each once."""
    return list(dict.fromkeys(_NAME.findall(body)))[:_MOST_NAMES]


def suggestion_of(body: str) -> list[str] | None:
    """The lines that BODY would put in place of those it is about: a block that begins with ```suggestion.

    None where it suggests nothing; no lines where the old ones are to go.
    """
    lines = body.splitlines()
    span = _block(lines)
    return None if span is None else lines[span[0] + 1 : span[1]]


def without_suggestion(body: str) -> str:
    """BODY without the block that `suggestion_of` reads."""
    lines = body.splitlines()
    span = _block(lines)
    return body if span is None else "\n".join([*lines[: span[0]], *lines[span[1] + 1 :]])


def _block(lines: Sequence[str]) -> tuple[int, int] | None:
    """Where the first suggestion stands: its two fences. One without an end goes to the end of the text."""
    start = next((at for at, line in enumerate(lines) if line.rstrip() == _BEGIN), None)
    if start is None:
        return None
    ends = (at for at in range(start + 1, len(lines)) if lines[at].rstrip() == _FENCE)
    return start, next(ends, len(lines))
