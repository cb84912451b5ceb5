"""A file of a bundle as lines of a page, with the colours of its language."""

from html import escape

from skills.lib import soft_cache
from skills.lib.errors import Unavailable
from skills.lib.limited import LimitReached, Limits, ReadingFailed, run_limited
from skills.lib.markdown import code_html

_LIMITS = Limits(processor_seconds=2, seconds=6)
_UNREAD_SECONDS = 3_600  # after which a text that took too much is tried again


def code_lines(text: str, path: str, digest: str) -> list[str]:
    """HTML of each line of TEXT, whose sha256 is DIGEST.

    Without colours where its reader took too long, failed or had no time.
    """
    return _coloured(text, path, f"no colours:{digest}:{path}").removesuffix("\n").split("\n")


def _coloured(text: str, path: str, failure_key: str) -> str:
    if soft_cache.get(failure_key) is not None:
        return escape(text)
    try:
        return run_limited(_LIMITS, code_html, text, "", path)
    except Unavailable:
        return escape(text)
    except (LimitReached, ReadingFailed):
        # Else whoever reloads the page would keep the readers from everybody.
        soft_cache.put(failure_key, "", _UNREAD_SECONDS)
        return escape(text)
