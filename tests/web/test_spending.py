"""The pages of spending: who sees whose, over which time, and what leads on to what."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from skills.budgets import allowances, rollup, settle
from skills.budgets.models import Hold
from skills.budgets.reserve import Caller
from skills.budgets.settle import Attribution, Usage
from skills.budgets.spending_models import SpendingChange
from skills.lib.clock import now
from tests.budgets.making import hold, set_limits
from tests.factories import a_person, an_approved

CREW, CREW_CALLS = "/spending/teams/crew/", "/spending/teams/crew/calls/"


def spend(account, team, tokens: int = 10, micros: int | None = 5, **more):
    """A call that has ended."""
    caller = Caller(
        account_id=account.pk,
        team_id=team.pk if team else None,
        agent=more.pop("agent", "codex"),
        session=more.pop("session", ""),
    )
    of = Attribution(skill_id=more.pop("skill_id", None), version_id=more.pop("version_id", None))
    pk = hold(team, account, tokens, micros, caller=caller, **({"role": "work"} | more))
    settle.settle(pk, Usage(tokens), micros, of)
    return pk


def text_of(client, account, address: str) -> str:
    client.force_login(account)
    response = client.get(address)
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


def rows_of(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


def test_a_person_sees_what_they_spent_themselves(client, owner, mate, team):
    spend(owner, team, 1_234)
    spend(mate, team, 7_777)
    rollup.roll_up()

    page = text_of(client, owner, "/spending/")

    assert "1,234" in page
    assert "7,777" not in page


def test_an_admin_sees_their_team_person_by_person(client, owner, mate, team):
    spend(owner, team, 1_234)
    spend(mate, team, 7_777)
    rollup.roll_up()

    page = text_of(client, owner, f"{CREW}?by=person")

    assert "mate" in page
    assert "9,011" in page


def test_a_mate_and_a_stranger_find_no_report_of_the_team(client, mate, stranger, team):
    for account in (mate, stranger):
        client.force_login(account)
        for address in (CREW, CREW_CALLS, f"{CREW_CALLS}?format=csv", "/spending/everybody/"):
            assert client.get(address).status_code == 404


def test_a_condition_is_asked_for_by_a_row_and_dropped_again(client, owner, team):
    spend(owner, team, 1_234, model="large")
    spend(owner, team, 7_777, model="small")
    rollup.roll_up()

    page = text_of(client, owner, f"{CREW}?by=agent&model=small")

    assert "7,777" in page
    assert "1,234" not in page
    assert 'aria-label="Any model"' in page


@pytest.mark.parametrize(
    ("words", "found"), [("skill=0", 1), ("skill=3", 1), ("agent=-", 0), ("purpose=work", 2), ("team=0", 0)]
)
def test_calls_that_name_none_can_be_asked_for(words, found, client, owner, team):
    spend(owner, team)
    spend(owner, team, skill_id=3)
    rollup.roll_up()
    client.force_login(owner)

    response = client.get(f"/spending/?{words}")

    assert response.context["report"].total.calls == found


@pytest.mark.parametrize(
    "words",
    ["since=yesterday", "since=2026-02-01&until=2026-01-01", "days=0", "by=colour", "skill=x", "measure=x"],
)
def test_words_that_make_no_sense_are_refused_in_words(words, client, owner):
    client.force_login(owner)

    response = client.get(f"/spending/?{words}")

    assert response.status_code == 400


def test_a_long_time_is_counted_by_whole_months(client, owner, team):
    spend(owner, team)
    rollup.roll_up()
    client.force_login(owner)

    report = client.get("/spending/?days=365").context["report"]

    assert report.span.since.day == 1
    assert {day.day for day, _ in report.steps} == {1}
    assert report.total.calls == 1


def test_a_skill_that_one_may_not_see_has_no_name(client, owner, mate, stranger, team):
    version = an_approved(owner, mate, team)
    spend(stranger, None, skill_id=version.skill_id, version_id=version.pk)
    rollup.roll_up()

    page = text_of(client, stranger, "/spending/?by=version")

    assert "gone or not for you to see" in page
    assert "greet-people" not in page
    (row,) = rows_of(client.get("/spending/calls/?format=csv"))
    assert (row["skill"], row["version"], row["person"]) == ("", "", "stranger")


def test_with_too_few_days_no_end_is_foretold(client, owner, team):
    spend(owner, team)
    rollup.roll_up()

    assert "Too few days to tell" in text_of(client, owner, CREW)


def test_the_end_of_a_period_is_foretold_with_its_interval(client, owner, team):
    set_limits(owner, allowances.budget_of(team=team), limit_tokens=10**6)
    for age in range(1, 10):
        pk = spend(owner, team, 1_000)
        SpendingChange.objects.all().delete()
        Hold.objects.filter(pk=pk).update(ended_at=now() - timedelta(days=age))
        SpendingChange.objects.filter(calls=-1).delete()
        rollup.roll_up()

    page = text_of(client, owner, CREW)

    assert "Nine times in ten between" in page
    assert "Chance to reach the limit" in page


def test_sums_that_no_worker_takes_up_are_said_to_be_late(client, owner, team):
    pk = spend(owner, team)
    Hold.objects.filter(pk=pk).update(ended_at=now() - timedelta(minutes=5))

    assert "not in these sums yet" in text_of(client, owner, "/spending/")


def test_a_session_leads_to_its_calls_and_to_no_other(client, owner, team):
    spend(owner, team, 11, session="first")
    spend(owner, team, 22, session="second")
    rollup.roll_up()

    sessions = text_of(client, owner, CREW_CALLS)
    calls = text_of(client, owner, f"{CREW_CALLS}?list=calls&session=second")

    assert "first" in sessions
    assert "session=second" in sessions
    assert ">22<" in "".join(calls.split())
    assert ">11<" not in "".join(calls.split())


def test_runs_and_days_are_lists_of_their_own(client, owner, team):
    spend(owner, team, 11, run_id=7, role="candidate")
    spend(owner, team, 22, session="s1")
    rollup.roll_up()

    assert "run 7" in text_of(client, owner, f"{CREW_CALLS}?list=runs")
    assert "run 7" not in text_of(client, owner, f"{CREW_CALLS}?list=sessions")
    assert "33" in text_of(client, owner, f"{CREW_CALLS}?list=days")


def test_sessions_are_paged_without_a_gap(client, owner, team):
    for number in range(53):
        spend(owner, team, session=f"s{number:02}")
    rollup.roll_up()
    client.force_login(owner)

    first = client.get(CREW_CALLS)
    second = client.get(f"{CREW_CALLS}?cursor={first.context['next']}")

    shown = [group.session for page in (first, second) for group, _ in page.context["groups"]]
    assert shown == [f"s{number:02}" for number in reversed(range(53))]


@pytest.mark.parametrize("cursor", ["x", "WzEsMl0", "WyIyMDI2LTAxLTAxIiwxXQ"])
def test_a_cursor_that_is_none_of_ours_is_refused(cursor, client, owner, team):
    client.force_login(owner)

    assert client.get(f"{CREW_CALLS}?cursor={cursor}").status_code == 400


def test_the_csv_names_everything_and_is_no_formula(client, owner, mate, team):
    version = an_approved(owner, mate, team)
    pk = spend(
        owner, team, 12, None, session="=1+1", agent="@x", skill_id=version.skill_id, version_id=version.pk
    )
    client.force_login(owner)

    (row,) = rows_of(client.get(f"{CREW_CALLS}?format=csv"))

    assert row["id"] == str(pk)
    assert (row["team"], row["person"], row["skill"], row["version"]) == (
        "crew",
        "owner",
        "crew/greet-people",
        "1.0.0",
    )
    assert (row["session"], row["agent"]) == ("'=1+1", "'@x")
    assert (row["tokens"], row["input"], row["micros"], row["state"]) == ("12", "12", "unknown", "settled")
    assert row["purpose"] == "work"


def test_the_ledger_as_csv_says_who_called(client, owner, mate, team):
    spend(mate, team, 12, session="s1")
    set_limits(owner, allowances.budget_of(team=team), limit_tokens=100)
    client.force_login(owner)

    (row,) = rows_of(client.get(reverse("budget", args=[allowances.budget_of(team=team).pk]) + "?format=csv"))

    assert (row["kind"], row["tokens"], row["team"], row["person"]) == ("settle", "12", "crew", "mate")
    assert (row["session"], row["state"]) == ("s1", "settled")


def test_a_page_asks_as_much_of_three_rows_as_of_one(client, owner, team, django_assert_max_num_queries):
    boss = a_person("boss", staff=True)
    client.force_login(boss)
    counts = []
    for number in range(3):
        spend(a_person(f"p{number}"), team, session=f"s{number}", model=f"m{number}", skill_id=number + 1)
        rollup.roll_up()
        for path in ("?by=person", "calls/", "calls/?list=calls"):
            address = f"/spending/everybody/{path}"
            with django_assert_max_num_queries(40) as asked:
                client.get(address)
            counts.append((address, len(asked)))

    assert len(set(counts[3:])) == 3


def test_calls_of_a_rare_model_are_paged_over_their_days_without_a_gap(client, owner, team):
    for number in range(53):
        pk = spend(owner, team, number + 1, model="rare" if number % 2 == 0 else "usual")
        Hold.objects.filter(pk=pk).update(ended_at=now() - timedelta(days=number))
    client.force_login(owner)
    address = f"{CREW_CALLS}?list=calls&model=rare&days=90"

    late = [named.call.used_tokens for named in client.get(address).context["calls"]]
    rollup.roll_up()
    summed = [named.call.used_tokens for named in client.get(address).context["calls"]]
    none = client.get(f"{CREW_CALLS}?list=calls&model=nobody's&days=90").context["calls"]

    assert late == summed == list(range(1, 54, 2))
    assert none == []
