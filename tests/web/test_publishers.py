"""Admins write down which runs of CI may publish, on a page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from skills.audit.models import Event
from skills.people.models import Membership
from skills.publishers.models import TrustedPublisher
from tests.pages import outcome
from tests.publishers.making import a_publisher

PAGE = "/@crew/-/publishers/"
TYPED = {"kind": "github", "repository": "acme/skills", "workflow": "skills.yml", "ref": "refs/heads/main"}


@pytest.fixture
def admin(client, owner, team):
    client.force_login(owner)
    return client


def test_an_admin_writes_down_a_workflow(admin, owner):
    answer = admin.post(PAGE, TYPED | {"skills": "greet-people, farewell", "claims": "actor = octocat"})

    assert outcome(answer)[:2] == (302, PAGE)
    publisher = TrustedPublisher.objects.get()
    assert publisher.workflow == ".github/workflows/skills.yml"
    assert publisher.issuer == "https://token.actions.githubusercontent.com"
    assert publisher.skills == ["farewell", "greet-people"]
    assert publisher.claims == {"actor": "octocat"}
    assert publisher.added_by == owner
    assert publisher.account.username == "crew-ci"
    assert Event.objects.filter(act="publisher.add").get().detail["repository"] == "acme/skills"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"repository": "skills"}, "names no repository"),
        ({"workflow": ""}, "any workflow of the repository could publish"),
        ({"ref": "main"}, "is no branch or tag"),
        ({"skills": "Greet_People"}, "is no name of a skill"),
        ({"issuer": "http://ci.example.org"}, "https:// addresses"),
        ({"issuer": "ftp://x"}, "http:// or https://"),
        ({"claims": "actor"}, "each with a name and a value"),
        ({"kind": "other", "repository": "x"}, "issuer is missing"),
    ],
)
def test_what_is_incomplete_is_said_beside_the_form(typed, words, admin):
    answer = admin.post(PAGE, TYPED | typed)

    assert answer.status_code == 400
    assert words in answer.content.decode().replace("&#x27;", "'")
    assert not TrustedPublisher.objects.exists()


def test_the_same_is_not_written_down_twice(admin):
    admin.post(PAGE, TYPED)

    answer = admin.post(PAGE, TYPED)

    assert "has this trusted publisher already" in answer.content.decode()
    assert TrustedPublisher.objects.count() == 1


def test_the_page_lists_each_at_the_cost_of_one(admin, owner, team):
    costs = []
    for number in range(3):
        a_publisher(owner, team, repository=f"acme/skills-{number}")
        with CaptureQueriesContext(connection) as captured:
            page = admin.get(PAGE).content.decode()
        costs.append(len(captured))

    assert page.count("acme/skills-") == 3
    assert costs[1] == costs[2]


def test_the_page_says_for_which_nobody_answers_any_more(admin, owner, mate, team):
    Membership.objects.filter(team=team, account=mate).update(role="admin")
    a_publisher(owner, team, repository="acme/kept")
    a_publisher(mate, team, repository="acme/left")
    Membership.objects.filter(team=team, account=mate).update(role="member")

    page = admin.get(PAGE).content.decode()

    assert page.count("no admin any more") == 1
    assert page.index("acme/left") < page.index("no admin any more") < page.index("acme/kept")


def test_one_is_removed(admin, owner, team):
    publisher = a_publisher(owner, team)

    answer = admin.post(f"{PAGE}{publisher.pk}/remove/")

    assert outcome(answer) == (302, PAGE, [("ok", "Its runs publish no more.")])
    assert not TrustedPublisher.objects.exists()
    assert Event.objects.filter(act="publisher.remove").exists()


def test_a_publisher_of_another_team_is_not_there(admin, owner):
    from tests.factories import a_team

    foreign = a_publisher(owner, a_team("second", admin=owner))

    assert admin.post(f"{PAGE}{foreign.pk}/remove/").status_code == 404
