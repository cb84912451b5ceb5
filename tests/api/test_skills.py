"""Lists, search, one skill and what a version's name means, through the API."""

import pytest

from skills.catalog.models import Skill
from skills.flows import access
from tests.api.calls import V1, get, refusal
from tests.factories import a_person, a_team, a_version, actor, an_approved, bearer, files, skill_md

pytestmark = pytest.mark.django_db
SKILL = "/skills/crew/greet-people"


def tagged(name, tags):
    text = skill_md(name).replace("\n---\n\n#", f"\nmetadata:\n  tags: {tags}\n---\n\n#")
    return {"SKILL.md": text.encode()}


@pytest.fixture
def shelf(owner, mate, team):
    """Three public skills and one the team keeps."""
    for name, tags in (("beta", "money"), ("alpha", "money, letters"), ("gamma", "letters")):
        an_approved(owner, mate, team, name, wanted="public", content=tagged(name, tags))
    an_approved(owner, mate, team, "quiet")
    return (
        Skill.objects.in_bulk(field_name="name") if False else {row.name: row for row in Skill.objects.all()}
    )


def names(answer):
    return [row["name"] for row in answer.json()["results"]]


def test_a_list_says_what_an_agent_needs_to_choose(client, shelf):
    row = get(client, "/skills?sort=name").json()["results"][0]

    assert set(row) == {
        "team",
        "name",
        "description",
        "visibility",
        "version",
        "digest",
        "catalogue_tokens",
        "tags",
        "license",
        "deprecated",
        "fetches",
        "stars",
        "lift",
        "updated_at",
    }
    assert (row["team"], row["name"], row["version"]) == ("crew", "alpha", "1.0.0")
    assert sorted(row["tags"]) == ["letters", "money"]


def test_the_newest_come_first_and_a_name_order_is_by_letter(client, shelf):
    assert names(get(client, "/skills")) == ["gamma", "alpha", "beta"]
    assert names(get(client, "/skills?sort=name")) == ["alpha", "beta", "gamma"]


def test_the_most_used_come_first(client, shelf):
    Skill.objects.filter(name="beta").update(fetches=9)

    assert names(get(client, "/skills?sort=most-used"))[0] == "beta"


def test_a_list_is_narrowed_by_team_and_tag(client, shelf, owner, mate):
    others = a_team("others", admin=owner, reviewer=mate)
    an_approved(owner, mate, others, "delta", wanted="public", content=tagged("delta", "money"))

    assert names(get(client, "/skills?tag=money&sort=name")) == ["alpha", "beta", "delta"]
    assert names(get(client, "/skills?tag=money&team=others")) == ["delta"]
    assert names(get(client, "/skills?tag=mone")) == []
    assert names(get(client, "/skills?team=nobody")) == []


def test_who_may_read_more_sees_more(client, shelf, owner, stranger):
    assert "quiet" not in names(get(client, "/skills", stranger))
    assert "quiet" in names(get(client, "/skills", owner))
    assert "quiet" in names(get(client, "/skills", a_person("boss", staff=True)))
    assert "quiet" not in names(get(client, "/skills", a_person("boss-2", staff=True), "read"))


def test_pages_follow_one_another_without_a_gap(client, shelf):
    seen, cursor = [], ""
    for _ in range(3):
        answer = get(client, f"/skills?sort=name&limit=1&cursor={cursor}").json()
        seen += [row["name"] for row in answer["results"]]
        cursor = answer["next"]

    assert seen == ["alpha", "beta", "gamma"]
    assert cursor == ""


def test_an_order_that_is_none_is_refused_with_those_there_are(client):
    answer = get(client, "/skills?sort=" + "x" * 60)

    assert refusal(answer) == (400, "bad_sort")
    assert answer.json()["remedy"] == "Use newest, name, most-used."
    assert "x" * 41 not in answer.json()["detail"]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "00000000001999", "9" * 5000, "\u0663", " 5"])
def test_a_limit_is_from_one_to_a_hundred(limit, client):
    answer = client.get(f"{V1}/skills", {"limit": limit})

    assert refusal(answer) == (400, "bad_parameter")


@pytest.mark.parametrize("limit", ["1", "100"])
def test_a_limit_at_its_edge_is_taken(limit, client):
    assert client.get(f"{V1}/skills", {"limit": limit}).status_code == 200


def test_one_skill_names_its_channels_and_successor(client, shelf, owner):
    version = shelf["alpha"].versions.get()
    access.move_channel(actor=actor(owner), skill=shelf["alpha"], name="stable", version=version)
    access.deprecate(actor=actor(owner), skill=shelf["alpha"], note="Old.", successor=shelf["beta"])

    body = get(client, "/skills/crew/alpha").json()

    assert body["channels"] == {"latest": "1.0.0", "stable": "1.0.0"}
    assert (body["successor"], body["deprecation_note"], body["deprecated"]) == ("crew/beta", "Old.", True)


def test_one_skill_is_answered_with_304_until_something_changes(client, shelf):
    first = get(client, "/skills/crew/alpha")
    again = client.get(f"{V1}/skills/crew/alpha", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    Skill.objects.filter(name="alpha").update(stars=1)

    changed = client.get(f"{V1}/skills/crew/alpha", headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed.json()["stars"]) == (200, 1)


def test_a_deprecation_is_heard_of_at_once_by_who_asks_conditionally(client, shelf, owner):
    tag = get(client, "/skills/crew/alpha")["ETag"]

    access.deprecate(actor=actor(owner), skill=shelf["alpha"], note="Old.", successor=None)

    changed = client.get(f"{V1}/skills/crew/alpha", headers={"If-None-Match": tag})
    assert (changed.status_code, changed.json()["deprecation_note"]) == (200, "Old.")


def test_hidden_and_missing_skills_are_answered_alike(client, shelf, stranger):
    for path in ("", "/resolve", "/versions", "/versions/1.0.0", "/versions/1.0.0/zip"):
        hidden = get(client, f"/skills/crew/quiet{path}", stranger)
        missing = get(client, f"/skills/crew/never{path}", stranger)
        assert refusal(hidden) == refusal(missing) == (404, "not_found")
        assert hidden.json() == missing.json()


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        ("", "1.2.0"),
        ("latest", "1.2.0"),
        ("1.0.0", "1.0.0"),
        ("^1", "1.2.0"),
        ("~1.0", "1.0.0"),
        (">=1,<1.2", "1.0.0"),
        ("stable", "1.0.0"),
    ],
)
def test_what_a_number_a_range_or_a_channel_means(wanted, number, client, owner, mate, team):
    first = an_approved(owner, mate, team, wanted="public")
    an_approved(owner, mate, team, number="1.2.0", wanted="public", content=files(body="Two."))
    a_version(owner, team, number="2.0.0", content=files(body="Three."))
    access.move_channel(actor=actor(owner), skill=first.skill, name="stable", version=first)

    query = {"version": wanted} if wanted else {}
    answer = client.get(f"{V1}{SKILL}/resolve", query)

    assert answer.json()["version"] == number


@pytest.mark.parametrize("wanted", ["2.0.0", "^3", "beta"])
def test_what_means_no_approved_version_is_404(wanted, client, owner, mate, team):
    an_approved(owner, mate, team, wanted="public")

    assert client.get(f"{V1}{SKILL}/resolve", {"version": wanted}).status_code == 404


def test_search_marks_words_with_stars_and_counts(client, shelf):
    body = get(client, "/search?q=alpha").json()

    assert (body["results"][0]["name"], body["total"], body["next"], body["meaning"]) == (
        "alpha",
        1,
        "",
        False,
    )
    assert {"score", "reason", "snippet"} <= set(body["results"][0])
    assert "\x02" not in body["results"][0]["snippet"]


def test_a_search_never_counts_what_one_may_not_read(client, shelf, owner):
    assert get(client, "/search?q=quiet").json()["total"] == 0
    assert client.get(f"{V1}/search?q=quiet", headers=bearer(owner)).json()["total"] == 1


def test_a_search_without_words_browses(client, shelf):
    assert names(get(client, "/search")) == ["gamma", "alpha", "beta"]


@pytest.mark.parametrize("budget", ["0", "100001", "x", "0000000000000000000000001"])
def test_a_budget_of_tokens_has_its_bounds(budget, client):
    assert refusal(client.get(f"{V1}/search", {"q": "x", "token_budget": budget})) == (400, "bad_parameter")
