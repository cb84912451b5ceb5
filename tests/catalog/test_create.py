"""The rows of a new version: every column of the models is written, names decide races."""

import threading

import pytest
from django.db import connection, transaction

from skills.audit.models import Event
from skills.catalog import create
from skills.catalog.models import File, Maintainer, Skill, SkillName, Version
from skills.catalog.numbers import parse
from skills.flows import access
from skills.lib.errors import Conflict
from tests.factories import actor, an_upload, files

pytestmark = pytest.mark.django_db
SHA = "0" * 64


def create_skill(team, owner, name="greet-people"):
    with transaction.atomic():
        return create.locked_skills(team=team, names=[name], by=owner)[name]


def a_new_version(skill, owner, **more):
    upload = an_upload(owner, files() | {"a.txt": b"a"})
    upload.refresh_from_db()  # JSON as it comes back
    values = {"number": "1.0.0-rc.1", "build": "b7", "is_prerelease": True, "changelog": "It's 100 % new."}
    version = Version(
        skill=skill,
        digest=upload.digest,
        size=upload.size,
        manifest=upload.manifest,
        author=owner,
        responsible=owner,
        requested_visibility="public",
        **(values | more),
    )
    with transaction.atomic():
        create.create_versions([create.NewVersion(version, upload)])
    return version, upload


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_every_column_of_a_skill_is_written(owner, team):
    skill, is_new = create_skill(team, owner)

    assert is_new
    assert columns(Skill.objects.get()) == columns(skill)


def test_every_column_of_a_version_is_written(owner, team):
    skill, _ = create_skill(team, owner)

    version, _ = a_new_version(skill, owner)

    assert columns(Version.objects.get()) == columns(version)


def test_every_file_of_the_upload_is_written(owner, team):
    skill, _ = create_skill(team, owner)

    version, upload = a_new_version(skill, owner)

    stored = [columns(file) for file in File.objects.order_by("path")]
    assert [{key: row[key] for key in upload.files[0]} for row in stored] == sorted(
        upload.files, key=lambda file: file["path"]
    )
    assert {row["version_id"] for row in stored} == {version.pk}


@pytest.mark.parametrize("model", [Skill, SkillName, Maintainer, Version, File])
def test_no_column_is_left_to_the_database(model):
    """The statements write what Django would; a default of the database would never be asked for."""
    fields = model._meta.concrete_fields
    assert not [field.name for field in fields if field.has_db_default() and not field.has_default()]


def test_a_new_skill_has_its_name_and_its_author_as_maintainer(owner, team):
    skill, _ = create_skill(team, owner)

    assert SkillName.objects.get(team=team, name="greet-people").skill == skill
    assert Maintainer.objects.get(skill=skill).account == owner
    assert Event.objects.filter(act="skill.create", target="crew/greet-people").exists()


def test_the_skill_of_a_taken_name_is_found_and_nothing_is_written(owner, team):
    first, _ = create_skill(team, owner)

    second, is_new = create_skill(team, owner)

    assert (second, is_new) == (first, False)
    assert Event.objects.filter(act="skill.create").count() == 1


def test_a_former_name_is_refused_and_names_the_skill_of_today(owner, team):
    skill, _ = create_skill(team, owner)
    access.rename(actor=actor(owner), skill=skill, name="welcome-people")

    with pytest.raises(Conflict, match="old name of crew/welcome-people"):
        create_skill(team, owner)


def test_attempts_come_newest_first(owner, team):
    skill, _ = create_skill(team, owner)
    first, _ = a_new_version(skill, owner, state="rejected")
    second, _ = a_new_version(skill, owner, attempt=2)

    assert create.attempts(skill, parse("1.0.0-rc.1")) == [second, first]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_skill_and_neither_fails(owner, team):
    made = []

    def make():
        try:
            made.append(create_skill(team, owner))
        finally:
            connection.close()

    with transaction.atomic():
        made.append(create.locked_skills(team=team, names=["greet-people"], by=owner)["greet-people"])
        other = threading.Thread(target=make)
        other.start()
        other.join(0.3)
        assert other.is_alive(), "the second waits for the first"
    other.join(10)

    assert [is_new for _, is_new in made] == [True, False]
    assert made[0][0] == made[1][0]
