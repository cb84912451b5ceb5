"""Cursor pages: every row once, in order, while rows come and go; a cursor is not trusted."""

import base64
import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.catalog.models import Skill
from skills.lib.errors import Refused
from skills.lib.pages import MOST, decode, encode, page
from tests.factories import a_person, a_team

NAMES = ["delta", "alpha", "charlie", "bravo", "echo"]


@pytest.fixture
def skills(db):
    owner = a_person("owner")
    team = a_team("crew", admin=owner)
    for stars, name in enumerate(NAMES):
        Skill.objects.create(team=team, name=name, created_by=owner, stars=stars // 2)
    return Skill.objects.all()


def walk(rows, order, size):
    """The names of each page, one after the other."""
    pages, cursor = [], ""
    while True:
        found = page(rows, order, cursor, size)
        pages.append([row.name for row in found.rows])
        cursor = found.next
        if not cursor:
            return pages


def a_cursor(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def test_each_row_comes_once_in_order(skills):
    assert walk(skills, "name", 2) == [["alpha", "bravo"], ["charlie", "delta"], ["echo"]]
    assert walk(skills, "-name", 2) == [["echo", "delta"], ["charlie", "bravo"], ["alpha"]]


def test_rows_of_equal_value_come_once_too(skills):
    assert walk(skills, "stars", 1) == [[name] for name in NAMES]
    assert walk(skills, "-stars", 1) == [[name] for name in reversed(NAMES)]


def test_the_last_full_page_has_no_next(skills):
    assert len(walk(skills, "name", 5)) == 1
    assert page(skills, "name", "", 5).next == ""
    assert page(skills, "name", "", 4).next


def test_no_rows_are_one_empty_page(skills):
    found = page(skills.none(), "name", "", 5)

    assert (list(found.rows), found.next) == ([], "")


def test_a_page_ends_where_it_ended_though_rows_came_before_it(skills):
    first = page(skills, "name", "", 2)
    owner = skills[0].created_by
    Skill.objects.create(team=skills[0].team, name="aardvark", created_by=owner)
    Skill.objects.filter(name="bravo").delete()

    second = page(skills, "name", first.next, 2)

    assert [row.name for row in second.rows] == ["charlie", "delta"]


@pytest.mark.parametrize(("size", "rows"), [(-5, 1), (0, 1), (1, 1), (5, 5), (1_000, 5)])
def test_a_page_has_at_least_one_row(skills, size, rows):
    assert len(page(skills, "name", "", size).rows) == rows


def test_a_page_has_at_most_a_hundred_rows(skills):
    owner, team = skills[0].created_by, skills[0].team
    Skill.objects.bulk_create(
        Skill(team=team, name=f"skill-{number}", created_by=owner) for number in range(MOST)
    )

    assert len(page(skills, "name", "", MOST + 50).rows) == MOST


def test_times_are_read_back_from_a_cursor(skills):
    assert [len(names) for names in walk(skills, "-updated_at", 2)] == [2, 2, 1]


@pytest.mark.parametrize(
    "cursor",
    ["x", "!!!", "é", a_cursor({}), a_cursor([]), a_cursor([1]), a_cursor([1, 2, 3]), a_cursor("ab")],
)
def test_what_is_no_cursor_is_refused(skills, cursor):
    with pytest.raises(Refused) as refusal:
        page(skills, "name", cursor, 2)

    assert refusal.value.problems[0].code == "bad_cursor"
    assert refusal.value.problems[0].remedy == "Start at the first page."


@pytest.mark.parametrize(
    ("order", "values"),
    [
        ("-updated_at", ["no time", 1]),
        ("-updated_at", [5, 1]),
        ("stars", ["many", 1]),
        ("stars", [1, "no id"]),
        ("stars", [[1], 1]),
        ("stars", [{}, 1]),
        ("stars", [10**30, 1]),
        ("name", ["a\0b", 1]),
    ],
)
def test_a_cursor_made_up_with_other_values_is_refused_or_empty(skills, order, values):
    try:
        found = page(skills, order, a_cursor(values), 2)
    except Refused as refusal:
        assert refusal.problems[0].code == "bad_cursor"
    else:
        assert list(found.rows) == []


@given(st.lists(st.text(max_size=5) | st.integers() | st.none() | st.booleans(), max_size=4))
def test_a_cursor_stands_for_its_values(values):
    assert decode(encode(values), len(values)) == values


@given(st.text(max_size=12))
def test_any_text_is_a_cursor_or_refused(text):
    with contextlib.suppress(Refused):
        assert len(decode(text, 2)) == 2
