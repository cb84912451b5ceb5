"""Sets limits, grants more for a period, corrects the ledger: each with its audit row.

A budget is locked before its period, and of several periods the lower id first, as in reserve.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import F

from skills.audit.record import record
from skills.budgets import periods
from skills.budgets.defaults import ceiling_of, ensure_budget, follow
from skills.budgets.models import (
    OWNERS,
    Budget,
    Each,
    EntryKind,
    Grant,
    Hold,
    HoldState,
    LedgerEntry,
    Period,
    Window,
)
from skills.budgets.periods import current
from skills.budgets.terms import MOST, Terms
from skills.lib.bigints import bigint
from skills.lib.clock import now
from skills.lib.errors import Problem, Refused, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Team, Token

_BATCH = 500
_LABEL_LENGTH = 60  # characters, as the column
_NOTE_LENGTH = 300  # characters, as the column


def may_manage(actor: Actor, budget: Budget) -> Account:
    """Who may set limits and grant more: of a shared team and its parts its admins, of all others staff.

    Nobody sets their own: of a person's token it is staff, of a service account's the admins of its team.
    """
    if (team := responsible_team(budget)) is not None:
        return rules.team_admin(actor, team)
    return rules.staff(actor)


def responsible_team(budget: Budget) -> Team | None:
    """The shared team whose admins divide this budget."""
    if budget.token:
        return budget.token.account.service_of
    return budget.team if budget.team and not budget.team.is_personal else None


def budget_of(*, team: Team | None = None, account: Account | None = None) -> Budget:
    """The budget of a team, a person or, with neither, the instance."""
    return ensure_budget(team_id=team.pk if team else None, account_id=account.pk if account else None)


def part_of(
    *, actor: Actor, team: Team, account: Account | None = None, model: str = "", each: str = ""
) -> Budget:
    """The budget of a member or a model in TEAM, or of each session or run of it; made without limits."""
    by = rules.team_admin(actor, team)
    if team.is_personal:
        raise refuse("bad_budget", "A personal team is not divided.", "Set the budget of the person.")
    if [account is not None, bool(model), bool(each)].count(True) != 1 or each not in ("", *Each.values):
        raise refuse("bad_budget", "A part is that of a member, of a model, or of each session or run.")
    if len(model) > _LABEL_LENGTH:
        raise refuse("bad_budget", f"A model's label has at most {_LABEL_LENGTH} characters.")
    if account is not None and not team.memberships.filter(account=account).exists():
        text = f"{account.username} is not in the team {team.handle}."
        raise refuse("bad_budget", text, "Choose a member of the team.")
    columns = {"follows_default": False, "window": Window.NONE if each else Window.MONTH}
    part = {"team": team, "account": account, "token": None, "model": model, "each": each}
    return _make_part(part, columns, by)


def of_token(*, actor: Actor, token: Token, each: str = "") -> Budget:
    """The budget of a token, or of each session or run of it; made without limits."""
    team = token.account.service_of
    by = rules.team_admin(actor, team) if team else rules.staff(actor)
    if each not in ("", *Each.values):
        raise refuse("bad_budget", "A token has a budget, or one of each session or run.")
    columns = {"follows_default": False, "window": Window.NONE if each else Window.MONTH}
    of_one = {"team": None, "account": None, "token": token, "model": "", "each": each}
    return _make_part(of_one, columns, by)


@transaction.atomic
def _make_part(part: Mapping[str, object], columns: Mapping[str, object], by: Account) -> Budget:
    """The budget of a PART; the audit log says who made it, also where nothing is limited yet."""
    budget, is_new = Budget.objects.get_or_create(**part, defaults=columns)
    if is_new:
        team = responsible_team(budget)
        record("budget.part", by=by, target=budget, team_id=team.pk if team else None, each=budget.each)
    return budget


def set_limits(*, actor: Actor, budget: Budget, terms: Terms) -> None:
    """Change a budget; the current period follows at once, what is spent stays spent.

    What staff set is a ceiling for those who manage the budget below them.
    """
    by = may_manage(actor, budget)
    with transaction.atomic():
        budget = locked(budget)
        if budget.each:
            terms = replace(terms, window=Window.NONE, starts_on=1)
        terms.check()
        _check_fits_team(budget, terms)
        ceiling: dict[str, object] = {}
        if actor.is_staff:
            ceiling |= ceiling_of(terms if responsible_team(budget) else Terms())
        else:
            check_ceiling(budget, terms)
        before = _facts(budget)
        periods.change([budget], terms, follows_default=False, **ceiling)
        record(
            "budget.limits", by=by, target=budget, team_id=budget.team_id, before=before, after=_facts(budget)
        )


def follow_default(*, actor: Actor, budget: Budget) -> None:
    """Take back what was set for a person or team: the default holds again, also when it changes."""
    by = rules.staff(actor)
    if budget.is_part or budget.token_id or not (budget.team_id or budget.account_id):
        raise refuse("bad_budget", "Only budgets of people and teams have a default.")
    with transaction.atomic():
        budget = locked(budget)
        before = _facts(budget)
        follow([budget])
        record(
            "budget.limits", by=by, target=budget, team_id=budget.team_id, before=before, after=_facts(budget)
        )


def locked(budget: Budget) -> Budget:
    """BUDGET as it is now, with its owners, until the transaction ends."""
    rows = Budget.objects.select_for_update(of=("self",)).select_related(
        *OWNERS, "token__account__service_of"
    )
    return rows.get(pk=budget.pk)


def _facts(budget: Budget) -> dict[str, object]:
    """What a budget says, for the audit log."""
    return budget.terms.as_columns() | {
        "ceiling_tokens": budget.ceiling_tokens,
        "ceiling_micros": budget.ceiling_micros,
        "follows_default": budget.follows_default,
    }


def _check_fits_team(budget: Budget, terms: Terms) -> None:
    """A part of a team's budget is no larger than what the team has."""
    if not budget.is_part or budget.team is None:
        return
    whole = ensure_budget(team_id=budget.team_id)
    for limit, of_team, amount in (
        (terms.limit_tokens, whole.limit_tokens, tokens_in_words),
        (terms.limit_micros, whole.limit_micros, dollars_in_words),
    ):
        if whole.hard and of_team is not None and limit is not None and limit > of_team:
            has = f"The team {budget.team.handle} has {amount(of_team)}"
            text = f"{has}; a part of it cannot have {amount(limit)}."
            raise refuse("over_ceiling", text, "Set at most what the team has, or leave it empty.")


def check_ceiling(budget: Budget, terms: Terms) -> None:
    """Who manages a budget below staff stays within what staff set: limits, period, and that calls stop."""
    if not budget.has_ceiling:
        return
    problems = []
    for limit, ceiling, amount in (
        (terms.limit_tokens, budget.ceiling_tokens, tokens_in_words),
        (terms.limit_micros, budget.ceiling_micros, dollars_in_words),
    ):
        if ceiling is not None and (limit is None or limit > ceiling):
            wanted = "no limit" if limit is None else amount(limit)
            problems.append(f"Staff set a ceiling of {amount(ceiling)}; it cannot be {wanted}.")
    if not terms.hard:
        problems.append("Below a ceiling calls stop at the limit; it cannot only warn.")
    if terms.schedule != budget.terms.schedule:
        problems.append("The period is set with the ceiling, by staff.")
    if problems:
        raise Refused([Problem("over_ceiling", text, "Ask staff to raise the ceiling.") for text in problems])


def tokens_in_words(tokens: int) -> str:
    return f"{tokens:,} tokens"


def dollars_in_words(micros: int) -> str:
    return f"${micros / 1_000_000:,.2f}"


def grant(
    *,
    actor: Actor,
    budget: Budget,
    tokens: int,
    micros: int,
    note: str,
    expires_at: datetime | None = None,
) -> None:
    """Raise the limits of the current period only, at most until EXPIRES_AT."""
    by = may_manage(actor, budget)
    _check_note(note)
    if not 0 <= tokens <= MOST or not 0 <= micros <= MOST or not tokens + micros:
        raise refuse("bad_budget", "A grant is a positive number of tokens or of money.")
    if expires_at is not None and expires_at <= now():
        raise refuse("bad_budget", "The grant would end before it begins.", "Give a moment to come, or none.")
    if budget.each:
        raise refuse("bad_budget", "Each session or run has its own period.", "Set a higher limit instead.")
    with transaction.atomic():
        budget = locked(budget)
        period = Period.objects.select_for_update(of=("self",)).get(pk=current(budget).pk)
        if (tokens and period.limit_tokens is None) or (micros and period.limit_micros is None):
            raise refuse("bad_budget", "There is no such limit to raise.", "Set a limit first.")
        if tokens:
            period.limit_tokens = (period.limit_tokens or 0) + tokens
        if micros:
            period.limit_micros = (period.limit_micros or 0) + micros
        raised = replace(budget.terms, limit_tokens=period.limit_tokens, limit_micros=period.limit_micros)
        _check_fits_team(budget, raised)
        if not actor.is_staff:
            check_ceiling(budget, raised)
        Grant.objects.create(period=period, tokens=tokens, micros=micros, expires_at=expires_at)
        _change_grant(period, tokens, micros, by=by, note=note)
        record(
            "budget.grant",
            by=by,
            target=budget,
            team_id=budget.team_id,
            tokens=tokens,
            micros=micros,
            note=note,
            expires_at=expires_at.isoformat() if expires_at else None,
        )


def _change_grant(period: Period, tokens: int, micros: int, *, by: Account | None, note: str) -> None:
    """Write the limits of a locked period with the ledger's line of what was granted or ended."""
    periods.forget_marks(period)
    period.save(update_fields=["limit_tokens", "limit_micros", "told_marks", "refused_at"])
    LedgerEntry.objects.create(
        period=period, kind=EntryKind.GRANT, tokens=tokens, micros=micros, actor=by, note=note
    )


def end_expired_grants() -> int:
    """Take away what was granted for a time that is over; what was used of it stays spent. How many."""
    over = Grant.objects.filter(ended_at=None, expires_at__lte=now())
    ids = list(over.order_by("expires_at").values_list("pk", flat=True)[:_BATCH])
    for pk in ids:
        with transaction.atomic():
            grant = Grant.objects.select_related("period").get(pk=pk)
            # The period first, as whoever changes its limits does.
            period = Period.objects.select_for_update(of=("self",)).get(pk=grant.period_id)
            if not Grant.objects.filter(pk=pk, ended_at=None).update(ended_at=now()):
                continue
            if period.limit_tokens is not None:
                period.limit_tokens = max(0, period.limit_tokens - grant.tokens)
            if period.limit_micros is not None:
                period.limit_micros = max(0, period.limit_micros - grant.micros)
            note = "The time of the grant is over."
            _change_grant(period, -grant.tokens, -grant.micros, by=None, note=note)
            target = Budget.objects.select_related(*OWNERS).get(pk=period.budget_id)
            record(
                "budget.grant_end",
                by=None,
                target=target,
                team_id=target.team_id,
                tokens=grant.tokens,
                micros=grant.micros,
            )
    return len(ids)


def adjust(*, actor: Actor, hold: Hold, tokens: int, note: str) -> None:
    """Correct a lost hold to the TOKENS the provider really billed, in each of its periods."""
    adjust_together(actor=actor, holds=[hold], tokens=tokens, note=note)


def adjust_together(*, actor: Actor, holds: Sequence[Hold], tokens: int, note: str) -> None:
    """Correct lost holds, which the provider billed TOKENS for altogether; each takes its share."""
    by = rules.staff(actor)
    _check_note(note)
    with transaction.atomic():
        ids = [hold.pk for hold in holds]
        lost = list(Hold.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        if not lost or any(hold.state != HoldState.LOST or hold.used_tokens is None for hold in lost):
            raise refuse("bad_budget", "Only a lost hold can be corrected, and only once.")
        held = sum(hold.tokens for hold in lost)
        if not 0 <= tokens <= held:
            what = "The call held" if len(lost) == 1 else "The calls held"
            raise refuse("bad_budget", f"{what} {held:,} tokens; it cannot have used more.")
        # All of them first and in order: holds of several people share some of their periods.
        charged = sorted({pk for hold in lost for pk in hold.periods})
        list(Period.objects.select_for_update(of=("self",)).filter(pk__in=charged).order_by("pk"))
        left_tokens, left_held = tokens, held
        for hold in lost:
            share = left_tokens * hold.tokens // max(1, left_held)
            left_tokens, left_held = left_tokens - share, left_held - hold.tokens
            _correct(hold, share, by=by, note=note)


def _correct(hold: Hold, tokens: int, *, by: Account, note: str) -> None:
    """Book that a lost hold used TOKENS; its periods are locked."""
    # Both are negative or 0: a lost hold was charged in full, so a correction only ever takes away.
    token_change = tokens - hold.tokens
    micros_change = 0 if hold.micros is None else round(hold.micros * token_change / max(1, hold.tokens))
    for pk in sorted(hold.periods):
        LedgerEntry.objects.create(
            period_id=pk,
            hold=hold,
            kind=EntryKind.ADJUST,
            tokens=token_change,
            micros=micros_change,
            actor=by,
            note=note,
            price_id=hold.price_id,
            model=hold.model,
            role=hold.role,
            run_id=hold.run_id,
            skill_id=hold.skill_id,
        )
        Period.objects.filter(pk=pk).update(
            spent_tokens=F("spent_tokens") + bigint(token_change),
            spent_micros=F("spent_micros") + bigint(micros_change),
        )
    hold.state, hold.used_tokens = HoldState.SETTLED, tokens
    if hold.used_micros is not None:
        hold.used_micros += micros_change
    hold.save(update_fields=["state", "used_tokens", "used_micros"])
    record("budget.adjust", by=by, target=hold.pk, tokens=token_change, micros=micros_change, note=note)


def _check_note(note: str) -> None:
    if not note.strip() or len(note) > _NOTE_LENGTH:
        raise refuse(
            "reason_missing", f"Say why, in at most {_NOTE_LENGTH} characters.", "It is kept in the ledger."
        )
