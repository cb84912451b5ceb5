"""Causes as words and as text of the database."""

import pytest

from skills.verdicts.causes import Failure, FailureCause


@pytest.mark.parametrize("cause", FailureCause)
def test_every_cause_has_words_without_a_full_stop(cause):
    assert cause.words
    assert not cause.words.endswith(".")


@pytest.mark.parametrize("of_judge", [True, False])
@pytest.mark.parametrize("cause", FailureCause)
def test_a_failure_is_read_as_it_was_written(cause, of_judge):
    failure = Failure(cause, of_judge)

    assert Failure.from_text(str(failure)) == failure
    assert len(str(failure)) <= 40, "as the column"
