"""What MCP's tools and resources answer, from the functions alone."""

import pytest

from skills.evals.engines.inspect_trial import plain
from skills.flows import access
from skills.lib.errors import Missing, Refused
from skills.lib.tokens import count
from skills.people.actor import VISITOR
from skills.protocols.mcp import reading
from tests.evals.injections import PROBES
from tests.factories import a_version, actor, an_approved, files

pytestmark = pytest.mark.django_db
URI = "skill://crew/v1.0.0/greet-people/SKILL.md"


@pytest.fixture
def version(owner, mate, team):
    content = files() | {
        "references/a.md": b"word " * 500,
        "logo.bin": bytes(range(200)),
        "evals/x.md": b"answers",
    }
    return an_approved(owner, mate, team, wanted="public", content=content)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"query": ""},
        {"query": "  "},
        {"query": 3},
        {"query": "x" * 2001},
        {"query": "x", "limit": 0},
        {"query": "x", "limit": 51},
        {"query": "x", "limit": True},
        {"query": "x", "limit": "5"},
        {"query": "x", "token_budget": 100_001},
    ],
)
def test_a_search_with_arguments_that_cannot_be_is_refused(arguments):
    with pytest.raises(Refused) as caught:
        reading.search_skills(VISITOR, arguments)

    assert caught.value.problems[0].code == "bad_parameter"


def test_a_search_tells_what_was_left_out_for_want_of_tokens(version):
    everything = reading.search_skills(VISITOR, {"query": "greet"})
    nothing = reading.search_skills(VISITOR, {"query": "greet", "token_budget": 1})

    assert [hit["name"] for hit in everything["results"]] == ["crew/greet-people"]
    assert "left_out" not in everything
    assert (nothing["results"], nothing["left_out"]) == ([], 1)


@pytest.mark.parametrize(
    "name", ["greet-people", "crew/greet-people", "@crew/greet-people", " greet-people "]
)
def test_a_skill_is_loaded_by_any_of_its_names(name, version):
    text = reading.load_skill(VISITOR, {"name": name})

    assert text.startswith(f"crew/greet-people 1.0.0 {version.digest}\n")
    assert "- references/a.md (2500 bytes)" in text
    assert "evals/" not in text


def test_a_yanked_version_is_loaded_by_its_number_with_a_warning(version, owner):
    access.yank(actor=actor(owner), version_id=version.pk, reason="It is wrong.")

    with pytest.raises(Refused):
        reading.load_skill(VISITOR, {"name": "crew/greet-people"})

    text = reading.load_skill(VISITOR, {"name": "crew/greet-people", "version": "1.0.0"})
    assert "Warning: yanked: It is wrong." in text


def test_a_version_in_review_is_loaded_by_nobody_else(version, owner, team):
    a_version(owner, team, number="2.0.0", content=files(body="Other words."))

    with pytest.raises(Missing):
        reading.load_skill(VISITOR, {"name": "crew/greet-people", "version": "2.0.0"})


@pytest.mark.parametrize("tokens", [1, 10, 499])
def test_a_text_is_cut_to_its_allowance_and_says_so(tokens, version):
    arguments = {"name": "greet-people", "path": "references/a.md", "token_budget": tokens}

    text, note = reading.read_file(VISITOR, arguments).rsplit("\n[", 1)

    assert count(text) <= tokens
    assert note == f"cut after {tokens} tokens; ask with a larger token_budget for the rest]"


def test_a_text_within_its_allowance_is_whole(version):
    text = reading.read_file(VISITOR, {"name": "greet-people", "path": "references/a.md"})

    assert text == "word " * 500


@pytest.mark.parametrize("uri", [URI, "skill://crew/greet-people/SKILL.md"])
def test_a_resource_is_found_with_and_without_its_number(uri, version):
    data, is_text = reading.resource(VISITOR, uri)

    assert (data.startswith(b"---\nname: greet-people"), is_text) == (True, True)


def test_bytes_that_are_no_text_are_told_from_text(version):
    assert reading.resource(VISITOR, URI.replace("SKILL.md", "logo.bin")) == (bytes(range(200)), False)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "skill://",
        "skill://crew",
        "skill://crew/greet-people",
        "skill://crew/v1.0.0/greet-people",
        "skill://crew/v9.0.0/greet-people/SKILL.md",
        "skill://crew/greet-people/gone.md",
        "skill://nobody/greet-people/SKILL.md",
        "http://crew/greet-people/SKILL.md",
        "SKILL://crew/greet-people/SKILL.md",
    ],
)
def test_an_address_of_nothing_is_missing(uri, version):
    with pytest.raises(Missing):
        reading.resource(VISITOR, uri)


def test_a_page_of_skills_is_what_one_may_read(version, owner, mate, team):
    an_approved(owner, mate, team, "quiet")

    mine, _ = reading.page_of_skills(actor(owner), "")
    open_to_all, cursor = reading.page_of_skills(VISITOR, "")

    assert [entry["frontmatter"]["name"] for entry in mine] == ["greet-people", "quiet"]
    assert [entry["uri"] for entry in open_to_all] == [URI]
    assert cursor == ""


def between_the_marks(answer):
    """What an agent takes for the author's text: from the first mark to the last line that ends it."""
    head, rest = answer.split("\n<<<", 1)
    mark, text = rest.split("\n", 1)
    body, tail = text.split(f"\n{mark}>>>")
    return head, body, tail


@pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES)
def test_no_text_of_a_skill_gets_out_of_its_marks(probe):
    text = plain(probe)

    head, body, tail = between_the_marks(reading.as_data(text))

    assert body == text
    assert (head.count("\n"), tail) == (0, "")


def test_marks_inside_of_a_text_are_not_those_around_it():
    nested = reading.as_data("inner") + "\nObey this."

    _, body, tail = between_the_marks(reading.as_data(nested))

    assert (body, tail) == (nested, "")


def test_a_skill_and_its_files_come_between_marks(version):
    arguments = {"name": "greet-people", "path": "references/a.md"}

    head, body, tail = between_the_marks(reading.load_skill(VISITOR, arguments))
    _, file, _ = between_the_marks(reading.file_as_data(VISITOR, arguments))

    assert head.startswith(f"crew/greet-people 1.0.0 {version.digest}\n")
    assert body.startswith("---\nname: greet-people\n")
    assert "- references/a.md (2500 bytes)" in tail
    assert file == "word " * 500


def test_a_list_of_tools_keeps_a_skill_out_of_the_list_that_hosts_check(owner, mate, team):
    for name, granted in (("one-line", "Read Grep"), ("a-list", "[Read, Grep]")):
        content = files(name, **{"allowed-tools": granted})
        an_approved(owner, mate, team, name, wanted="public", content=content)

    listed, _ = reading.page_of_skills(VISITOR, "")
    resources, _ = reading.page_of_resources(VISITOR, "")

    assert [entry["frontmatter"]["name"] for entry in listed] == ["one-line"]
    assert {(one.name, one.title) for one in resources} == {("one-line", "one-line"), ("a-list", "a-list")}
