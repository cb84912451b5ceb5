"""Which cause an exception stands for. Every provider's client has its own; their statuses are alike."""

from collections.abc import Iterator
from http import HTTPStatus

from skills.evals.engines.scripted import NoAnswer
from skills.evals.engines.trial_tools import NoSandbox, SandboxBroken
from skills.portfolio.circuit import EndpointAway
from skills.verdicts.causes import Failure, FailureCause
from skills.verdicts.grade import NoPrice, UnreadableJudgement


class NoJudge(Exception):
    """An assertion needs a judge, and the run has none."""


class NoVectors(Exception):
    """An assertion compares meanings, and there is no embedding model that answers."""


class CaseTooLong(Exception):
    """The model cannot read the first question, which is the case's alone."""


_FAILURES = range(400, 600)  # statuses
_OF_OURS: dict[type[BaseException], FailureCause] = {
    NoSandbox: FailureCause.SANDBOX_MISSING,
    SandboxBroken: FailureCause.SANDBOX_BROKEN,
    CaseTooLong: FailureCause.CASE_TOO_LONG,
    NoJudge: FailureCause.JUDGE_MISSING,
    NoVectors: FailureCause.VECTORS_AWAY,
    NoPrice: FailureCause.NO_PRICE,
    UnreadableJudgement: FailureCause.JUDGE_UNREADABLE,
    NoAnswer: FailureCause.NO_SCRIPT,
    EndpointAway: FailureCause.ENDPOINT_DOWN,
}
_OF_STATUS: dict[int, FailureCause] = {
    HTTPStatus.UNAUTHORIZED: FailureCause.KEY_REFUSED,
    HTTPStatus.PAYMENT_REQUIRED: FailureCause.NO_CREDIT,
    HTTPStatus.FORBIDDEN: FailureCause.NOT_ALLOWED,
    HTTPStatus.NOT_FOUND: FailureCause.ADDRESS_WRONG,
    HTTPStatus.METHOD_NOT_ALLOWED: FailureCause.ADDRESS_WRONG,
    HTTPStatus.REQUEST_TIMEOUT: FailureCause.ENDPOINT_SLOW,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: FailureCause.CASE_TOO_LONG,
    HTTPStatus.TOO_MANY_REQUESTS: FailureCause.RATE_LIMITED,
    HTTPStatus.GATEWAY_TIMEOUT: FailureCause.ENDPOINT_SLOW,
}
# What an answer says beside its status: the cause by status, words for which another one stands, that one.
# Providers agree on statuses and not on these words, hence several spellings of one thing.
_BY_WORDS = (
    (FailureCause.ADDRESS_WRONG, ("model",), FailureCause.MODEL_UNKNOWN),
    (FailureCause.RATE_LIMITED, ("insufficient_quota", "credit", "billing"), FailureCause.NO_CREDIT),
    (FailureCause.REQUEST_REFUSED, ("api key", "api_key"), FailureCause.KEY_REFUSED),
    (FailureCause.REQUEST_REFUSED, ("credit balance", "billing"), FailureCause.NO_CREDIT),
    (
        FailureCause.REQUEST_REFUSED,
        ("context_length", "context length", "context window", "prompt is too long", "too many tokens"),
        FailureCause.CASE_TOO_LONG,
    ),
)
# By name, so that no client has to be imported to ask; the special before what it derives from.
_OF_CLASS = (
    ("Away", FailureCause.VECTORS_AWAY),
    ("ConnectTimeout", FailureCause.ENDPOINT_DOWN),
    ("AttemptTimeoutError", FailureCause.ENDPOINT_SLOW),
    ("StreamIdleTimeoutError", FailureCause.ENDPOINT_SLOW),
    ("APITimeoutError", FailureCause.ENDPOINT_SLOW),
    ("TimeoutException", FailureCause.ENDPOINT_SLOW),
    ("TimeoutError", FailureCause.ENDPOINT_SLOW),
    ("APIConnectionError", FailureCause.ENDPOINT_DOWN),
    ("ClientConnectionError", FailureCause.ENDPOINT_DOWN),
    ("TransportError", FailureCause.ENDPOINT_DOWN),
    ("ConnectionError", FailureCause.ENDPOINT_DOWN),
    ("gaierror", FailureCause.ENDPOINT_DOWN),
    ("JSONDecodeError", FailureCause.ANSWER_UNREADABLE),
    ("APIResponseValidationError", FailureCause.ANSWER_UNREADABLE),
    ("ValidationError", FailureCause.ANSWER_UNREADABLE),
)


def cause_of(error: BaseException) -> FailureCause:
    """The cause that ERROR, or what led to it, stands for."""
    for link in _chain(error):
        cause = _OF_OURS.get(type(link)) or _by_status(link) or _by_class(link)
        if cause is not None:
            return cause
    return FailureCause.OTHER


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


def _by_status(error: BaseException) -> FailureCause | None:
    status = _own_status(error)
    if status is None:
        return None
    failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    unknown = FailureCause.ENDPOINT_BROKEN if failed else FailureCause.REQUEST_REFUSED
    cause = _OF_STATUS.get(status, unknown)
    # inspect's own error quotes the whole request, with words of the case; this is the provider's answer.
    said = str(getattr(error, "provider_message", None) or error).lower()
    for by_status, words, instead in _BY_WORDS:
        if cause == by_status and any(word in said for word in words):
            return instead
    return cause


def _by_class(error: BaseException) -> FailureCause | None:
    names = {one.__name__ for one in type(error).__mro__}
    return next((cause for name, cause in _OF_CLASS if name in names), None)
