"""Who may keep a page: nobody a secret, the reader's own browser what is theirs, anybody what all may see."""

import pytest

from skills.people.teams import create_service
from tests.factories import actor, an_approved

SECRET_PAGES = [
    "/account/",
    "/account/tokens/",
    "/account/login/",
    "/account/email/",
    "/account/password/change/",
    "/account/two-factor/totp/activate/",
    "/account/sessions/",
    "/cli/device",
    "/cli/auth?redirect_uri=http://127.0.0.1:5555/cb",
    "/invitations/none/",
    "/setup/wrong/",
]
THEIR_PAGES = [
    "/",
    "/teams/",
    "/reviews/",
    "/notices/",
    "/publish/",
    "/@crew/",
    "/@crew/-/members/",
    "/@crew/greet-people/",
    "/@crew/greet-people/files/",
    "/@crew/nothing-here/",
]


@pytest.fixture
def skill(owner, mate, team):
    return an_approved(owner, mate, team, wanted="public").skill


@pytest.mark.parametrize("path", SECRET_PAGES)
def test_a_page_with_secrets_is_kept_nowhere(client, owner, path):
    client.force_login(owner)

    assert "no-store" in client.get(path)["Cache-Control"]


def test_the_page_that_shows_a_new_secret_once_is_kept_nowhere(client, owner, team):
    create_service(actor=actor(owner), team=team, handle="crew-ci")
    client.force_login(owner)

    shown = [
        client.post("/account/tokens/", {"name": "a", "scopes": "read", "days": "9"}),
        client.post("/@crew/-/services/crew-ci/", {"name": "a", "scopes": "read", "days": "9"}),
        client.post("/@crew/-/members/invite/", {"email": "a@example.org", "role": "member"}),
    ]

    assert [answer.status_code for answer in shown] == [200, 200, 200]
    assert {answer["Cache-Control"] for answer in shown} == {"private, no-store"}


@pytest.mark.parametrize("path", THEIR_PAGES)
def test_what_somebody_sees_who_signed_in_is_theirs_alone_and_asked_for_again(client, owner, skill, path):
    client.force_login(owner)

    answer = client.get(path)

    assert answer["Cache-Control"] == "private, no-cache"
    assert "Cookie" in answer["Vary"]


@pytest.mark.parametrize("path", ["/", "/@crew/greet-people/", "/docs/"])
def test_what_everybody_sees_may_be_kept_as_before(client, skill, path):
    answer = client.get(path)

    assert "Cache-Control" not in answer
    assert "Cookie" in answer["Vary"]


def test_bytes_that_never_change_stay_for_ever(client, owner, skill):
    client.force_login(owner)

    answer = client.get("/api/v1/skills/crew/greet-people/versions/1.0.0/zip")

    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    tag = {"If-None-Match": answer["ETag"]}
    assert client.get("/api/v1/skills/crew/greet-people/versions/1.0.0/zip", headers=tag).status_code == 304
