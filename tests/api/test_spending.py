"""Spending over the API: the same rights and figures as the pages."""

import csv
import io

import pytest

from skills.budgets import allowances, rollup
from tests.api.calls import get, refusal
from tests.budgets.making import set_limits
from tests.factories import an_approved
from tests.web.test_spending import spend

SCOPES = ("read", "admin")


def test_a_report_says_what_the_page_says(client, owner, mate, team):
    set_limits(owner, allowances.budget_of(team=team), limit_tokens=10**6)
    spend(owner, team, 10, 5, model="large")
    spend(mate, team, 30, None, model="small")
    rollup.roll_up()

    answer = get(client, "/teams/crew/spending?by=person&days=3", owner, *SCOPES).json()

    assert (answer["total"]["tokens"], answer["total"]["micros"], answer["total"]["unpriced"]) == (40, 5, 1)
    assert [(part["name"], part["tokens"]) for part in answer["parts"]] == [("owner", 10), ("mate", 30)]
    assert len(answer["steps"]) == 3
    assert (answer["outlook"]["limit"], answer["outlook"]["spent"]) == (10**6, 40)


def test_calls_have_all_columns_and_pages(client, owner, mate, team):
    version = an_approved(owner, mate, team)
    spend(owner, team, 12, None, session="s1", skill_id=version.skill_id, version_id=version.pk)
    spend(owner, team, 13)

    newest = get(client, "/spending/calls?limit=1", owner, *SCOPES).json()
    second = get(client, f"/spending/calls?limit=1&cursor={newest['next']}", owner, *SCOPES).json()

    (call,) = second["results"]
    assert (newest["results"][0]["tokens"], second["next"]) == (13, "")
    assert (call["skill"], call["session"], call["micros"]) == ("crew/greet-people@1.0.0", "s1", None)
    assert (call["team"], call["person"], call["purpose"]) == ("crew", "owner", "work")


def test_the_table_of_calls_is_the_page_s(client, owner, team):
    spend(owner, team, 12)

    answer = get(client, "/teams/crew/spending/calls.csv", owner, *SCOPES)

    (row,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode()))
    assert answer["Content-Type"].startswith("text/csv")
    assert (row["person"], row["tokens"]) == ("owner", "12")


def test_sessions_and_runs_are_lists_of_their_own(client, owner, team):
    spend(owner, team, 11, run_id=7, role="candidate")
    spend(owner, team, 22, session="s1")
    rollup.roll_up()

    sessions = get(client, "/spending/sessions", owner, *SCOPES).json()["results"]
    runs = get(client, "/spending/runs", owner, *SCOPES).json()["results"]

    assert [(row["session"], row["tokens"]) for row in sessions] == [("s1", 22)]
    assert [(row["run"], row["tokens"]) for row in runs] == [(7, 11)]


@pytest.mark.parametrize("path", ["/spending?by=x", "/spending?measure=x", "/spending/sessions?model=large"])
def test_words_that_make_no_sense_are_refused_in_words(path, client, owner, team):
    assert refusal(get(client, path, owner, *SCOPES)) == (400, "bad_parameter")


def test_a_skill_that_one_may_not_see_is_named_by_nobody(client, owner, mate, stranger, team):
    version = an_approved(owner, mate, team)
    spend(stranger, None, skill_id=version.skill_id, version_id=version.pk)

    (call,) = get(client, "/spending/calls", stranger, *SCOPES).json()["results"]

    assert (call["skill"], call["skill_id"]) == (None, version.skill_id)


def test_calls_of_one_agent_come_page_by_page(client, owner, team):
    for tokens in range(1, 6):
        spend(owner, team, tokens, agent="codex")
        spend(owner, team, 100, agent="other")
    rollup.roll_up()

    shown, cursor = [], ""
    while cursor or not shown:
        page = get(client, f"/spending/calls?agent=codex&limit=2&cursor={cursor}", owner, *SCOPES).json()
        shown += [call["tokens"] for call in page["results"]]
        cursor = page["next"]

    assert shown == [5, 4, 3, 2, 1]
