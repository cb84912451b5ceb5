"""Sets the budgets of many people at once: from lines of CSV, shown as a plan before anything changes."""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from skills.budgets import allowances, board
from skills.budgets.models import Budget
from skills.budgets.terms import MOST, Terms
from skills.lib import whole_numbers
from skills.lib.errors import Problem, Refused
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account

MOST_LINES = 5_000
MOST_CHARACTERS = 500_000
COLUMNS = ("person", "tokens", "dollars", "period", "stop")
_NO_LIMIT = ("", "none")
_MICROS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class BudgetChange:
    """What a person has and would have. `line` is where it was asked for."""

    account: Account
    line: int
    before: Terms
    after: Terms
    is_new: bool

    @property
    def changes(self) -> bool:
        return self.is_new or self.before != self.after


@dataclass(frozen=True)
class BudgetPlan:
    """Everything a CSV asks for, and everything wrong with it. With a problem nothing is carried out."""

    changes: Sequence[BudgetChange]
    problems: Sequence[Problem]

    @property
    def digest(self) -> str:
        """Stands for the plan that somebody saw: another one has another."""
        seen = [(change.account.pk, change.before, change.after) for change in self.changes]
        return hashlib.sha256(repr(seen).encode()).hexdigest()


def plan(*, actor: Actor, text: str) -> BudgetPlan:
    """Read TEXT, a CSV with COLUMNS, of which only `person` must be there: what is absent stays as it is.

    Empty or `none` is no limit.
    """
    rules.staff(actor)
    if len(text) > MOST_CHARACTERS:
        return BudgetPlan([], [_wrong(0, "The CSV is longer than 500,000 characters.", "Send it in parts.")])
    if "\0" in text:
        return BudgetPlan([], [_wrong(0, "This is no text.", "Save it as CSV in UTF-8.")])
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    problems: list[Problem] = []
    lines: dict[str, tuple[int, Mapping[str, str]]] = {}
    try:
        names = [name.strip().lower() for name in reader.fieldnames or ()]
        if "person" not in names or not set(names) <= set(COLUMNS):
            remedy = f"Begin with the line {','.join(COLUMNS)}, or fewer of these columns."
            return BudgetPlan([], [_wrong(1, "The first line does not name the columns.", remedy)])
        reader.fieldnames = names
        for row in reader:
            _take(row, reader.line_num, lines, problems)
            if len(lines) > MOST_LINES:
                too_many = _wrong(
                    reader.line_num, f"There are more than {MOST_LINES:,} lines.", "Send it in parts."
                )
                return BudgetPlan([], [too_many])
    except csv.Error as error:
        return BudgetPlan([], [_wrong(reader.reader.line_num, f"This is no CSV: {error}.", "Mend the line.")])
    if not lines and not problems:
        problems.append(_wrong(1, "There is nobody in it.", "Write a line for each person."))
    return _planned(lines, problems)


def _take(
    row: Mapping[str, str | None],
    line: int,
    lines: dict[str, tuple[int, Mapping[str, str]]],
    problems: list[Problem],
) -> None:
    if None in row or None in row.values():
        problems.append(
            _wrong(line, "The line has more or fewer values than the first one.", "Mend the line.")
        )
        return
    values = {name: (value or "").strip() for name, value in row.items()}
    person = values.pop("person").lower()
    if not person:
        problems.append(_wrong(line, "The line names no person.", "Write a handle or an e-mail address."))
    elif person in lines:
        text = f"{person} stands in line {lines[person][0]} already."
        problems.append(_wrong(line, text, "Keep one line for each person."))
    else:
        lines[person] = line, values


def _planned(lines: Mapping[str, tuple[int, Mapping[str, str]]], problems: list[Problem]) -> BudgetPlan:
    found = _people(list(lines))
    rows = {row.owner.pk: row for row in board.rows_of_people(list(set(found.values())))}
    changes: list[BudgetChange] = []
    seen: dict[int, int] = {}
    for person, (line, values) in lines.items():
        account = found.get(person)
        if account is None:
            problems.append(
                _wrong(line, f"There is nobody called {person}.", "Write a handle or an e-mail address.")
            )
            continue
        if account.pk in seen:
            text = f"{person} stands in line {seen[account.pk]} already, by another name."
            problems.append(_wrong(line, text, "Keep one line for each person."))
            continue
        seen[account.pk] = line
        budget = rows[account.pk].budget
        try:
            after = _terms(budget.terms, values)
        except Refused as refused:
            problems += [replace(problem, line=line) for problem in refused.problems]
            continue
        is_new = budget.follows_default
        changes.append(
            BudgetChange(account=account, line=line, before=budget.terms, after=after, is_new=is_new)
        )
    return BudgetPlan(changes, sorted(problems, key=lambda problem: problem.line))


def _people(names: list[str]) -> dict[str, Account]:
    """Active accounts by the handles or e-mail addresses among NAMES."""
    active = Account.objects.filter(is_active=True).select_related("service_of").annotate(mail=Lower("email"))
    rows = active.filter(Q(username__in=names) | Q(mail__in=names))
    return {name: row for row in rows for name in (row.email.lower(), row.username) if name in names}


def _terms(before: Terms, values: Mapping[str, str]) -> Terms:
    """BEFORE with what a line says."""
    changed: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, value in values.items():
        try:
            changed |= _READERS[name](value.lower())
        except (InvalidOperation, ValueError):
            problems.append(_wrong(0, f"{value!r} cannot be read under {name}.", _REMEDIES[name]))
    if problems:
        raise Refused(problems)
    after = replace(before, **changed)
    after.check()
    return after


def _read_tokens(text: str) -> dict[str, Any]:
    if text in _NO_LIMIT:
        return {"limit_tokens": None}
    tokens = whole_numbers.from_text(text.replace("_", ""), None, most=MOST)
    if tokens is None:
        raise ValueError(text)
    return {"limit_tokens": tokens}


def _read_dollars(text: str) -> dict[str, Any]:
    return {"limit_micros": None if text in _NO_LIMIT else _micros(text)}


def _read_period(text: str) -> dict[str, Any]:
    return {"window": text, "starts_on": 1} if text else {}


def _read_stop(text: str) -> dict[str, Any]:
    if text not in ("", "yes", "no"):
        raise ValueError(text)
    return {"hard": text == "yes"} if text else {}


_READERS = {"tokens": _read_tokens, "dollars": _read_dollars, "period": _read_period, "stop": _read_stop}
_REMEDIES = {
    "tokens": "Write digits, or none for no limit.",
    "dollars": "Write it as 12.50, or none for no limit.",
    "period": "Write day, week, month or none.",
    "stop": "Write yes where calls stop at the limit, else no.",
}


def _micros(text: str) -> int:
    """Micros in a decimal number of dollars; raises where it is none, or finer than a micro."""
    if len(text) > 20:
        raise ValueError(text)
    micros = Decimal(text) * _MICROS
    if not micros.is_finite() or micros != micros.to_integral_value() or not 0 <= micros <= MOST:
        raise ValueError(text)
    return int(micros)


def _wrong(line: int, text: str, remedy: str) -> Problem:
    return Problem("bad_line", text, remedy, line=line)


def carry_out(*, actor: Actor, plan: BudgetPlan) -> int:
    """Set every budget of PLAN, all or none; returns how many changed."""
    rules.staff(actor)
    if plan.problems:
        raise Refused(plan.problems)
    changes = sorted((change for change in plan.changes if change.changes), key=lambda one: one.account.pk)
    with transaction.atomic():
        made = [(allowances.budget_of(account=change.account), change.after) for change in changes]
        # In the order of their ids, as everybody locks budgets.
        for budget, terms in sorted(made, key=_by_id):
            allowances.set_limits(actor=actor, budget=budget, terms=terms)
    return len(made)


def _by_id(one: tuple[Budget, Terms]) -> int:
    return one[0].pk
