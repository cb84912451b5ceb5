"""Why work failed as a whole, for the people whose work it was: never in the words of a program's exception.

What an exception says names classes and addresses of this installation and may quote secrets: it goes into
the log, and nowhere else.
"""

import errno

from django.db import Error as DatabaseError

from skills.lib.blobs import BlobFault
from skills.lib.errors import Refused, ToldInWords

UNFORESEEN = "Something failed that was not foreseen; the log of the worker says more."
_BY_NUMBER = {
    errno.ENOSPC: "The disk of the server is full.",
    errno.EDQUOT: "The disk of the server is full.",
    errno.EROFS: "The disk of the server takes no writes.",
}
_BY_KIND = {
    BlobFault: "Stored bytes are missing or damaged; staff see which on the page about stored bytes.",
    DatabaseError: "The database did not take what was to be written.",
    MemoryError: "The server had no memory left for it.",
    TimeoutError: "It took longer than it may.",
}


def plain_cause(error: BaseException) -> str:
    """What ERROR, or what it was raised from, means, in a sentence or two."""
    cause: BaseException | None = error
    while cause is not None:
        if words := _words(cause):
            return words
        cause = cause.__cause__
    return UNFORESEEN


def _words(error: BaseException) -> str:
    if isinstance(error, Refused):
        return "; ".join(f"{problem.text} {problem.remedy}".strip() for problem in error.problems)
    if isinstance(error, ToldInWords):
        return str(error)
    if isinstance(error, OSError) and error.errno in _BY_NUMBER:
        return _BY_NUMBER[error.errno]
    return next((words for kind, words in _BY_KIND.items() if isinstance(error, kind)), "")
