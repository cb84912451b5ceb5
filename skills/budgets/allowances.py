"""Sets limits, grants more for a period, corrects the ledger: each with its audit row.

A budget is locked before its period, and of several periods the lower id first, as in reserve.py.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import BigIntegerField, F, Value

from skills.audit.record import record
from skills.budgets.models import Budget, EntryKind, Hold, HoldState, LedgerEntry, Period, Window
from skills.budgets.reserve import current
from skills.lib.errors import refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Team

MOST = 10**15  # tokens or micros; sums of thousands of them still fit a bigint of 2**63
_WHOLE = 100  # per cent
_NOTE_LENGTH = 300  # characters, as the column


def may_manage(actor: Actor, budget: Budget) -> Account:
    """Admins manage their shared team's budget; staff every one."""
    if budget.team and not budget.team.is_personal:
        return rules.team_admin(actor, budget.team)
    return rules.staff(actor)


def budget_of(*, team: Team | None = None, account: Account | None = None) -> Budget:
    """The budget of a team, a person or, with neither, the instance."""
    return Budget.objects.get_or_create(team=team, account=account)[0]


def set_limits(
    *,
    actor: Actor,
    budget: Budget,
    window: str,
    limit_tokens: int | None,
    limit_micros: int | None,
    soft_percent: int,
    hard: bool,
) -> None:
    """Change a budget; the current period follows at once, what is spent stays spent."""
    by = may_manage(actor, budget)
    if window not in Window.values:
        raise refuse("bad_budget", f"There is no period {window!r}.", "Use day, week, month or none.")
    if any(limit is not None and not 0 <= limit <= MOST for limit in (limit_tokens, limit_micros)):
        raise refuse("bad_budget", f"A limit lies between 0 and {MOST:,}.", "Leave it empty for no limit.")
    if not 1 <= soft_percent <= _WHOLE:
        raise refuse("bad_budget", "The mark for a notice lies between 1 and 100 per cent.")
    new = {
        "window": window,
        "limit_tokens": limit_tokens,
        "limit_micros": limit_micros,
        "soft_percent": soft_percent,
        "hard": hard,
    }
    with transaction.atomic():
        budget = Budget.objects.select_for_update(of=("self",)).get(pk=budget.pk)
        before = {name: getattr(budget, name) for name in new}
        for name, value in new.items():
            setattr(budget, name, value)
        budget.save()
        period = current(budget)
        Period.objects.filter(pk=period.pk).update(
            limit_tokens=limit_tokens, limit_micros=limit_micros, warned_at=None
        )
        record("budget.limits", by=by, target=budget, team_id=budget.team_id, before=before, after=new)


def grant(*, actor: Actor, budget: Budget, tokens: int, micros: int, note: str) -> None:
    """Raise the limits of the current period only."""
    by = may_manage(actor, budget)
    _check_note(note)
    if not 0 <= tokens <= MOST or not 0 <= micros <= MOST or not tokens + micros:
        raise refuse("bad_budget", "A grant is a positive number of tokens or of money.")
    with transaction.atomic():
        period = Period.objects.select_for_update(of=("self",)).get(pk=current(budget).pk)
        if (tokens and period.limit_tokens is None) or (micros and period.limit_micros is None):
            raise refuse("bad_budget", "There is no such limit to raise.", "Set a limit first.")
        Period.objects.filter(pk=period.pk).update(
            limit_tokens=F("limit_tokens") + _bigint(tokens) if tokens else F("limit_tokens"),
            limit_micros=F("limit_micros") + _bigint(micros) if micros else F("limit_micros"),
            warned_at=None,
        )
        LedgerEntry.objects.create(
            period=period, kind=EntryKind.GRANT, tokens=tokens, micros=micros, actor=by, note=note
        )
        record(
            "budget.grant",
            by=by,
            target=budget,
            team_id=budget.team_id,
            tokens=tokens,
            micros=micros,
            note=note,
        )


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
        periods = sorted({pk for hold in lost for pk in hold.periods})
        list(Period.objects.select_for_update(of=("self",)).filter(pk__in=periods).order_by("pk"))
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
            spent_tokens=F("spent_tokens") + _bigint(token_change),
            spent_micros=F("spent_micros") + _bigint(micros_change),
        )
    hold.state, hold.used_tokens = HoldState.SETTLED, tokens
    if hold.used_micros is not None:
        hold.used_micros += micros_change
    hold.save(update_fields=["state", "used_tokens", "used_micros"])
    record("budget.adjust", by=by, target=hold.pk, tokens=token_change, micros=micros_change, note=note)


def _bigint(number: int) -> Value:
    """NUMBER for an expression: Django sends a bare int as one of 32 bits, and psycopg cuts off the rest."""
    return Value(number, output_field=BigIntegerField())


def _check_note(note: str) -> None:
    if not note.strip() or len(note) > _NOTE_LENGTH:
        raise refuse(
            "reason_missing", f"Say why, in at most {_NOTE_LENGTH} characters.", "It is kept in the ledger."
        )
