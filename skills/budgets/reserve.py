"""Takes what a call may use from every budget it is charged to, before the call is made.

One statement locks the periods in the order of their ids, checks all of them and holds in all or
in none, so that no concurrency can overspend and no two calls can deadlock.

What is held is learnt (measure.py) and far less than the worst case. So a call begins only where its
worst case has room beside what is spent and held: a call that uses more than it holds then still fits.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from skills.budgets.call_roles import CallRole
from skills.budgets.defaults import ensure_budget
from skills.budgets.models import OWNERS, Budget, Each, Period
from skills.budgets.periods import current, is_open
from skills.budgets.terms import bounds
from skills.lib.clock import now

# A price that is unknown makes `fits` null where money is limited, and `coalesce` reads that as no: nothing
# unpriced passes such a budget. The gateway runs it on connections of its own.
STATEMENT = """
with room as (
    select p.id, not b.hard or (
        (p.limit_tokens is null or p.spent_tokens + p.held_tokens + %(most)s <= p.limit_tokens)
        and (p.limit_micros is null
            or p.spent_micros + p.held_micros + %(most_micros)s::bigint <= p.limit_micros)
    ) as fits
    from skills_period p join skills_budget b on b.id = p.budget_id
    where p.id = any(%(periods)s) order by p.id for update of p
), taken as (
    update skills_period p
    set held_tokens = p.held_tokens + %(tokens)s,
        held_micros = p.held_micros + coalesce(%(micros)s::bigint, 0)
    from room where p.id = room.id and (select bool_and(coalesce(fits, false)) from room)
        and (select count(*) from room) = %(count)s
    returning p.id
)
insert into skills_hold
    (id, periods, run_id, account_id, team_id, token_id, agent, session, skill_id, model, instead_of, role,
     tokens, micros, price_id, tokenizer, sent_bytes, state, created_at, expires_at)
select %(id)s, %(periods)s, %(run)s, %(account)s, %(team)s, %(token)s, %(agent)s, %(session)s, %(skill)s,
    %(model)s, %(instead_of)s, %(role)s, %(tokens)s, %(micros)s::bigint, %(price)s::bigint, %(tokenizer)s,
    %(bytes)s::bigint, 'held', %(now)s, %(expires)s
where (select count(*) from taken) = %(count)s
returning id
"""


_SUBJECT_LENGTH = 150  # characters, as the column
Value = str | int | uuid.UUID | datetime | list[int] | None


class OutOfBudget(Exception):
    """The call does not fit, even when every open hold comes back; `period` is the one without room."""

    def __init__(self, text: str, period: Period | None = None) -> None:
        super().__init__(text)
        self.period = period


class Busy(Exception):
    """The call does not fit beside the calls in flight; it may when they are settled."""


class Unpriced(OutOfBudget):
    """A budget is limited in money and the model has no approved price."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who makes a call, and with what: for reports; the periods say who pays.

    `agent` is the program, `session` the conversation as the program names it; "" where nobody knows.
    """

    account_id: int | None = None
    team_id: int | None = None
    token_id: int | None = None
    agent: str = ""
    session: str = ""


NOBODY = Caller()


@dataclass(frozen=True, kw_only=True)
class Call:
    """What one call to a model holds, in tokens and, where its price is known, micros.

    `most_tokens` and `most_micros` are its worst case, where that is more. `seconds` pass until an open hold
    is taken for lost. `tokenizer` and `sent_bytes` are what later calls learn from. `instead_of` is the model
    that was asked for and did not answer.
    """

    model: str
    role: CallRole
    tokens: int
    micros: int | None
    most_tokens: int = 0
    most_micros: int | None = None
    price_id: int | None = None
    tokenizer: str = ""
    sent_bytes: int | None = None
    run_id: int | None = None
    skill_id: int | None = None
    caller: Caller = NOBODY
    instead_of: str = ""
    seconds: int = 900

    @property
    def worst_tokens(self) -> int:
        return max(self.tokens, self.most_tokens)

    @property
    def worst_micros(self) -> int | None:
        return None if self.micros is None else max(self.micros, self.most_micros or 0)


def reserve(periods: list[int], call: Call) -> uuid.UUID:
    """Hold what CALL may use; raises OutOfBudget or Busy, and then nothing is held."""
    hold = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, values_of(hold, periods, call))
        if cursor.fetchone():
            return hold
    raise refusal(periods, call)


def values_of(hold: uuid.UUID, periods: list[int], call: Call) -> dict[str, Value]:
    """What STATEMENT is run with to hold CALL under the id HOLD; it returns a row where all of it fits."""
    moment = now()
    return {
        "id": hold,
        "periods": sorted(periods),
        "count": len(periods),
        "tokens": call.tokens,
        "micros": call.micros,
        "most": call.worst_tokens,
        "most_micros": call.worst_micros,
        "price": call.price_id,
        "tokenizer": call.tokenizer,
        "bytes": call.sent_bytes,
        "run": call.run_id,
        "account": call.caller.account_id,
        "team": call.caller.team_id,
        "token": call.caller.token_id,
        "agent": call.caller.agent,
        "session": call.caller.session,
        "skill": call.skill_id,
        "model": call.model,
        "instead_of": call.instead_of,
        "role": call.role,
        "now": moment,
        "expires": moment + timedelta(seconds=call.seconds),
    }


def refusal(periods: list[int], call: Call) -> Exception:
    """Why a call did not fit, by the figures of this moment: they may have changed since the statement."""
    rows = Period.objects.filter(pk__in=periods, budget__hard=True)
    for period in rows.select_related("budget", *(f"budget__{owner}" for owner in OWNERS)):
        if period.limit_micros is not None and call.micros is None:
            return Unpriced(
                f"{call.model} has no approved price, and the {period.budget} is limited in money.", period
            )
        if not _would_fit(period, call):
            # Once a period, so that refusals write nothing and wait for nobody.
            Period.objects.filter(pk=period.pk, refused_at=None).update(refused_at=now())
            text = f"The {period.budget} has no room for {call.worst_tokens:,} more tokens."
            return OutOfBudget(text, period)
    return Busy("Calls in flight hold what is left.")


def _would_fit(period: Period, call: Call) -> bool:
    """Whether the call fits once every open hold has come back."""
    fits_tokens = period.unspent_tokens is None or call.worst_tokens <= period.unspent_tokens
    return fits_tokens and (
        period.unspent_micros is None or (call.worst_micros or 0) <= period.unspent_micros
    )


def charged(
    *,
    team_id: int | None,
    account_id: int | None,
    token_id: int | None = None,
    model: str = "",
    session: str = "",
    run_id: int | None = None,
) -> list[int]:
    """The current periods of every budget that a call is charged to; made on their first use.

    Instance, team and person always have one. What belongs to a member or model of the team (its label), to
    the token, or to each session or run, is charged where somebody made a budget for it. Two queries, once
    there is a period for each.
    """
    subjects = {"": ""}
    if session:
        # With the person: one session's name must not use up another person's.
        subjects[Each.SESSION] = f"{account_id}:{session}"[:_SUBJECT_LENGTH]
    if run_id:
        subjects[Each.RUN] = str(run_id)
    applies = Q(team=None, account=None, token=None)
    if team_id:
        applies |= Q(team=team_id, model__in={"", model}) & (Q(account=None) | Q(account=account_id))
    if account_id:
        applies |= Q(team=None, account=account_id)
    if token_id:
        applies |= Q(token=token_id)
    found = list(Budget.objects.filter(applies, each__in=subjects))
    found += _made(found, team_id, account_id)
    rows = Period.objects.filter(budget__in=found, subject__in=subjects.values(), starts_at__lte=now())
    running = {
        (row.budget_id, row.subject, row.ends_at): row.pk
        for row in rows.filter(is_open()).order_by("starts_at")
    }
    periods = []
    for budget in sorted(found, key=lambda budget: budget.pk):
        subject = subjects[budget.each]
        pk = running.get((budget.pk, subject, bounds(budget.terms, now())[1]))
        periods.append(pk or current(budget, subject).pk)
    return sorted(periods)


def _made(found: list[Budget], team_id: int | None, account_id: int | None) -> list[Budget]:
    """The budgets of instance, team and person that are not among those FOUND."""
    whole = {
        (budget.team_id, budget.account_id) for budget in found if not budget.token_id and not budget.is_part
    }
    wanted = {(None, None), (team_id, None), (None, account_id)} - whole
    return [ensure_budget(team_id=team, account_id=account) for team, account in sorted(wanted, key=str)]
