"""The pages that say what an import did."""

import pytest
from django.core.management import call_command

from skills.audit.models import Event
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
