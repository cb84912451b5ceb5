"""The database sorts numbers as semantic versioning does; pages read no more versions than they show."""

import random

import pytest
import semantic_version as semver
from django.db import connection
from django.urls import reverse

from skills.catalog.models import Skill, State, Version
from skills.catalog.number_order import HIGHEST_FIRST
from skills.catalog.public_columns import refresh
from skills.catalog.selectors import page_of_versions, versions_of
from skills.flows.evaluation.subject import approved_before
from skills.lib.errors import Refused
from skills.lib.pages import encode
from skills.people.actor import VISITOR
from tests.factories import actor, an_approved, reload

pytestmark = pytest.mark.django_db

_PARTS = ["0", "1", "9", "10", "11", "100", "-", "a", "A", "a-", "a1", "a-b", "b", "rc", "rc1", "0a", "1-"]


def some_numbers(seed, count):
    """Valid numbers whose parts are those that other orders than ours get wrong."""
    draw = random.Random(seed)
    found = set()
    while len(found) < count:
        core = ".".join(draw.choice(["0", "1", "2", "10", "99", "100", "1" + "0" * 9]) for _ in range(3))
        parts = [draw.choice(_PARTS) for _ in range(draw.choice([0, 0, 1, 2, 3]))]
        found.add(f"{core}-{'.'.join(parts)}" if parts else core)
    return sorted(found, key=lambda _: draw.random())


def copies(version, numbers, **facts):
    """VERSION under other numbers, with other FACTS: only rows are looked at here."""
    made = [Version.objects.get(pk=version.pk) for _ in numbers]
    for row, number in zip(made, numbers, strict=True):
        row.pk, row.number, row.is_prerelease = None, number, "-" in number
        for name, value in facts.items():
            setattr(row, name, value)
    return Version.objects.bulk_create(made)


@pytest.fixture
def skill(owner, mate, team):
    version = an_approved(owner, mate, team, wanted="public")
    copies(version, [f"1.0.{number}" for number in range(1, 150)])
    refresh(version.skill)
    return reload(version.skill)


def rows_read(statement, parameters):
    """How many rows the plan of a statement touches at most in one step."""
    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, format json) {statement}", parameters)
        (plan,) = cursor.fetchone()[0]

    def most(step):
        taken = step["Actual Rows"] + step.get("Rows Removed by Filter", 0)
        return max([taken, *(most(inner) for inner in step.get("Plans", []))])

    return most(plan["Plan"])


def test_numbers_sort_as_semantic_versioning_has_them(owner, mate, team):
    version = an_approved(owner, mate, team, number="1.0.0-rc.1")
    numbers = [number for number in some_numbers(seed=1, count=200) if number != version.number]
    copies(version, numbers)

    found = version.skill.versions.order_by(*HIGHEST_FIRST).values_list("number", flat=True)

    assert list(found) == sorted([*numbers, version.number], key=semver.Version, reverse=True)


def test_pages_of_versions_show_each_once_in_order_to_whoever_may_see_it(skill, owner):
    version = skill.versions.first()
    hidden = copies(version, ["1.0.7-rc.1", "2.0.0"], state=State.REJECTED, approved_at=None)

    def walk(who):
        shown, cursor = [], ""
        while True:
            page = page_of_versions(who, skill, cursor, 70)
            shown += [row.number for row in page.rows]
            cursor = page.next
            if not cursor:
                return shown

    approved = [f"1.0.{number}" for number in reversed(range(150))]
    assert walk(VISITOR) == approved
    drafted = [*approved]
    drafted.insert(approved.index("1.0.6"), "1.0.7-rc.1")
    assert walk(actor(owner)) == ["2.0.0", *drafted]
    with pytest.raises(Refused) as refusal:
        page_of_versions(VISITOR, skill, encode([hidden[0].pk]), 70)
    assert refusal.value.problems[0].code == "bad_cursor"


def test_a_cursor_of_versions_that_was_made_up_is_refused(skill):
    for last in ("x", None, [1], 10**30, -1, True):
        with pytest.raises(Refused) as refusal:
            page_of_versions(VISITOR, skill, encode([last]), 5)

        assert refusal.value.problems[0].code == "bad_cursor"


def test_a_page_of_versions_reads_only_its_rows_whatever_there_are(skill, django_assert_num_queries):
    with connection.cursor() as cursor:
        cursor.execute("analyze skills_version")

    first = versions_of(VISITOR, skill)[:20]
    statement, parameters = first.query.sql_with_params()

    assert rows_read(statement, parameters) == 20
    with django_assert_num_queries(1):
        page = page_of_versions(VISITOR, skill, "", 20)
    with django_assert_num_queries(2):
        page_of_versions(VISITOR, skill, page.next, 20)


def test_no_page_of_a_skill_makes_more_versions_than_it_shows(skill, owner, client, monkeypatch):
    client.force_login(owner)
    made = []
    from_db = Version.from_db.__func__

    def note(cls, *values):
        made.append(values)
        return from_db(cls, *values)

    monkeypatch.setattr(Version, "from_db", classmethod(note))

    for path in ("", "tools/", "files/", "evals/", "field/", "versions/", "v/1.0.5/", "settings/"):
        made.clear()
        assert client.get(f"{skill.get_absolute_url()}{path}").status_code == 200
        assert len(made) <= 55, path


def test_settings_offer_the_newest_numbers_and_take_any(skill, owner, client):
    client.force_login(owner)
    page = client.get(reverse("skill-settings", args=["crew", skill.name])).content.decode()

    client.post(
        reverse("skill-change", args=["crew", skill.name, "channel"]),
        {"channel": "stable", "number": "1.0.3"},
    )

    assert page.count("<option") < 60
    assert skill.channels.get().version.number == "1.0.3"


def test_a_change_is_measured_against_the_approved_version_before_it(skill):
    skill = Skill.objects.get(pk=skill.pk)

    assert approved_before(skill, skill.versions.get(number="1.0.5")).number == "1.0.149"
    assert approved_before(skill, skill.latest).number == "1.0.148"


def test_open_versions_are_named_up_to_a_few(skill, owner, client):
    version = skill.versions.first()
    copies(version, [f"3.0.{number}" for number in range(8)], state=State.IN_REVIEW, approved_at=None)

    def page():
        return client.get(skill.get_absolute_url()).content.decode()

    assert "in review" not in page()
    client.force_login(owner)
    assert page().count(" in review</a>") == 6
    assert "3.0.7 in review" in page()
    assert "more in review" in page()
