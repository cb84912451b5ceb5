"""What people are told of work that failed: its cause, and never the words of an exception."""

import errno

import pytest

from skills.lib.blobs import BlobMissing
from skills.lib.errors import refuse
from skills.lib.plain_causes import UNFORESEEN, plain_cause
from skills.scans.checks.contract import DidNotFinish


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (refuse("gone", "The upload is gone.", "Send it again."), "The upload is gone. Send it again."),
        (DidNotFinish("It took too long."), "It took too long."),
        (OSError(errno.ENOSPC, "No space left on device", "/srv/data/x"), "The disk of the server is full."),
        (MemoryError(), "The server had no memory left for it."),
        (TimeoutError(), "It took longer than it may."),
        (
            BlobMissing("ab12"),
            "Stored bytes are missing or damaged; staff see which on the page about stored bytes.",
        ),
    ],
)
def test_a_known_cause_is_told_in_words(error, words):
    assert plain_cause(error) == words


@pytest.mark.parametrize("error", [ValueError("key sk-1"), KeyError("model"), OSError(2, "no", "/srv/x")])
def test_of_any_other_exception_nothing_is_told(error):
    assert plain_cause(error) == UNFORESEEN


def test_the_cause_of_an_exception_is_told_where_it_was_raised_from_one():
    error = RuntimeError("job 4711 in /srv")
    error.__cause__ = MemoryError()

    assert plain_cause(error) == "The server had no memory left for it."
