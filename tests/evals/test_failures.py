"""Which cause the exceptions of clients stand for; none of their text reaches a reader."""

import pytest

from skills.evals.engines.failures import CaseTooLong, NoJudge, cause_of, sentence_of, status_of
from skills.evals.engines.scripted import NoAnswer
from skills.evals.engines.trial_tools import NoSandbox, SandboxBroken
from skills.verdicts.causes import Failure, FailureCause
from skills.verdicts.grade import UnreadableJudgement


class ProviderError(Exception):
    """As every client's: a status in an attribute, and what the provider said."""

    def __init__(self, status, text=""):
        super().__init__(text)
        self.status_code = status


class RetryError(Exception):
    """As tenacity's: it only wraps the last try."""


class AttemptTimeoutError(RuntimeError):
    """As inspect's."""


class APIConnectionError(Exception):
    """As OpenAI's."""


def raised_from(outer, inner):
    """OUTER as it looks when it was raised from INNER."""
    outer.__cause__ = inner
    return outer


@pytest.mark.parametrize(
    ("status", "said", "cause"),
    [
        (401, "Incorrect API key provided: sk-…", FailureCause.KEY_REFUSED),
        (400, "API key not valid. Please pass a valid API key.", FailureCause.KEY_REFUSED),
        (402, "", FailureCause.NO_CREDIT),
        (429, "You exceeded your current quota: insufficient_quota", FailureCause.NO_CREDIT),
        (400, "Your credit balance is too low", FailureCause.NO_CREDIT),
        (403, "", FailureCause.NOT_ALLOWED),
        (404, "{'detail': 'Not Found'}", FailureCause.ADDRESS_WRONG),
        (404, "The model `gpt-x` does not exist", FailureCause.MODEL_UNKNOWN),
        (405, "", FailureCause.ADDRESS_WRONG),
        (408, "", FailureCause.ENDPOINT_SLOW),
        (413, "", FailureCause.CASE_TOO_LONG),
        (400, "This model's maximum context length is 8192 tokens", FailureCause.CASE_TOO_LONG),
        (400, "prompt is too long: 210000 tokens > 200000 maximum", FailureCause.CASE_TOO_LONG),
        (422, "", FailureCause.REQUEST_REFUSED),
        (429, "Rate limit reached", FailureCause.RATE_LIMITED),
        (500, "", FailureCause.ENDPOINT_BROKEN),
        (504, "", FailureCause.ENDPOINT_SLOW),
        (529, "overloaded_error", FailureCause.ENDPOINT_BROKEN),
    ],
)
def test_an_answer_is_known_by_its_status_and_its_words(status, said, cause):
    assert cause_of(ProviderError(status, said)) == cause


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (ConnectionRefusedError(), FailureCause.ENDPOINT_DOWN),
        (APIConnectionError(), FailureCause.ENDPOINT_DOWN),
        (AttemptTimeoutError(), FailureCause.ENDPOINT_SLOW),
        (TimeoutError(), FailureCause.ENDPOINT_SLOW),
        (NoSandbox(), FailureCause.SANDBOX_MISSING),
        (SandboxBroken(), FailureCause.SANDBOX_BROKEN),
        (NoJudge(), FailureCause.JUDGE_MISSING),
        (UnreadableJudgement(), FailureCause.JUDGE_UNREADABLE),
        (NoAnswer(), FailureCause.NO_SCRIPT),
        (CaseTooLong(), FailureCause.CASE_TOO_LONG),
        (ZeroDivisionError(), FailureCause.OTHER),
    ],
)
def test_what_is_no_answer_is_known_by_its_kind(error, cause):
    assert cause_of(error) == cause


def test_an_error_that_wraps_another_stands_for_it():
    wrapped = raised_from(RetryError("RetryError[<Future at 0x7f>]"), APIConnectionError())

    assert cause_of(wrapped) == FailureCause.ENDPOINT_DOWN
    assert cause_of(raised_from(RuntimeError(), ProviderError(401))) == FailureCause.KEY_REFUSED


def test_words_of_the_case_in_a_quoted_request_change_no_cause():
    error = ProviderError(404, "Request: {'content': 'Which model is best?'}")
    error.provider_message = "Not Found"

    assert cause_of(error) == FailureCause.ADDRESS_WRONG


def test_errors_that_go_round_in_a_circle_come_to_an_end():
    one, other = RuntimeError(), RuntimeError()
    one.__cause__, other.__cause__ = other, one

    assert cause_of(one) == FailureCause.OTHER


def test_the_sentence_has_the_status_and_nothing_of_the_exception():
    error = raised_from(RetryError("secret words"), ProviderError(401, "sk-secret"))

    sentence = sentence_of(Failure(cause_of(error), of_judge=True), status_of(error))

    assert sentence == "While judging, the endpoint refused the key (status 401)."
