"""Why a call is not served, in a sentence for its agent's owner; each protocol has its own shape."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from skills.budgets.models import Budget, Period, Window
from skills.budgets.reserve import OutOfBudget, Unpriced
from skills.lib.clock import now

_LONGEST_WAIT = 7 * 86_400  # seconds that a client is told to wait
_RHYTHMS: Mapping[str, str] = {Window.DAY: "daily", Window.WEEK: "weekly", Window.MONTH: "monthly"}


class Refusal(Exception):
    """A call that is not served. `retry_after` are seconds; where `lasts`, trying again is of no use."""

    resets_at: datetime | None = None  # of a budget without room

    def __init__(
        self, status: HTTPStatus, text: str, *, code: str, retry_after: int | None = None, lasts: bool = False
    ) -> None:
        super().__init__(text)
        self.status, self.text, self.code = status, text, code
        self.retry_after, self.lasts = retry_after, lasts


@dataclass(frozen=True)
class RefusalAnswer:
    """A refusal as a protocol says it; `headers` are those that its clients look at."""

    document: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RefusalShape:
    """How a protocol calls a kind of refusal, by status."""

    names: dict[HTTPStatus, str]

    def name(self, status: HTTPStatus) -> str:
        return self.names.get(status) or self.names[HTTPStatus.INTERNAL_SERVER_ERROR]


def bad_request(text: str, *, code: str = "bad_request") -> Refusal:
    return Refusal(HTTPStatus.BAD_REQUEST, text, code=code, lasts=True)


def bad_token() -> Refusal:
    text = "The key is no SkillHub token, or it is expired or revoked. Make one with the scope models."
    return Refusal(HTTPStatus.UNAUTHORIZED, text, code="bad_token", lasts=True)


def no_scope() -> Refusal:
    text = "This token may not call models. Make one with the scope models under Account › Tokens."
    return Refusal(HTTPStatus.FORBIDDEN, text, code="scope_missing", lasts=True)


def too_large(most: int) -> Refusal:
    text = f"A request has at most {most:,} bytes."
    return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text, code="too_large", lasts=True)


def too_slow() -> Refusal:
    return Refusal(HTTPStatus.REQUEST_TIMEOUT, "The request came too slowly.", code="too_slow")


def no_model(text: str) -> Refusal:
    return Refusal(HTTPStatus.NOT_FOUND, text, code="no_model", lasts=True)


def out_of_budget(error: OutOfBudget) -> Refusal:
    """Which budget, who can mend that, and when it resets."""
    period = error.period
    if isinstance(error, Unpriced):
        return _too_much(f"{error} SkillHub's staff can approve a price.")
    if period is None:
        return _too_much(str(error))
    refusal = _too_much(f"{error} {_who_raises(period.budget)} {_when_it_resets(period)}")
    refusal.resets_at = period.ends_at
    if period.ends_at is not None:
        seconds = int((period.ends_at - now()).total_seconds())
        refusal.retry_after = max(1, min(seconds, _LONGEST_WAIT))
    return refusal


def _too_much(text: str) -> Refusal:
    return Refusal(HTTPStatus.TOO_MANY_REQUESTS, text, code="out_of_budget", lasts=True)


def _who_raises(budget: Budget) -> str:
    if budget.team is not None and not budget.team.is_personal:
        return f"An admin of {budget.team.handle} can raise it."
    return "SkillHub's staff can raise it."


def _when_it_resets(period: Period) -> str:
    """In words by which OpenClaw knows that it neither waits for that nor keeps the sentence to itself."""
    if period.ends_at is None:
        return "This usage limit never resets by itself."
    rhythm = _RHYTHMS[period.budget.window]
    return f"This {rhythm} usage limit resets on {period.ends_at:%-d %B %Y at %H:%M} UTC."


def busy(seconds: int) -> Refusal:
    text = "Other calls under way hold what is left of the budget. Try again in a moment."
    return Refusal(HTTPStatus.TOO_MANY_REQUESTS, text, code="busy", retry_after=seconds)


def too_much_under_way(seconds: int) -> Refusal:
    text = "Your requests under way take too much memory together. Send fewer large ones at a time."
    return Refusal(HTTPStatus.TOO_MANY_REQUESTS, text, code="too_much_under_way", retry_after=seconds)


def books_away() -> Refusal:
    text = "SkillHub cannot reach its database, so nothing can be charged and nothing is called."
    return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, text, code="unavailable", retry_after=5)


def our_fault() -> Refusal:
    text = "SkillHub could not serve this call. What is known of it is in its log."
    return Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, text, code="internal", lasts=True)


def provider_away(where: str, *, seconds: int | None = None) -> Refusal:
    text = f"The provider {where} does not answer."
    return Refusal(HTTPStatus.BAD_GATEWAY, text, code="provider_away", retry_after=seconds)


def provider_key(where: str) -> Refusal:
    text = f"The provider {where} refuses the key that SkillHub has for it. SkillHub's staff can mend that."
    return Refusal(HTTPStatus.BAD_GATEWAY, text, code="provider_key", lasts=True)


def provider_speaks_otherwise(where: str) -> Refusal:
    text = f"The provider {where} answered with something that is no answer of a model."
    return Refusal(HTTPStatus.BAD_GATEWAY, text, code="provider_broken", lasts=True)
