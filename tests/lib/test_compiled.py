import pytest

from skills.catalog.models import Skill, Version
from skills.lib.compiled import CompiledQuery
from tests.factories import a_version

pytestmark = pytest.mark.django_db


def by_number(**more):
    settings = {
        "asked": ["0"],
        "columns": ["id", "number", "notes"],
        "related": {"skill": ["id", "name"]},
        **more,
    }
    return CompiledQuery(Version.objects.filter(number="0"), **settings)


def test_rows_are_found_by_the_values_of_the_call(owner, team):
    a_version(owner, team, name="one", number="1.0.0")
    a_version(owner, team, name="two", number="2.0.0")

    found = by_number().run("2.0.0")

    assert [(version.number, version.skill.name) for version in found] == [("2.0.0", "two")]


def test_what_was_not_asked_for_is_read_when_looked_at(owner, team, django_assert_num_queries):
    made = a_version(owner, team, number="1.0.0")
    [version] = by_number().run("1.0.0")

    with django_assert_num_queries(0):
        assert (version.notes, version.skill.pk) == ([], made.skill_id)
    with django_assert_num_queries(1):
        assert version.digest == made.digest


def test_no_row_is_an_empty_list():
    assert by_number().run("9.9.9") == []


def test_a_statement_with_its_parameters_in_another_order_is_refused():
    both = Skill.objects.filter(name="a", names__name="b")

    with pytest.raises(ValueError, match="asks for"):
        CompiledQuery(both, asked=["b", "a"], columns=["id"], related={})


def test_a_value_that_nobody_gives_is_refused():
    with pytest.raises(ValueError, match="asks for"):
        CompiledQuery(Skill.objects.filter(name="a", license="b"), asked=["a"], columns=["id"], related={})
