"""A new column of Skill reaches publishing, search and card through the model alone (CONTRIBUTING.md)."""

import pytest

from skills.bundles.manifest import Manifest
from skills.catalog.models import Skill
from skills.catalog.public_columns import LISTED_COLUMNS
from skills.search.result_rows import COLUMNS
from skills.web.cards import skill_card
from tests.factories import an_approved


def test_what_a_skill_copies_is_found_in_the_manifest_under_the_same_name():
    assert [name for name in Skill.FROM_MANIFEST if not hasattr(Manifest(), name)] == []


def test_what_a_skill_copies_is_read_for_lists():
    assert set(Skill.FROM_MANIFEST) <= set(LISTED_COLUMNS)


def test_lists_read_every_column_but_those_of_the_skills_own_page():
    columns = {column.attname for column in Skill._meta.concrete_fields}

    assert columns - set(LISTED_COLUMNS) == {
        "published",
        "successor_id",
        "deprecation_note",
        "created_by_id",
    }


def test_a_search_reads_every_listed_column():
    names = {column.split(" as ")[-1].removeprefix("s.") for column in COLUMNS.split(", ")}

    assert set(LISTED_COLUMNS) <= names


@pytest.mark.django_db
def test_a_card_changes_with_any_column_that_it_shows(owner, mate, team):
    skill = an_approved(owner, mate, team, description="Greets people.").skill
    skill.refresh_from_db()
    before = skill_card(skill)

    skill.description = "Greets everybody."

    assert "Greets people." in before
    assert "Greets everybody." in skill_card(skill)
