"""The page of a skill: how it is installed, changed, compared, and what is newer."""

import pytest

from skills.catalog.models import Upload
from skills.web.skill_context import newer_number
from tests.factories import a_person, an_approved, files

PAGE = "/@crew/greet-people/"


@pytest.fixture
def versions(owner, mate, team):
    return [
        an_approved(owner, mate, team, number=number, content=files(body=f"Says {number}."), wanted="public")
        for number in ("1.0.0", "2.0.0")
    ]


def test_every_tool_has_its_line_on_the_page_and_the_first_is_open(client, versions):
    page = " ".join(client.get(PAGE).content.decode().split())

    labels = [
        page.index(f">{tool}</label>") for tool in ("npx skills", "Claude Code", "OpenClaw", "MCP", "curl")
    ]
    assert labels == sorted(labels)
    assert page.count("checked") == 1
    assert 'id="tool-1" checked' in page


def test_the_zip_is_one_click_away(client, versions):
    page = client.get(PAGE).content.decode()

    assert 'href="/api/v1/skills/crew/greet-people/versions/2.0.0/zip"' in page


def test_the_lines_of_a_private_skill_say_where_a_token_comes_from(client, owner, mate, team):
    an_approved(owner, mate, team)
    client.force_login(owner)

    assert 'make a <a href="/account/tokens/">token</a>' in client.get(PAGE).content.decode()


def test_an_older_version_says_what_is_newer_and_leads_to_what_changed(client, versions):
    old = client.get(f"{PAGE}v/1.0.0/tools/").content.decode()
    new = client.get(f"{PAGE}v/2.0.0/").content.decode()

    assert "2.0.0 is newer" in old
    assert f'href="{PAGE}compare/1.0.0...2.0.0/"' in old
    assert "is newer" not in new


@pytest.mark.parametrize(
    ("number", "latest", "newer"),
    [("1.9.0", "1.10.0", "1.10.0"), ("2.0.0-beta.1", "1.0.0", ""), ("1.0.0", "", ""), ("1.0.0", "1.0.0", "")],
)
def test_newer_is_what_is_higher(versions, number, latest, newer):
    versions[0].number = number

    assert newer_number(versions[0], latest) == newer


@pytest.mark.parametrize(("old", "new"), [("1.0.0", "2.0.0"), ("2.0.0", "1.0.0")])
def test_any_two_versions_are_compared_from_the_lower_to_the_higher(client, versions, old, new):
    answer = client.get(f"{PAGE}compare/", {"old": old, "new": new})

    assert answer.headers["Location"] == f"{PAGE}compare/1.0.0...2.0.0/"


def test_a_comparison_with_no_version_is_not_there(client, versions):
    assert client.get(f"{PAGE}compare/", {"old": "1.0.0"}).status_code == 404


def test_the_comparison_offers_every_version(client, versions):
    assert client.get(f"{PAGE}compare/1.0.0...2.0.0/").context["choices"] == ["2.0.0", "1.0.0"]


def test_the_list_of_versions_compares_towards_the_newer_one(client, owner, mate, team, versions):
    versions[1].skill.refresh_from_db()
    an_approved(owner, mate, team, number="3.0.0-beta.1", content=files(body="Tries."), wanted="public")

    page = client.get(f"{PAGE}versions/").content.decode()

    assert "compare/1.0.0...2.0.0/" in page
    assert "compare/2.0.0...3.0.0-beta.1/" in page


def test_members_are_offered_a_new_version_and_readers_are_not(client, owner, versions):
    assert "New version" not in client.get(PAGE).content.decode()
    client.force_login(owner)

    page = client.get(PAGE).content.decode()

    assert 'href="/publish/?of=crew/greet-people"' in page
    assert f'href="{PAGE}v/2.0.0/edit/"' in page


def test_publishing_says_of_which_skill_it_is_a_new_version(client, owner, versions):
    client.force_login(owner)

    assert (
        "A new version of crew/greet-people" in client.get("/publish/?of=crew/greet-people").content.decode()
    )


def test_another_teams_skill_is_no_skill_to_publish(client, versions):
    client.force_login(a_person("stranger"))

    assert client.get("/publish/?of=crew/greet-people").context["of"] is None


def test_an_approved_version_is_edited_into_an_upload_that_is_seen_first(client, owner, versions):
    client.force_login(owner)
    text = files(body="Says it better.")["SKILL.md"].decode()

    answer = client.post(
        f"{PAGE}v/2.0.0/edit/", {"path": "SKILL.md", "text": text, "act": "publish"}, follow=True
    )

    upload = Upload.objects.get()
    assert answer.redirect_chain[-1][0] == f"/uploads/{upload.pk}/"
    assert answer.context["form"].initial["number"] == "2.1.0"


def test_what_is_wrong_with_an_edit_keeps_what_was_typed(client, owner, versions):
    client.force_login(owner)

    answer = client.post(
        f"{PAGE}v/2.0.0/edit/", {"path": "SKILL.md", "text": "no front matter", "act": "publish"}
    )

    assert answer.status_code == 400
    assert answer.context["text"] == "no front matter"
    assert not Upload.objects.exists()


def test_a_link_to_a_skill_unfurls_as_its_name_and_description(client, versions, settings):
    settings.PUBLIC_URL = "https://hub.example"

    page = client.get(f"{PAGE}v/1.0.0/").content.decode()

    assert '<meta property="og:title" content="crew/greet-people">' in page
    assert f'<meta property="og:url" content="https://hub.example{PAGE}">' in page
    assert page.count('<meta name="description"') == 1
