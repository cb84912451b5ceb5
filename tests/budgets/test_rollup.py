"""The sums of reports: whatever happens to calls, once rolled up they say what the calls say."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.db.models import Sum

from skills.budgets import allowances, rollup, settle, verify
from skills.budgets.models import Hold
from skills.budgets.reserve import Caller
from skills.budgets.settle import Attribution, Usage
from skills.budgets.spending_models import CallGroup, Spending, SpendingChange
from skills.lib.clock import now
from tests.budgets.making import hold
from tests.factories import a_person, actor


def by(owner, team, **more) -> Caller:
    return Caller(account_id=owner.pk, team_id=team.pk, **more)


def spend(owner, team, tokens: int = 10, micros: int | None = 5, *, caller: Caller | None = None, **more):
    pk = hold(team, owner, tokens, micros, caller=caller or by(owner, team), **more)
    settle.settle(pk, Usage(tokens), micros)
    return pk


def totals(rows) -> dict[str, int]:
    return rows.aggregate(
        *(Sum(name, default=0) for name in ("calls", "lost", "unpriced", "tokens", "micros"))
    )


def sums(calls: int, tokens: int, micros: int, *, lost: int = 0, unpriced: int = 0) -> dict[str, int]:
    return {
        "calls__sum": calls,
        "lost__sum": lost,
        "unpriced__sum": unpriced,
        "tokens__sum": tokens,
        "micros__sum": micros,
    }


def days():
    return Spending.objects.filter(grain="day")


def test_a_call_is_in_its_day_its_month_and_its_session(owner, team):
    spend(
        owner, team, 10, 5, caller=by(owner, team, token_id=3, agent="claude-code", session="s1"), role="work"
    )

    assert rollup.roll_up() == 1

    day, month = Spending.objects.order_by("grain")
    today = now().date()
    assert (day.day, month.day) == (today, today.replace(day=1))
    assert (day.account_id, day.team_id, day.token_id) == (owner.pk, team.pk, 3)
    assert (day.agent, day.model, day.role) == ("claude-code", "m", "work")
    assert (day.calls, day.tokens, day.micros, day.input_tokens) == (1, 10, 5, 10)
    assert CallGroup.objects.get().session == "s1"
    assert verify.sum_differences() == []


def test_rolling_up_again_changes_nothing(owner, team):
    spend(owner, team)
    rollup.roll_up()

    assert rollup.roll_up() == 0
    assert totals(days()) == sums(1, 10, 5)


def test_later_calls_are_added_to_the_row_that_is_there(owner, team):
    spend(owner, team, 10, 5)
    rollup.roll_up()
    spend(owner, team, 30, None)
    rollup.roll_up()

    assert days().count() == 1
    assert totals(days()) == sums(2, 40, 5, unpriced=1)


def test_what_is_held_or_was_released_is_no_spending(owner, team):
    hold(team, owner)
    settle.release(hold(team, owner))

    rollup.roll_up()

    assert not Spending.objects.exists()


def test_a_lost_call_that_is_corrected_later_is_mended_in_its_own_day(owner, team):
    boss = a_person("boss", staff=True)
    pk = hold(team, owner, 600, 60, caller=by(owner, team))
    settle.lose(pk, "broken")
    Hold.objects.filter(pk=pk).update(ended_at=datetime(2026, 1, 31, 23, 59, tzinfo=UTC))
    rollup.roll_up()
    assert totals(days()) == sums(1, 600, 60, lost=1)

    allowances.adjust(actor=actor(boss), hold=Hold.objects.get(), tokens=100, note="the invoice says so")
    rollup.roll_up()

    assert totals(days()) == sums(1, 100, 10)
    assert days().get(calls=1).day.isoformat() == "2026-01-31"
    assert verify.sum_differences() == []


def test_a_call_whose_skill_is_known_later_moves_to_it(owner, team):
    pk = hold(team, owner, caller=by(owner, team, session="s1"), role="work")
    settle.settle(pk, Usage(10), 5, Attribution(skill_id=1, version_id=2))
    rollup.roll_up()

    Hold.objects.update(skill_id=7, version_id=8)
    rollup.roll_up()

    assert totals(days().filter(skill_id=7, version_id=8)) == sums(1, 10, 5)
    assert totals(days().exclude(skill_id=7)) == sums(0, 0, 0)
    assert totals(CallGroup.objects.filter(skill_id=7)) == sums(1, 10, 5)


def test_a_call_that_ended_under_the_release_before_is_mended_and_counted(owner, team):
    pk = spend(owner, team, 10, 5)
    SpendingChange.objects.all().delete()
    with (
        connection.cursor() as cursor
    ):  # as the code of that release writes it: without its end, cost or caller
        cursor.execute("alter table skills_hold disable trigger user")
        Hold.objects.update(ended_at=None, used_micros=None, account_id=None, team_id=None, input_tokens=0)
        cursor.execute("alter table skills_hold enable trigger user")

    rollup.roll_up()

    mended = Hold.objects.get(pk=pk)
    assert (mended.account_id, mended.team_id, mended.used_micros, mended.input_tokens) == (
        owner.pk,
        team.pk,
        5,
        10,
    )
    assert mended.ended_at == mended.entries.first().at
    assert totals(days().filter(account_id=owner.pk)) == sums(1, 10, 5)


def test_a_released_call_of_the_release_before_is_mended_once(owner, team):
    settle.release(hold(team, owner))
    Hold.objects.update(ended_at=None)

    rollup.roll_up()

    assert Hold.objects.get().ended_at <= now()
    assert not Spending.objects.exists()


def test_telemetry_that_writes_a_call_that_has_ended_counts(owner, team):
    Hold.objects.create(
        periods=[],
        account_id=owner.pk,
        model="m",
        role="work",
        tokens=10,
        used_tokens=10,
        state="settled",
        ended_at=now() - timedelta(days=3),
        expires_at=now(),
    )

    rollup.roll_up()

    assert totals(days()) == sums(1, 10, 0, unpriced=1)


def test_calls_of_no_session_are_summed_up_by_the_day(owner, team):
    for age in (0, 0, 1):
        pk = spend(owner, team)
        Hold.objects.filter(pk=pk).update(ended_at=datetime(2026, 5, 2 - age, 12, tzinfo=UTC))

    rollup.roll_up()

    groups = CallGroup.objects.filter(calls__gt=0).order_by("day")
    assert [(row.day.day, row.calls) for row in groups] == [(1, 1), (2, 2)]


def test_a_session_knows_when_it_began_and_ended(owner, team):
    caller = by(owner, team, session="s1")
    first, second = spend(owner, team, caller=caller), spend(owner, team, caller=caller)
    early, late = datetime(2026, 5, 1, 23, tzinfo=UTC), datetime(2026, 5, 2, 1, tzinfo=UTC)
    SpendingChange.objects.all().delete()
    Hold.objects.filter(pk=second).update(ended_at=late)
    SpendingChange.objects.filter(calls=-1).delete()
    rollup.roll_up()
    Hold.objects.filter(pk=first).update(ended_at=early)
    SpendingChange.objects.filter(calls=-1).delete()
    rollup.roll_up()

    session = CallGroup.objects.get()
    assert (session.first_at, session.last_at, session.calls) == (early, late, 2)


@pytest.mark.parametrize("sum_of", [Spending, CallGroup, SpendingChange])
def test_a_sum_that_is_wrong_is_found_and_mended(sum_of, owner, team, capsys):
    spend(owner, team)
    if sum_of is not SpendingChange:
        rollup.roll_up()
    assert verify.sum_differences() == []

    sum_of.objects.update(tokens=99)

    assert verify.sum_differences()
    with pytest.raises(CommandError, match="do not add up"):
        call_command("verify_ledger")
    call_command("verify_ledger", "--rebuild-reports")
    assert "add up" in capsys.readouterr().out
    assert totals(days()) == sums(1, 10, 5)


def test_what_is_booked_to_the_wrong_model_is_found_though_the_totals_agree(owner, team):
    spend(owner, team)
    rollup.roll_up()

    Spending.objects.update(model="other")

    assert [str(one) for one in verify.sum_differences()] == [
        f"reports, day {now().date()}: the calls say +0 calls, +0 tokens and +0 micros more"
    ]


@pytest.mark.django_db(transaction=True)
def test_a_kill_in_the_middle_of_a_roll_up_loses_and_doubles_nothing():
    owner = a_person("owner")
    spend(owner, owner.personal_team)
    kill = "select pg_terminate_backend(pg_backend_pid())"

    for _ in range(3):
        with pytest.raises(Exception, match=r"terminating|closed|lost"), transaction.atomic():
            rollup._take_up()
            with connection.cursor() as cursor:
                cursor.execute(kill)
        connections.close_all()
        assert verify.sum_differences() == []

    assert rollup.roll_up() == 1
    assert totals(days()) == sums(1, 10, 5)


def test_while_one_worker_rolls_up_another_does_nothing(owner, team):
    spend(owner, team)
    other = connection.copy()

    with other.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [rollup._LOCK])
        done = rollup.roll_up()
    other.close()

    assert done == 0
    assert rollup.roll_up() == 1
