"""The aside of a skill's page: what each noun says, in a constant number of queries."""

import pytest

from skills.catalog.models import Skill
from skills.curation import follow
from skills.flows import access
from skills.lib.clock import now
from skills.people.actor import VISITOR
from skills.web.skill_sidebar import Sidebar, sidebar_of
from tests.factories import a_version, actor, an_approved

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(owner, mate, team):
    version = an_approved(owner, mate, team, wanted="public")
    skill = version.skill
    for name in ("stable", "edge"):
        access.move_channel(actor=actor(owner), skill=skill, name=name, version=version)
    access.set_labels(actor=actor(owner), skill=skill, names=["money", "letters"])
    access.set_maintainer(actor=actor(owner), skill=skill, account=mate, on=True)
    follow.star(actor=actor(mate), skill=skill, on=True)
    follow.follow(actor=actor(mate), skill=skill, on=True)
    return version


def test_it_says_what_each_noun_knows(version, mate):
    sidebar = sidebar_of(version.skill, version, actor(mate))

    assert sidebar == Sidebar(
        latest="1.0.0",
        versions=1,
        channels=[("edge", "1.0.0"), ("stable", "1.0.0")],
        maintainers=["mate", "owner"],
        labels=["letters", "money"],
        approvers=["mate"],
        clean=True,
        verdict="",
        starred=True,
        following=True,
    )


def test_a_visitor_stars_and_follows_nothing(version, django_assert_num_queries):
    with django_assert_num_queries(1):
        sidebar = sidebar_of(version.skill, version, VISITOR)

    assert not sidebar.starred and not sidebar.following


def test_a_version_that_nobody_approved_has_no_approvers(version, owner, team):
    waiting = a_version(owner, team, number="1.1.0")

    assert sidebar_of(version.skill, waiting, VISITOR).approvers == []


def test_a_skill_without_a_version_still_has_its_people(owner, team):
    skill = Skill.objects.create(team=team, name="empty", created_by=owner, updated_at=now())
    access.set_maintainer(actor=actor(owner), skill=skill, account=owner, on=True)

    sidebar = sidebar_of(skill, None, VISITOR)

    assert sidebar.maintainers == ["owner"]
    assert sidebar.channels == [] and not sidebar.clean
