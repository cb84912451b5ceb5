"""The page that compares two versions: much is compared only when somebody asks for it."""

import pytest

from tests.factories import an_approved, files

PAGE = "/@crew/greet-people/compare/1.0.0...2.0.0/"


@pytest.fixture
def _versions(db, owner, mate, team):
    for number, letter in (("1.0.0", "a"), ("2.0.0", "b")):
        long = "\n".join(f"{letter} line {row}" for row in range(5_000)).encode()
        content = files(body=f"Says {letter}.") | {"references/long.md": long}
        an_approved(owner, mate, team, number=number, content=content, wanted="public")


@pytest.mark.usefixtures("_versions")
def test_a_long_file_is_put_off_and_a_short_one_shown(client):
    answer = client.get(PAGE)

    put_off = {change.path: change.is_put_off for change in answer.context["changes"]}
    assert put_off == {"SKILL.md": False, "references/long.md": True}
    assert b"?file=references%2Flong.md" in answer.content
    assert len(answer.content) < 60_000


@pytest.mark.usefixtures("_versions")
def test_whoever_asks_for_a_file_gets_it_alone_and_whole(client):
    answer = client.get(PAGE, {"file": "references/long.md"})

    (change,) = answer.context["changes"]
    assert (change.path, change.diff.added, change.diff.removed) == ("references/long.md", 5_000, 5_000)
    assert b"All changed files" in answer.content


@pytest.mark.usefixtures("_versions")
def test_a_file_that_did_not_change_shows_nothing(client):
    answer = client.get(PAGE, {"file": "no/such.md"})

    assert answer.status_code == 200
    assert answer.context["changes"] == []
