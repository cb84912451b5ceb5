"""Which cause an exception stands for. Every provider's client has its own; their statuses are alike."""

from collections.abc import Iterator
from http import HTTPStatus

from skills.evals.engines.scripted import NoAnswer
from skills.evals.engines.trial_tools import NoSandbox, SandboxBroken
from skills.verdicts.causes import Cause, Failure
from skills.verdicts.grade import UnreadableJudgement


class NoJudge(Exception):
    """An assertion needs a judge, and the run has none."""


class CaseTooLong(Exception):
    """The model cannot read the first question, which is the case's alone."""


_FAILURES = range(400, 600)  # statuses
_OF_OURS: dict[type[BaseException], Cause] = {
    NoSandbox: Cause.SANDBOX_MISSING,
    SandboxBroken: Cause.SANDBOX_BROKEN,
    CaseTooLong: Cause.CASE_TOO_LONG,
    NoJudge: Cause.JUDGE_MISSING,
    UnreadableJudgement: Cause.JUDGE_UNREADABLE,
    NoAnswer: Cause.NO_SCRIPT,
}
_OF_STATUS: dict[int, Cause] = {
    HTTPStatus.UNAUTHORIZED: Cause.KEY_REFUSED,
    HTTPStatus.PAYMENT_REQUIRED: Cause.NO_CREDIT,
    HTTPStatus.FORBIDDEN: Cause.NOT_ALLOWED,
    HTTPStatus.NOT_FOUND: Cause.ADDRESS_WRONG,
    HTTPStatus.METHOD_NOT_ALLOWED: Cause.ADDRESS_WRONG,
    HTTPStatus.REQUEST_TIMEOUT: Cause.ENDPOINT_SLOW,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Cause.CASE_TOO_LONG,
    HTTPStatus.TOO_MANY_REQUESTS: Cause.RATE_LIMITED,
    HTTPStatus.GATEWAY_TIMEOUT: Cause.ENDPOINT_SLOW,
}
# What an answer says beside its status: the cause by status, words for which another one stands, that one.
# Providers agree on statuses and not on these words, hence several spellings of one thing.
_BY_WORDS = (
    (Cause.ADDRESS_WRONG, ("model",), Cause.MODEL_UNKNOWN),
    (Cause.RATE_LIMITED, ("insufficient_quota", "credit", "billing"), Cause.NO_CREDIT),
    (Cause.REQUEST_REFUSED, ("api key", "api_key"), Cause.KEY_REFUSED),
    (Cause.REQUEST_REFUSED, ("credit balance", "billing"), Cause.NO_CREDIT),
    (
        Cause.REQUEST_REFUSED,
        ("context_length", "context length", "context window", "prompt is too long", "too many tokens"),
        Cause.CASE_TOO_LONG,
    ),
)
# By name, so that no client has to be imported to ask; the special before what it derives from.
_OF_CLASS = (
    ("ConnectTimeout", Cause.ENDPOINT_DOWN),
    ("AttemptTimeoutError", Cause.ENDPOINT_SLOW),
    ("StreamIdleTimeoutError", Cause.ENDPOINT_SLOW),
    ("APITimeoutError", Cause.ENDPOINT_SLOW),
    ("TimeoutException", Cause.ENDPOINT_SLOW),
    ("TimeoutError", Cause.ENDPOINT_SLOW),
    ("APIConnectionError", Cause.ENDPOINT_DOWN),
    ("ClientConnectionError", Cause.ENDPOINT_DOWN),
    ("TransportError", Cause.ENDPOINT_DOWN),
    ("ConnectionError", Cause.ENDPOINT_DOWN),
    ("gaierror", Cause.ENDPOINT_DOWN),
    ("JSONDecodeError", Cause.ANSWER_UNREADABLE),
    ("APIResponseValidationError", Cause.ANSWER_UNREADABLE),
    ("ValidationError", Cause.ANSWER_UNREADABLE),
)


def cause_of(error: BaseException) -> Cause:
    """The cause that ERROR, or what led to it, stands for."""
    for link in _chain(error):
        cause = _OF_OURS.get(type(link)) or _by_status(link) or _by_class(link)
        if cause is not None:
            return cause
    return Cause.OTHER


def sentence_of(failure: Failure, status: int | None) -> str:
    """FAILURE as a sentence, with the status of the provider's answer where there was one."""
    words = failure.words[0].upper() + failure.words[1:]
    return f"{words} (status {status})." if status else f"{words}."


def status_of(error: BaseException) -> int | None:
    """The status of the answer that ERROR was made of, if there was one.

    Every client has its own exceptions; a status in one of three attributes is all they share.
    """
    statuses = (_own_status(link) for link in _chain(error))
    return next((status for status in statuses if status is not None), None)


def _own_status(error: BaseException) -> int | None:
    values = (getattr(error, name, None) for name in ("status_code", "code", "status"))
    return next((value for value in values if isinstance(value, int) and value in _FAILURES), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """ERROR, what caused it, what caused that; a retried call ends in an error that only wraps the last."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _by_status(error: BaseException) -> Cause | None:
    status = _own_status(error)
    if status is None:
        return None
    cause = _OF_STATUS.get(status) or (
        Cause.ENDPOINT_BROKEN if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Cause.REQUEST_REFUSED
    )
    # inspect's own error quotes the whole request, with words of the case; this is the provider's answer.
    said = str(getattr(error, "provider_message", None) or error).lower()
    for by_status, words, instead in _BY_WORDS:
        if cause == by_status and any(word in said for word in words):
            return instead
    return cause


def _by_class(error: BaseException) -> Cause | None:
    names = {one.__name__ for one in type(error).__mro__}
    return next((cause for name, cause in _OF_CLASS if name in names), None)
