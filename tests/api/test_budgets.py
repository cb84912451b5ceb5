"""The story of a budget over the API: default, spending, mark, stop, grant, on again; and setting many."""

import json

import pytest

from skills.budgets import reserve, settle
from skills.budgets.reserve import Busy, Call, OutOfBudget
from skills.budgets.settle import Usage
from skills.flows import budgets
from skills.notices.models import Notice
from skills.people.models import Token
from tests.budgets.making import hold
from tests.factories import a_person, a_secret, bearer

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def boss(db):
    return a_person("boss", staff=True)


@pytest.fixture
def ask(client):
    """Calls the API as an account; answers status and body."""

    def call(account, method: str, path: str, body: dict | None = None):
        headers = bearer(account, "read", "admin")
        answer = client.generic(
            method, f"/api/v1/{path}", json.dumps(body or {}), content_type=JSON, headers=headers
        )
        return answer.status_code, answer.json() if answer.content else None

    return call


def spend(account, tokens: int) -> None:
    settle.settle(hold(None, account, tokens), Usage(tokens), None)


def test_a_default_is_spent_told_stopped_and_granted(ask, boss, stranger):
    status, default = ask(boss, "PUT", "budgets/defaults/everyone", {"limit_tokens": 100, "marks": [80]})
    assert (status, default["limit_tokens"]) == (200, 100)

    spend(stranger, 85)
    budgets.charge_and_warn()
    assert Notice.objects.get(account=stranger).text == "85 % of the budget of stranger is used"
    with pytest.raises(OutOfBudget):
        hold(None, stranger, 16)
    _, mine = ask(stranger, "GET", "people/stranger/budget")
    assert (mine["left_tokens"], mine["follows_default"]) == (15, True)

    refused = ask(stranger, "POST", f"budgets/{mine['id']}/grants", {"tokens": 50, "note": "please"})
    granted = ask(boss, "POST", f"budgets/{mine['id']}/grants", {"tokens": 50, "note": "release week"})

    assert (refused[0], granted[0], granted[1]["left_tokens"]) == (403, 201, 65)
    assert hold(None, stranger, 16)


def test_a_team_s_admin_stays_below_the_ceiling_over_the_api_too(ask, boss, owner, team):
    _, budget = ask(boss, "GET", "teams/crew/budget")
    ask(boss, "PATCH", f"budgets/{budget['id']}", {"limit_tokens": 1_000})

    status, problem = ask(owner, "PATCH", f"budgets/{budget['id']}", {"limit_tokens": None, "hard": False})

    assert (status, {one["code"] for one in problem["problems"]}) == (400, {"over_ceiling"})
    _, kept = ask(owner, "GET", f"budgets/{budget['id']}")
    assert (kept["limit_tokens"], kept["hard"], kept["ceiling_tokens"]) == (1_000, True, 1_000)


def test_a_team_is_divided_and_each_part_is_read(ask, owner, mate, team):
    _, budget = ask(owner, "GET", "teams/crew/budget")
    parts = f"budgets/{budget['id']}/parts"

    made = [
        ask(owner, "POST", parts, part)[0] for part in ({"member": "mate"}, {"model": "m"}, {"each": "run"})
    ]
    wrong = [ask(owner, "POST", parts, part)[0] for part in ({}, {"member": "ghost"}, {"token": 1})]

    assert (made, wrong) == ([201] * 3, [400] * 3)
    assert len(ask(mate, "GET", parts)[1]["results"]) == 3


def test_many_are_planned_and_then_set(ask, boss, owner):
    csv = "person,tokens\nowner,7"
    _, plan = ask(boss, "POST", "budgets/people", {"csv": csv})
    stale = ask(boss, "POST", "budgets/people", {"csv": csv, "digest": "x"})[0]
    _, done = ask(boss, "POST", "budgets/people", {"csv": csv, "digest": plan["digest"]})
    bad = ask(boss, "POST", "budgets/people", {"csv": "person,tokens\nghost,7"})

    assert (plan["done"], stale, done["done"]) == (False, 409, True)
    assert bad[1]["problems"][0]["line"] == 2
    _, page = ask(boss, "GET", "budgets/people?q=owner")
    assert [(row["person"], row["terms"]["limit_tokens"]) for row in page["results"]] == [("owner", 7)]


def test_an_agent_has_what_its_token_and_its_sessions_may_use(boss, owner, ask):
    a_secret(owner, "read")
    token = Token.objects.filter(account=owner).latest("pk")
    _, mine = ask(boss, "GET", "people/owner/budget")
    _, of_token = ask(boss, "POST", f"budgets/{mine['id']}/parts", {"token": token.pk})
    _, of_session = ask(boss, "POST", f"budgets/{of_token['id']}/parts", {"each": "session"})
    ask(boss, "PATCH", f"budgets/{of_token['id']}", {"limit_tokens": 150})
    ask(boss, "PATCH", f"budgets/{of_session['id']}", {"limit_tokens": 100})

    def call(session: str, tokens: int):
        charged = reserve.charged(team_id=None, account_id=owner.pk, token_id=token.pk, session=session)
        return reserve.reserve(charged, Call(model="m", role="work", tokens=tokens, micros=None))

    assert call("a", 100)
    for session, tokens, refusal in (("a", 1, Busy), ("b", 101, OutOfBudget), ("b", 60, Busy)):
        with pytest.raises(refusal):
            call(session, tokens)
    assert call("b", 50)
