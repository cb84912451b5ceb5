"""The first page and a team's: what is recommended and what is new."""

from datetime import timedelta

import pytest

from skills.catalog.models import Skill
from skills.curation.labels import set_labels
from skills.lib.clock import now
from skills.people.models import Team
from skills.web.shelves import shelves_of
from tests.factories import a_person, actor, an_approved


@pytest.fixture
def skill(owner, mate, team):
    return an_approved(owner, mate, team).skill


def titles(account, team: Team) -> list[str]:
    return [shelf.title for shelf in shelves_of(actor(account), [team.pk])]


def test_what_a_team_labels_recommended_stands_before_what_is_new(owner, team, skill):
    set_labels(actor=actor(owner), skill=skill, names=["recommended"])

    assert titles(owner, team) == ["Recommended", "New"]


def test_what_was_made_long_ago_or_is_deprecated_is_on_no_shelf_of_new_ones(owner, team, skill):
    Skill.objects.update(created_at=now() - timedelta(days=40))

    assert titles(owner, team) == []


def test_a_stranger_sees_no_shelf_of_what_they_may_not_read(team, skill):
    assert titles(a_person("stranger"), team) == []


def test_the_first_page_begins_with_the_shelves_of_ones_teams(client, owner, skill):
    client.force_login(owner)

    assert [shelf.title for shelf in client.get("/").context["shelves"]] == ["New"]
    assert client.get("/?q=greet").context["shelves"] == []


def test_visitors_are_told_what_this_is_and_what_to_do_first(client, db):
    page = " ".join(client.get("/").content.decode().split())

    assert "skills that people have reviewed" in page
    assert "sign in to publish" in page
