"""What readers see of a skill is copied from the version that is shown; channels follow it."""

import pytest
from django.db import transaction

from skills.catalog.models import Channel, Skill
from skills.catalog.public_columns import refresh
from skills.flows import access
from skills.lib.clock import now
from tests.factories import a_person, a_version, actor, an_approved, reload

pytestmark = pytest.mark.django_db


def columns(skill):
    row = reload(skill)
    return row.latest and row.latest.number, row.shown and row.shown.number, row.description


def yank(version, by):
    access.yank(actor=actor(by), version_id=version.pk, reason="Wrong.")


def test_a_skill_without_an_approved_version_shows_nothing(owner, team):
    skill = a_version(owner, team).skill

    assert refresh(skill) is None
    row = reload(skill)
    assert (row.latest, row.shown, row.published, row.description) == (None, None, False, "")


def test_the_columns_are_those_of_the_shown_version(owner, mate, team):
    version = an_approved(
        owner,
        mate,
        team,
        description="Greets people.",
        license="MIT",
        metadata="{tags: 'hello, people'}",
    )

    skill = reload(version.skill)
    assert (skill.description, skill.license, skill.tags) == ("Greets people.", "MIT", ["hello", "people"])
    assert skill.catalogue_tokens == version.manifest["catalogue_tokens"]
    assert skill.published


def test_the_highest_stable_version_is_shown_whatever_came_last(owner, mate, team):
    for number in ("1.0.0", "2.0.0", "1.5.0", "3.0.0-rc.1"):
        version = an_approved(owner, mate, team, number=number, description=f"Number {number}.")

    assert columns(version.skill) == ("2.0.0", "2.0.0", "Number 2.0.0.")


def test_a_prerelease_is_shown_where_nothing_is_stable_and_is_never_latest(owner, mate, team):
    for number in ("1.0.0-beta.2", "1.0.0-beta.10"):
        version = an_approved(owner, mate, team, number=number, description=f"Number {number}.")

    assert columns(version.skill) == (None, "1.0.0-beta.10", "Number 1.0.0-beta.10.")


def test_a_yank_shows_the_next_lower_and_an_unyank_takes_it_back(owner, mate, team):
    an_approved(owner, mate, team, description="One.")
    second = an_approved(owner, mate, team, number="2.0.0", description="Two.")

    yank(second, owner)
    assert columns(second.skill) == ("1.0.0", "1.0.0", "One.")
    access.unyank(actor=actor(owner), version_id=second.pk, reason="Right.")

    assert columns(second.skill) == ("2.0.0", "2.0.0", "Two.")


def test_a_skill_whose_last_version_is_yanked_keeps_what_people_knew_it_by(owner, mate, team):
    version = an_approved(owner, mate, team, description="One.")

    yank(version, owner)

    assert columns(version.skill) == (None, None, "One.")
    assert reload(version.skill).published


def test_channels_of_versions_that_are_no_longer_approved_go(owner, mate, team):
    first = an_approved(owner, mate, team)
    second = an_approved(owner, mate, team, number="2.0.0", body="Two.")
    for name, version in (("stable", first), ("edge", second)):
        Channel.objects.create(skill=first.skill, name=name, version=version)

    yank(second, owner)

    assert [channel.name for channel in Channel.objects.all()] == ["stable"]


def test_channels_of_other_skills_stay(owner, mate, team):
    other = an_approved(owner, mate, team, "other-skill")
    Channel.objects.create(skill=other.skill, name="stable", version=other)
    version = an_approved(owner, mate, team)

    access.remove(actor=actor(a_person("boss", staff=True)), version_id=version.pk, reason="It leaks.")

    assert Channel.objects.get().skill == other.skill


def test_the_time_of_the_change_is_noted(owner, mate, team):
    skill = an_approved(owner, mate, team).skill
    moment = now()

    with transaction.atomic():
        refresh(Skill.objects.select_for_update().get(pk=skill.pk))

    assert reload(skill).updated_at >= moment
