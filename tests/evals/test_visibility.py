"""Evaluations tell nothing about a version to those who may not read it."""

import re

import pytest

from skills.evals import selectors
from skills.flows.access import transfer
from skills.flows.evaluation import worker
from skills.notices.models import Notice
from skills.people.models import Membership
from tests.evals.making import REAL, FakeEngine, a_finished_run, a_report, a_run
from tests.factories import a_person, a_team, a_version, actor, an_approved, bearer, join

pytestmark = pytest.mark.django_db

SKILL = "/@crew/greet-people/"
# What a reader may ask about a skill, each in the form of a page, of the API or of another tool.
ADDRESSES = [
    SKILL,
    f"{SKILL}evals/",
    f"{SKILL}versions/",
    f"{SKILL}v/1.0.0/evals/",
    f"{SKILL}v/1.1.0/evals/",
    "/@crew/",
    "/?q=greet",
    "/runs/",
    "/runs/1/",
    "/api/v1/skills/crew/greet-people",
    "/api/v1/skills/crew/greet-people/versions",
    "/api/v1/skills/crew/greet-people/versions/1.1.0",
    "/api/v1/skills/crew/greet-people/versions/1.1.0/runs",
    "/api/v1/search?q=greet",
    "/api/v1/runs",
    "/api/v1/runs/1",
]
# Tokens of forms, and how long ago something was.
_CHANGES_BY_ITSELF = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"|>[^<]*</time>'
)


def read_all(client):
    answers = {}
    for address in ADDRESSES:
        answer = client.get(address)
        answers[address] = answer.status_code, _CHANGES_BY_ITSELF.sub(b"", answer.content)
    return answers


@pytest.fixture
def draft(owner, mate, team):
    """A version in review, of a skill that everybody reads."""
    an_approved(owner, mate, team, wanted="public")
    return a_version(owner, team, number="1.1.0", body="Say good morning.")


@pytest.mark.parametrize("reader", ["visitor", "stranger"])
def test_nothing_a_reader_asks_tells_that_a_draft_was_evaluated(client, reader, stranger, draft):
    if reader == "stranger":
        client.force_login(stranger)
    before = read_all(client)

    a_finished_run(draft, REAL, report=a_report(-0.5, state="regresses"))

    assert read_all(client) == before


def test_the_history_shows_each_reader_the_versions_that_he_may_read(owner, stranger, draft):
    approved = draft.skill.versions.get(number="1.0.0")
    of_draft, of_approved = a_finished_run(draft, REAL), a_finished_run(approved, REAL)

    assert selectors.history(actor(None), draft.skill) == [of_approved]
    assert selectors.history(actor(stranger), draft.skill) == [of_approved]
    assert selectors.history(actor(owner), draft.skill) == [of_approved, of_draft]


def test_a_skill_that_moves_takes_the_evaluations_of_its_drafts_out_of_sight(client, owner, mate, team):
    an_approved(owner, mate, team)
    skill = an_approved(owner, mate, team, number="1.1.0", body="More.").skill
    run = a_finished_run(skill.versions.get(number="1.1.0"), REAL)
    other = a_team("other", admin=owner)
    assert list(selectors.runs_for(actor(mate))) == [run]

    transfer(actor=actor(owner), skill=skill, to=other)

    assert list(selectors.runs_for(actor(mate))) == []
    assert client.get(f"/api/v1/runs/{run.pk}", headers=bearer(mate)).status_code == 404
    client.force_login(mate)
    assert client.get(f"/runs/{run.pk}/").status_code == 404
    assert client.get(f"/runs/{run.pk}/benchmark.json").status_code == 404


def test_whoever_left_the_team_is_not_told_how_the_evaluation_went(owner, team, scripted, skill_files):
    version = a_version(owner, team, content=skill_files)
    author = a_person("writer")
    join(team, author, "member")
    a_run(author, version)
    Membership.objects.filter(account=author, team=team).delete()

    worker.work(holder="w", engine=FakeEngine())

    assert not Notice.objects.filter(account=author, kind="evaluated").exists()
