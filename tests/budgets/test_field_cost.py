"""What a skill costs in the field: uses are sessions, and only work counts."""

from datetime import timedelta

from skills.budgets import rollup, settle, verify
from skills.budgets.field_cost import CostPerUse, cost_per_use, field_months, field_uses, uses_by_skill
from skills.budgets.models import Hold, HoldState
from skills.budgets.reserve import Caller
from skills.budgets.settle import Attribution, Usage
from skills.budgets.spending_models import CallGroup
from skills.lib.clock import now
from tests.budgets.making import hold


def work(
    account, session: str, tokens: int = 10, micros: int | None = 4, *, role="work", agent="codex", version=2
):
    caller = Caller(account_id=account.pk, agent=agent, session=session)
    pk = hold(None, account, tokens, micros, caller=caller, role=role)
    settle.settle(pk, Usage(tokens), micros, Attribution(skill_id=1, version_id=version))
    return pk


def test_a_session_is_one_use_however_many_calls_it_makes(owner, mate):
    for session in ("a", "a", "b"):
        work(owner, session)
    work(mate, "a")
    rollup.roll_up()

    (use,) = field_uses(1)

    assert (use.version_id, use.agent) == (2, "codex")
    assert (use.uses, use.calls, use.tokens, use.micros) == (3, 4, 40, 16)


def test_a_call_of_no_session_is_a_use_by_itself(owner):
    work(owner, "")
    work(owner, "")
    rollup.roll_up()

    assert field_uses(1)[0].uses == 2


def test_versions_and_agents_stand_apart_and_the_dearest_is_first(owner):
    work(owner, "a", 10, version=2)
    work(owner, "a", 30, version=3)
    work(owner, "b", 20, agent="claude-code")
    rollup.roll_up()

    assert [(use.version_id, use.agent) for use in field_uses(1)] == [
        (3, "codex"),
        (2, "claude-code"),
        (2, "codex"),
    ]


def test_evaluations_other_skills_and_old_sessions_are_no_use(owner):
    work(owner, "b")
    rollup.roll_up()
    CallGroup.objects.update(last_at=now() - timedelta(days=31))
    work(owner, "a", role="candidate")
    rollup.roll_up()

    assert field_uses(1) == []
    assert field_uses(9) == []


def test_the_cost_of_a_use_is_the_mean_of_all(owner):
    work(owner, "a", 10, 4)
    work(owner, "b", 30, 8)
    rollup.roll_up()

    assert cost_per_use(field_uses(1)) == CostPerUse(20, 6)


def test_without_a_price_the_cost_of_a_use_is_unknown_and_without_a_use_there_is_none(owner):
    work(owner, "a", 10, None)
    rollup.roll_up()

    assert cost_per_use(field_uses(1)) == CostPerUse(10, None)
    assert cost_per_use([]) is None


def test_months_are_listed_the_newest_first(owner):
    last = work(owner, "a", 10)
    Hold.objects.filter(pk=last).update(ended_at=now().replace(day=1) - timedelta(days=1))
    work(owner, "b", 30)
    rollup.roll_up()

    assert [(month.tokens, month.micros) for month in field_months(1)] == [(30, 4), (10, 4)]


def test_what_agents_told_is_part_of_the_use_and_stands_apart(owner):
    work(owner, "a", 30)
    told = work(owner, "a", 10)
    # As code of a release before left it.
    Hold.objects.filter(pk=told).update(state=HoldState.REPORTED)
    rollup.roll_up()

    (use,) = field_uses(1)

    assert (use.uses, use.tokens, use.told_tokens) == (1, 40, 10)
    assert field_months(1)[0].told_tokens == 10
    assert Hold.objects.get(pk=told).role == "told"
    assert verify.sum_differences() == []


def test_uses_of_all_skills_are_those_of_each(owner):
    for session in ("a", "b", ""):
        work(owner, session, 10, 4)
    rollup.roll_up()

    assert uses_by_skill() == {1: (3, CostPerUse(10, 4))}
