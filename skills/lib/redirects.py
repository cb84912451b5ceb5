"""Where a request may send the browser: a path of ours, or a program that listens on the reader's machine.

Both rules are narrower than the grammar of addresses. Browsers read more into a text than RFC 3986 does: a
backslash is a slash, tabs and line breaks are nothing. What they could read in two ways is refused here.
"""

import re
from dataclasses import dataclass

# No backslash, no space, no control character; and not two slashes, which begin the name of another site.
_LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]*")
_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\]):([1-9][0-9]{0,4})((?:/[A-Za-z0-9._~-]*)*)")
_LAST_PORT = 65_535
_MOST_CHARACTERS = 4_000


@dataclass(frozen=True)
class LoopbackListener:
    """A program on the reader's own machine that waits for an answer."""

    host: str
    port: int
    path: str

    def link(self, fragment: str) -> str:
        """Made of the parts alone, so that nothing else of what was sent can be in it."""
        return f"http://{self.host}:{self.port}{self.path or '/'}#{fragment}"

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}{self.path}"


def loopback_listener(text: str) -> LoopbackListener | None:
    """The listener that TEXT names, None where it names anything else."""
    found = _LOOPBACK.fullmatch(text[:_MOST_CHARACTERS])
    if found is None or int(found[2]) > _LAST_PORT:
        return None
    return LoopbackListener(found[1], int(found[2]), found[3])


def is_local(text: str) -> bool:
    """Whether TEXT is a path of ours, with or without a query, whoever reads it."""
    return len(text) <= _MOST_CHARACTERS and _LOCAL.fullmatch(text) is not None
