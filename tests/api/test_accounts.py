"""Me, teams and tokens through the API."""

from datetime import datetime, timedelta

import pytest

from skills.people.models import Token
from skills.people.teams import create_service
from tests.api.calls import V1, get, post, refusal
from tests.factories import a_person, a_secret, a_team, actor, bearer, join

pytestmark = pytest.mark.django_db


def test_me_tells_account_scopes_and_roles(client, mate, team):
    answer = get(client, "/me", mate, "read", "review")

    assert answer.json() == {
        "account": "mate",
        "scopes": ["read", "review"],
        "teams": {"mate": "admin", "crew": "reviewer"},
    }


def test_a_visitor_is_nobody(client):
    assert get(client, "/me").json() == {"account": None, "scopes": [], "teams": {}}


def test_a_token_limited_to_a_team_has_its_role_there_alone(client, owner, team):
    headers = bearer(owner, "read", team_limits=(team,))

    assert client.get(f"{V1}/me", headers=headers).json()["teams"] == {"crew": "admin"}


def test_the_answer_depends_on_who_asks_and_is_not_shared(client, owner):
    answer = get(client, "/me", owner)

    assert answer["Cache-Control"] == "private, no-cache"
    assert {part.strip() for part in answer["Vary"].split(",")} >= {"Authorization", "Cookie"}


def test_teams_are_those_one_is_in_page_by_page(client, owner, stranger):
    for handle in ("aaa", "bbb", "ccc"):
        a_team(handle, admin=owner)
    a_team("zzz", admin=stranger)

    first = get(client, "/teams?limit=3", owner).json()
    second = get(client, f"/teams?limit=3&cursor={first['next']}", owner).json()

    assert [team["handle"] for team in first["results"]] == ["aaa", "bbb", "ccc"]
    assert second == {
        "results": [{"handle": "owner", "name": "owner", "description": "", "personal": True}],
        "next": "",
    }


def test_teams_of_a_visitor_need_an_account(client):
    answer = get(client, "/teams")

    assert refusal(answer) == (401, "sign_in")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_one_team_and_one_that_does_not_exist(client, owner, team):
    assert get(client, "/teams/crew", owner).json()["personal"] is False
    assert refusal(get(client, "/teams/nobody", owner)) == (404, "not_found")


def test_a_new_token_carries_its_secret_once(client, owner, team):
    answer = post(client, "/tokens", {"name": "ci", "scopes": ["read"], "teams": ["crew"], "days": 5}, owner)

    made = answer.json()
    assert answer.status_code == 201
    assert made["secret"].startswith("skh_") and made["secret"].startswith(made["hint"])
    assert (made["name"], made["scopes"], made["teams"], made["revoked_at"]) == (
        "ci",
        ["read"],
        ["crew"],
        None,
    )
    token = Token.objects.get(pk=made["id"])
    assert token.expires_at - token.created_at == timedelta(days=5)
    assert datetime.fromisoformat(made["expires_at"]) == token.expires_at
    for row in get(client, "/tokens", owner).json()["results"]:
        assert "secret" not in row


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x"},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["root"]},
        {"name": "", "scopes": ["read"]},
        {"name": "x" * 81, "scopes": ["read"]},
        {"name": "x", "scopes": ["read"], "days": 0},
        {"name": "x", "scopes": ["read"], "days": 367},
        {"name": "x", "scopes": "read"},
        {"name": ["x"], "scopes": ["read"]},
        [],
        "x",
    ],
)
def test_a_token_that_cannot_be_is_a_problem_and_not_made(body, client, owner):
    answer = post(client, "/tokens", body, owner)

    assert refusal(answer)[0] == 400
    assert not Token.objects.filter(name="x").exists()


def test_a_token_makes_no_token_with_scopes_it_lacks(client, owner):
    scopes = ("read", "admin")

    answer = post(client, "/tokens", {"name": "x", "scopes": ["publish"]}, owner, *scopes)

    assert refusal(answer) == (403, "scope_missing")


def test_tokens_need_the_admin_scope(client, owner):
    scopes = ("read", "publish", "review")

    assert refusal(get(client, "/tokens", owner, *scopes)) == (403, "scope_missing")
    answer = post(client, "/tokens", {"name": "x", "scopes": ["read"]}, owner, "read")
    assert refusal(answer) == (403, "scope_missing")


@pytest.mark.parametrize(("handle", "status"), [("nobody", 404), ("others", 404)])
def test_a_token_is_not_limited_to_a_team_one_is_not_in(handle, status, client, owner, stranger):
    a_team("others", admin=stranger)

    answer = post(client, "/tokens", {"name": "x", "scopes": ["read"], "teams": [handle]}, owner)

    assert refusal(answer)[0] == status


def test_a_foreign_token_cannot_be_told_from_none(client, owner, stranger):
    a_secret(owner)
    token = Token.objects.get(account=owner)

    for pk in (token.pk, token.pk + 500, 10**30):
        answer = client.delete(f"{V1}/tokens/{pk}", headers=bearer(stranger))
        assert refusal(answer) == (404, "not_found")
    token.refresh_from_db()
    assert token.revoked_at is None


def test_revoking_twice_is_as_good_as_once(client, owner):
    a_secret(owner)
    token = Token.objects.get()
    headers = bearer(owner)

    answers = [client.delete(f"{V1}/tokens/{token.pk}", headers=headers).status_code for _ in range(2)]

    assert answers == [204, 204]
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_service_account_is_a_member_of_its_team(client, owner, team):
    service = create_service(actor=actor(owner), team=team, handle="ci")

    assert get(client, "/me", service).json()["teams"] == {"crew": "member"}


def test_a_role_that_was_taken_away_is_gone_with_the_next_request(client, owner, team):
    zoe = a_person("zoe")
    join(team, zoe, "member")
    headers = bearer(zoe, "read")
    assert client.get(f"{V1}/me", headers=headers).json()["teams"] == {"zoe": "admin", "crew": "member"}

    zoe.memberships.filter(team=team).delete()

    assert client.get(f"{V1}/me", headers=headers).json()["teams"] == {"zoe": "admin"}
