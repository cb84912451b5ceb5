"""What pages and the API read of budgets: who sees which, what was spent on what, who is near a limit."""

from datetime import timedelta

import pytest

from skills.budgets import allowances, rollup, selectors, settle, verify
from skills.budgets.entries import page_of_entries
from skills.budgets.models import Budget, LedgerEntry, Period
from skills.budgets.reserve import Caller
from skills.budgets.settle import Usage
from skills.budgets.spending import Dimension, calls_of, last_days, report
from skills.lib.clock import now
from skills.lib.errors import Missing, Refused, Unauthenticated
from skills.people.actor import VISITOR, Actor
from tests.budgets.making import hold, set_limits
from tests.factories import a_person, a_team, actor, join


def spend(team, account, tokens: int, micros: int | None = None, **more) -> None:
    settle.settle(hold(team, account, tokens, micros, **more), Usage(tokens), micros)


@pytest.fixture
def boss(db):
    return a_person("boss", staff=True)


@pytest.fixture
def budget(team) -> Budget:
    return allowances.budget_of(team=team)


def owners(asking: Actor) -> list[str]:
    return [standing.budget.owner for standing in selectors.visible(asking)]


def test_a_visitor_sees_no_budget(db, budget):
    with pytest.raises(Unauthenticated):
        selectors.visible(VISITOR)
    with pytest.raises(Unauthenticated):
        selectors.budget_by_id(VISITOR, budget.pk)


def test_a_person_sees_their_own_and_those_of_their_shared_teams(owner, mate, team):
    join(a_team("alpha", admin=owner), mate, "member")
    a_team("hidden", admin=owner)

    assert owners(actor(mate)) == ["mate", "the team alpha", "the team crew"]


def test_a_stranger_sees_nothing_but_their_own(stranger, team, budget):
    assert owners(actor(stranger)) == ["stranger"]


@pytest.mark.parametrize("office", ["staff", "auditor"])
def test_offices_see_the_instance_first(office, db):
    person = a_person("person", **{office: True})

    assert owners(actor(person)) == ["the instance", "person"]


def test_an_office_with_a_token_that_may_only_read_sees_no_more_than_others(boss, budget):
    reading = Actor(boss, {}, frozenset({"read"}))

    assert owners(reading) == ["boss"]
    with pytest.raises(Missing):
        selectors.budget_by_id(reading, budget.pk)


def test_every_budget_is_shown_with_the_period_that_runs(owner, team, budget):
    set_limits(owner, budget, limit_tokens=500)

    standing = selectors.visible(actor(owner))[1]

    assert (standing.budget, standing.period.limit_tokens) == (budget, 500)


def test_a_budget_of_somebody_else_is_as_missing_as_none(owner, stranger):
    private = allowances.budget_of(account=owner)

    assert selectors.budget_by_id(actor(owner), private.pk) == private
    for pk in (private.pk, 10**9):
        with pytest.raises(Missing, match="nothing at this address"):
            selectors.budget_by_id(actor(stranger), pk)


def test_a_mate_does_not_see_the_private_budget_of_a_mate(owner, mate, team):
    private = allowances.budget_of(account=owner)
    personal = allowances.budget_of(team=owner.personal_team)

    for budget in (private, personal):
        with pytest.raises(Missing):
            selectors.budget_by_id(actor(mate), budget.pk)


def test_offices_look_at_every_budget(boss, owner, team):
    for budget in (allowances.budget_of(), allowances.budget_of(account=owner)):
        assert selectors.budget_by_id(actor(boss), budget.pk) == budget


def test_the_ledger_of_a_budget_holds_its_own_lines_only(owner, mate, team, budget):
    spend(team, owner, 10)
    spend(None, mate, 99)

    assert [line.tokens for line in page_of_entries(budget, "", 20).rows] == [10]


def test_the_ledger_is_paged_period_by_period_without_a_gap(owner, team, budget):
    for tokens in range(1, 7):
        spend(team, owner, tokens)
        if tokens % 3 == 0:
            ago = now() - timedelta(days=60 // tokens)
            Period.objects.filter(budget=budget, starts_at__gt=ago).update(starts_at=ago, ends_at=ago)

    pages, cursor = [], ""
    while cursor or not pages:
        found = page_of_entries(budget, cursor, 2)
        pages.append([line.tokens for line in found.rows])
        cursor = found.next

    assert pages == [[6, 5], [4, 3], [2, 1]]


@pytest.mark.parametrize("cursor", ["x", "WzEsMl0x", "WzEsMTAwMDAwMDAwMDAwMDAwMDAwMDAwXQ", "WyJ4IiwxXQ"])
def test_a_cursor_that_is_none_of_ours_is_refused(cursor, budget):
    with pytest.raises(Refused):
        page_of_entries(budget, cursor, 2)


def test_a_budget_is_charged_for_the_calls_it_is_for(boss, owner, mate, team):
    for account, tokens, model in ((owner, 10, "small"), (mate, 20, "large")):
        caller = Caller(team_id=team.pk, account_id=account.pk)
        spend(team, account, tokens, model=model, caller=caller)
    rollup.roll_up()
    part = allowances.part_of(actor=actor(boss), team=team, account=owner)
    model = allowances.part_of(actor=actor(boss), team=team, model="large")
    each = allowances.part_of(actor=actor(boss), team=team, each="session")

    found = [
        report(which[0], last_days(1), which[1], Dimension.MODEL).total.tokens
        for one in (allowances.budget_of(team=team), allowances.budget_of(account=mate), part, model)
        if (which := calls_of(one))
    ]

    assert found == [30, 20, 10, 20]
    assert calls_of(each) is None


@pytest.mark.parametrize(("spent", "is_near"), [(49, False), (50, True), (99, True)])
def test_a_budget_is_near_its_limit_from_its_mark_on(spent, is_near, owner, team, budget):
    set_limits(owner, budget, limit_tokens=100, marks=(50,))
    spend(team, owner, spent)

    assert [row.period.budget for row in selectors.reached_marks()] == [budget] * is_near


def test_what_is_only_held_brings_a_budget_near_its_limit_too(owner, team, budget):
    set_limits(owner, budget, limit_micros=100)
    hold(team, owner, 1, 80)

    assert [row.period.budget for row in selectors.reached_marks()] == [budget]


@pytest.mark.parametrize(
    "change",
    [
        {"told_marks": [50, 80, 100]},
        {"ends_at": now() - timedelta(days=1)},
        {"limit_tokens": None},
    ],
    ids=["told already", "over", "no limit"],
)
def test_a_period_that_nobody_needs_to_hear_of_is_left_out(change, owner, team, budget):
    set_limits(owner, budget, limit_tokens=100)
    spend(team, owner, 100)
    Period.objects.update(**change)

    assert selectors.reached_marks() == []


def test_a_budget_for_ever_may_be_near_its_limit(owner, team, budget):
    set_limits(owner, budget, window="none", limit_tokens=100)
    spend(team, owner, 100)

    assert [row.period.ends_at for row in selectors.reached_marks()] == [None]


def test_a_run_counts_every_call_once(owner, team):
    spend(team, owner, 10, 5, run_id=7)
    spend(team, owner, 30, 8, run_id=7, role="judge")
    spend(team, owner, 99, 9, run_id=8)
    hold(team, owner, 400, run_id=7)

    assert selectors.spending_of_run(7) == {"spent": 40, "micros": 13, "judge": 30, "held": 400}


def test_a_run_without_calls_has_spent_nothing(db):
    assert selectors.spending_of_run(7) == {"spent": 0, "micros": 0, "judge": 0, "held": 0}


def test_a_fresh_ledger_adds_up(db):
    assert verify.differences() == []


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("spent_tokens", "spent 11 tokens, the ledger says 10"),
        ("held_tokens", "held 11, open holds say 10"),
        ("spent_micros", "spent 11 micros, the ledger says 10"),
    ],
)
def test_a_counter_that_is_one_off_is_named_with_both_figures(column, words, owner, team, budget):
    spend(team, owner, 10, 10)
    hold(team, owner, 10, 10)
    assert verify.differences() == []

    Period.objects.filter(budget=budget).update(**{column: 11})

    (difference,) = verify.differences()
    assert difference.period_id == Period.objects.get(budget=budget).pk
    assert getattr(difference, column) == (11, 10)
    assert words in str(difference)


def test_money_that_is_held_is_compared_too(owner, team, budget):
    hold(team, owner, 10, 10)
    Period.objects.filter(budget=budget).update(held_micros=9)

    (difference,) = verify.differences()

    assert difference.held_micros == (9, 10)


def test_the_lines_of_a_ledger_count_for_their_period_only(owner, mate, team):
    spend(team, owner, 10, 10)
    spend(None, mate, 7, None)

    assert verify.differences() == []
    assert LedgerEntry.objects.count() == 5
