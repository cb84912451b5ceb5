"""The pages that say what an import did."""

import pytest
from django.core.management import call_command

from skills.audit.models import Event
from skills.flows.intake.place import place_of_address
from tests.factories import skill_md

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    files = {
        "a/SKILL.md": skill_md("写作助手"),
        "b/skill.md": skill_md("b-two"),
        "b/.env": "x",
        "c/SKILL.md": "",
        "README.md": "# All\n",
    }
    for path, text in files.items():
        (tmp_path / "skills" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "skills" / path).write_text(text)
    return tmp_path / "skills"


def test_a_team_without_imports_is_told_how_to_begin(client, owner, team):
    client.force_login(owner)

    page = client.get("/@crew/-/imports/").content.decode()

    assert "import_skills PATH --team crew" in page


def test_an_import_has_a_line_for_each_skill(client, owner, team, folder):
    call_command("import_skills", str(folder), team="crew", verbosity=0)
    client.force_login(owner)

    listing = client.get("/@crew/-/imports/")
    page = client.get(listing.context["runs"][0].get_absolute_url()).content.decode()

    assert "2 imported" in listing.content.decode()
    assert "xie-zuo-zhu-shou" in page and "the file says 写作助手" in page
    assert "skill.md was taken as SKILL.md." in page
    assert ".env was left out" in page
    assert "README.md was left out: it lies outside of every skill." in page


def test_an_import_again_folds_what_did_not_change(client, owner, team, folder):
    for _ in range(2):
        call_command("import_skills", str(folder), team="crew", verbosity=0)
    client.force_login(owner)

    newest = client.get("/@crew/-/imports/").context["runs"][0]
    context = client.get(newest.get_absolute_url()).context

    assert [line.kind.value for line in context["lines"]] == ["refused"]
    assert len(context["unchanged"]) == 2


def test_an_import_stands_in_the_audit_log(owner, team, folder):
    call_command("import_skills", str(folder), team="crew", verbosity=0)

    event = Event.objects.get(act="team.import")
    assert event.detail["counts"] == {"imported": 2, "refused": 1}


def test_a_skill_shows_the_name_that_its_file_says(client, owner, team, folder):
    call_command("import_skills", str(folder), team="crew", verbosity=0)
    client.force_login(owner)

    page = client.get("/@crew/xie-zuo-zhu-shou/").content.decode()

    assert '<span class="soft">写作助手</span>' in page


def test_members_see_that_the_source_of_a_skill_has_it_no_more(client, owner, team, folder):
    call_command("import_skills", str(folder), team="crew", verbosity=0)
    (folder / "b" / "skill.md").unlink()
    call_command("import_skills", str(folder), team="crew", verbosity=0)
    client.force_login(owner)

    gone, there = (client.get(f"/@crew/{name}/").content.decode() for name in ("b-two", "xie-zuo-zhu-shou"))

    assert "has it no more" in gone
    assert "has it no more" not in there


def test_a_source_goes_on_where_an_import_of_its_checkout_began():
    by_ssh, by_https = "git@Example.org:acme/tools.git", "https://example.org/acme/tools"

    assert place_of_address(by_ssh).source == place_of_address(by_https).source
