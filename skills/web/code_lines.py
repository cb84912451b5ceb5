"""A file of a bundle as lines of a page, with the colours of its language."""

from html import escape

from skills.lib.errors import Unavailable
from skills.lib.limited import LimitReached, Limits, ReadingFailed, run_limited
from skills.lib.markdown import code_html

_LIMITS = Limits(processor_seconds=2, seconds=6)


def code_lines(text: str, path: str) -> list[str]:
    """HTML of each line of TEXT; without colours where its reader took too long, failed or had no time."""
    try:
        coloured = run_limited(_LIMITS, code_html, text, "", path)
    except (LimitReached, ReadingFailed, Unavailable):
        coloured = escape(text)
    return coloured.removesuffix("\n").split("\n")
