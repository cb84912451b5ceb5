"""Limits, grants and corrections: who may, within which bounds, and what the audit log says."""

import pytest

from skills.audit.models import Event
from skills.budgets import allowances, selectors, settle, verify
from skills.budgets.allowances import MOST
from skills.budgets.models import Budget, Hold, LedgerEntry, Period
from skills.budgets.settle import Usage
from skills.lib.errors import Forbidden, Refused
from skills.people.actor import Actor
from tests.budgets.making import hold, set_limits
from tests.factories import a_person, actor


@pytest.fixture
def budget(team) -> Budget:
    return allowances.budget_of(team=team)


@pytest.fixture
def boss(db):
    return a_person("boss", staff=True)


def grant(by, budget, **more):
    values = {"tokens": 100, "micros": 0, "note": "release week"} | more
    allowances.grant(actor=actor(by), budget=budget, **values)


@pytest.fixture
def lost(team, owner) -> Hold:
    settle.lose(hold(team, owner, 600, 60, model="large", role="judge", run_id=7, skill_id=8), "broken")
    return Hold.objects.get()


def adjust(by, lost, tokens=100, note="the invoice says so"):
    allowances.adjust(actor=actor(by), hold=lost, tokens=tokens, note=note)


def test_a_budget_is_made_when_it_is_first_asked_for(team, owner):
    assert allowances.budget_of() == allowances.budget_of()
    assert allowances.budget_of(team=team).team == team
    assert allowances.budget_of(account=owner).account == owner
    assert Budget.objects.count() == 3


def test_a_budget_without_limits_is_what_everybody_begins_with(budget):
    assert (budget.limit_tokens, budget.limit_micros) == (None, None)
    assert (budget.window, budget.marks, budget.hard) == ("month", [50, 80, 100], True)


def test_staff_manage_every_budget(boss, team, owner):
    for budget in (
        allowances.budget_of(),
        allowances.budget_of(team=team),
        allowances.budget_of(account=owner),
        allowances.budget_of(team=owner.personal_team),
    ):
        assert allowances.may_manage(actor(boss), budget) == boss


def test_admins_manage_the_budget_of_their_shared_team_only(owner, team):
    assert allowances.may_manage(actor(owner), allowances.budget_of(team=team)) == owner

    for budget in (
        allowances.budget_of(),
        allowances.budget_of(account=owner),
        allowances.budget_of(team=owner.personal_team),
    ):
        with pytest.raises(Forbidden, match="Only instance staff"):
            allowances.may_manage(actor(owner), budget)


def test_a_token_without_the_admin_scope_manages_nothing(owner, budget, team):
    publishing = Actor(owner, {team.pk: "admin"}, frozenset({"read", "publish"}))

    with pytest.raises(Forbidden, match="scope `admin`"):
        allowances.may_manage(publishing, budget)


def test_the_limits_of_a_budget_hold_for_the_period_that_runs(owner, budget):
    set_limits(owner, budget, limit_tokens=500, limit_micros=7)

    period = Period.objects.get()
    assert (period.limit_tokens, period.limit_micros) == (500, 7)
    budget.refresh_from_db()
    assert (budget.limit_tokens, budget.limit_micros) == (500, 7)


def test_new_limits_forget_no_spending(owner, team, budget):
    settle.settle(hold(team, owner, 80), Usage(80), None)

    set_limits(owner, budget, limit_tokens=100)

    assert Period.objects.get(budget=budget).spent_tokens == 80


def test_new_limits_make_a_new_warning_possible(owner, budget):
    set_limits(owner, budget, limit_tokens=100)
    Period.objects.update(told_marks=[50, 80])

    set_limits(owner, budget, limit_tokens=200)

    assert Period.objects.get().told_marks == []


def test_another_window_goes_on_with_the_same_period(owner, budget):
    set_limits(owner, budget, window="month", limit_tokens=100)
    set_limits(owner, budget, window="none", limit_tokens=200)

    assert list(Period.objects.order_by("pk").values_list("limit_tokens", flat=True)) == [200]
    assert selectors.standing(team=budget.team).period.ends_at is None


def test_a_change_of_limits_is_recorded_with_what_was_before(owner, team, budget):
    set_limits(owner, budget, limit_tokens=500, window="week", marks=(50,), hard=False)

    row = Event.objects.get(act="budget.limits")
    assert (row.actor_name, row.target, row.team_id) == ("owner", "budget of the team crew", team.pk)
    before, after = row.detail["before"], row.detail["after"]
    changed = {name for name in after if before[name] != after[name]}
    assert changed == {"window", "limit_tokens", "marks", "hard", "follows_default"}
    assert (before["limit_tokens"], after["limit_tokens"]) == (None, 500)
    assert (before["marks"], after["marks"]) == ([50, 80, 100], [50])


@pytest.mark.parametrize(
    ("values", "right"),
    [
        ({"window": "year"}, False),
        ({"window": ""}, False),
        ({"limit_tokens": -1}, False),
        ({"limit_tokens": 0}, True),
        ({"limit_tokens": MOST}, True),
        ({"limit_tokens": MOST + 1}, False),
        ({"limit_micros": -1}, False),
        ({"limit_micros": MOST}, True),
        ({"limit_micros": MOST + 1}, False),
        ({"marks": (0,)}, False),
        ({"marks": (1,)}, True),
        ({"marks": (100,)}, True),
        ({"marks": (50, 101)}, False),
        ({"marks": tuple(range(1, 12))}, False),
    ],
)
def test_limits_have_bounds(values, right, owner, budget):
    before = Budget.objects.values().get(pk=budget.pk)

    if right:
        set_limits(owner, budget, **values)
        assert Budget.objects.filter(pk=budget.pk, **values).exists()
        return
    with pytest.raises(Refused) as refusal:
        set_limits(owner, budget, **values)
    assert refusal.value.problems[0].code == "bad_budget"
    assert Budget.objects.values().get(pk=budget.pk) == before
    assert not Event.objects.filter(act="budget.limits").exists()


@pytest.mark.parametrize("by", ["mate", "stranger"])
def test_reviewers_and_strangers_set_no_limit_and_grant_nothing(by, request, owner, budget):
    set_limits(owner, budget, limit_tokens=100)
    asking = request.getfixturevalue(by)

    with pytest.raises(Forbidden):
        set_limits(asking, budget, limit_tokens=10**9)
    with pytest.raises(Forbidden):
        grant(asking, budget)

    assert Period.objects.get().limit_tokens == 100
    assert not LedgerEntry.objects.exists()


def test_a_grant_stands_in_the_ledger_and_is_no_spending(owner, budget):
    set_limits(owner, budget, limit_tokens=100, limit_micros=50)

    grant(owner, budget, tokens=30, micros=5)

    period = Period.objects.get()
    assert (period.limit_tokens, period.limit_micros) == (130, 55)
    assert (period.spent_tokens, period.spent_micros) == (0, 0)
    line = LedgerEntry.objects.get()
    assert (line.kind, line.tokens, line.micros, line.actor, line.note) == (
        "grant",
        30,
        5,
        owner,
        "release week",
    )
    assert verify.differences() == []


@pytest.mark.parametrize(
    ("tokens", "micros", "limits"),
    [
        (30, 0, (130, 50)),
        (0, 5, (100, 55)),
        (2**31, 0, (2**31 + 100, 50)),
        (0, 2**31, (100, 2**31 + 50)),
        (MOST, 0, (MOST + 100, 50)),
    ],
)
def test_a_grant_raises_only_what_it_names(tokens, micros, limits, owner, budget):
    set_limits(owner, budget, limit_tokens=100, limit_micros=50)

    grant(owner, budget, tokens=tokens, micros=micros)

    period = Period.objects.get()
    assert (period.limit_tokens, period.limit_micros) == limits


@pytest.mark.parametrize(
    ("tokens", "micros"), [(0, 0), (-1, 0), (0, -1), (-5, 10), (MOST + 1, 0), (0, MOST + 1)]
)
def test_a_grant_is_a_positive_number(tokens, micros, owner, budget):
    set_limits(owner, budget, limit_tokens=100, limit_micros=100)

    with pytest.raises(Refused, match="positive number"):
        grant(owner, budget, tokens=tokens, micros=micros)

    assert Period.objects.get().limit_tokens == 100


@pytest.mark.parametrize(("tokens", "micros"), [(5, 0), (0, 5), (5, 5)])
def test_what_has_no_limit_cannot_be_raised(tokens, micros, owner, budget):
    with pytest.raises(Refused, match="no such limit"):
        grant(owner, budget, tokens=tokens, micros=micros)

    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    ("note", "right"), [("", False), (" ", False), ("x" * 300, True), ("x" * 301, False)]
)
def test_a_grant_needs_a_reason(note, right, owner, budget):
    set_limits(owner, budget, limit_tokens=100)

    if right:
        grant(owner, budget, note=note)
        return
    with pytest.raises(Refused) as refusal:
        grant(owner, budget, note=note)
    assert refusal.value.problems[0].code == "reason_missing"
    assert not LedgerEntry.objects.exists()


def test_a_grant_makes_a_new_warning_possible(owner, budget):
    set_limits(owner, budget, limit_tokens=100)
    Period.objects.update(told_marks=[50, 80])

    grant(owner, budget)

    assert Period.objects.get().told_marks == []


def test_a_correction_books_the_difference_in_every_period(boss, lost):
    adjust(boss, lost, tokens=100)

    lines = LedgerEntry.objects.filter(kind="adjust")
    assert sorted(line.period_id for line in lines) == lost.periods
    assert {(line.tokens, line.micros, line.actor, line.note) for line in lines} == {
        (-500, -50, boss, "the invoice says so")
    }
    assert {(line.model, line.role, line.run_id, line.skill_id) for line in lines} == {
        ("large", "judge", 7, 8)
    }
    lost.refresh_from_db()
    assert (lost.state, lost.used_tokens) == ("settled", 100)
    row = Event.objects.get(act="budget.adjust")
    assert (row.actor_name, row.target) == ("boss", str(lost.pk))
    assert row.detail == {"tokens": -500, "micros": -50, "note": "the invoice says so"}


@pytest.mark.parametrize(("tokens", "right"), [(-1, False), (0, True), (600, True), (601, False)])
def test_a_call_used_no_more_than_it_held(tokens, right, boss, lost):
    if right:
        adjust(boss, lost, tokens=tokens)
        assert {row.spent_tokens for row in Period.objects.all()} == {tokens}
        assert verify.differences() == []
        return
    with pytest.raises(Refused, match="held 600 tokens"):
        adjust(boss, lost, tokens=tokens)
    assert {row.spent_tokens for row in Period.objects.all()} == {600}


def test_a_correction_of_more_than_32_bits_is_booked_whole(boss, team, owner):
    settle.lose(hold(team, owner, 5 * 10**9, 7 * 10**9), "broken")

    adjust(boss, Hold.objects.get(), tokens=10)

    assert {(row.spent_tokens, row.spent_micros) for row in Period.objects.all()} == {(10, 14)}
    assert verify.differences() == []


def test_a_hold_without_price_is_corrected_without_money(boss, team, owner):
    settle.lose(hold(team, owner, 600, None), "broken")

    adjust(boss, Hold.objects.get(), tokens=100)

    assert {(row.spent_tokens, row.spent_micros) for row in Period.objects.all()} == {(100, 0)}


@pytest.mark.parametrize("end", ["held", "settled", "released"])
def test_only_a_lost_hold_is_corrected(end, boss, team, owner):
    pk = hold(team, owner, 600, 60)
    if end == "settled":
        settle.settle(pk, Usage(5), 1)
    elif end == "released":
        settle.release(pk)

    with pytest.raises(Refused, match="Only a lost hold"):
        adjust(boss, Hold.objects.get())

    assert not LedgerEntry.objects.filter(kind="adjust").exists()


def test_admins_correct_nothing_not_even_of_their_team(owner, lost):
    with pytest.raises(Forbidden, match="Only instance staff"):
        adjust(owner, lost)


def test_a_correction_needs_a_reason(boss, lost):
    with pytest.raises(Refused, match="Say why"):
        adjust(boss, lost, note=" ")

    lost.refresh_from_db()
    assert lost.state == "lost"


def test_the_lost_calls_of_a_run_are_corrected_in_one_act(boss, team, owner, mate):
    for person, tokens in ((owner, 600), (mate, 300), (owner, 100)):
        settle.lose(hold(team, person, tokens, tokens * 10, run_id=7), "stopped")

    allowances.adjust_together(
        actor=actor(boss), holds=list(Hold.objects.all()), tokens=333, note="the invoice says so"
    )

    holds = Hold.objects.order_by("tokens")
    assert [row.state for row in holds] == ["settled"] * 3
    assert sum(row.used_tokens for row in holds) == 333
    assert all(abs(row.used_tokens - row.tokens / 3) < 2 for row in holds)
    assert Period.objects.get(budget__team=team).spent_tokens == 333
    assert verify.differences() == []


@pytest.mark.parametrize("tokens", [-1, 901])
def test_lost_calls_used_no_more_together_than_they_held(tokens, boss, team, owner):
    for size in (600, 300):
        settle.lose(hold(team, owner, size), "stopped")

    with pytest.raises(Refused, match="The calls held 900 tokens"):
        allowances.adjust_together(actor=actor(boss), holds=list(Hold.objects.all()), tokens=tokens, note="x")

    assert Period.objects.get(budget__team=team).spent_tokens == 900
