"""The pages of sources: what they list, what they say, and where they lead."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from skills.sources.finish import Findings, claim_sync, end_sync, fail_sync
from skills.sources.models import Source, Sync
from tests.factories import a_version
from tests.pages import words_of
from tests.sources.making import URL, a_source

pytestmark = pytest.mark.django_db
LIST = "/@crew/-/sources/"
FORM = {"kind": "git", "url": URL, "minutes": "1440", "visibility": "team"}
PROBLEM = {"code": "no_skill_md", "text": "It is empty.", "remedy": "Fill it.", "severity": "error"}
LINE = {
    "kind": "unchanged",
    "path": "skills/one",
    "skill_md": "skills/one/SKILL.md",
    "name": "one",
    "written_name": "one",
    "number": "1.0.0",
    "number_from": None,
    "previous": "",
    "mark": "",
    "moved_from": "",
    "is_settled": True,
    "notes": [],
    "left_out": [],
    "problems": [],
    "files": [],
    "version": None,
}


def said_on(page) -> str:
    """The words of a page."""
    return words_of(page.content, "body")[0]


@pytest.fixture
def admin(client, owner, team):
    client.force_login(owner)
    return client


def ended(source: Source, *lines: dict, is_plan: bool = False) -> Sync:
    """A sync that found LINES."""
    sync = Sync.objects.create(source=source, cause="person", by=source.responsible, is_plan=is_plan)
    claim_sync(sync.pk)
    left_out = [{"path": "vendor", "reason": "is a submodule"}]
    end_sync(sync_id=sync.pk, findings=Findings(revision="f" * 40, changes=lines, left_out=left_out))
    return sync


def test_without_a_source_the_list_says_what_one_is_for(admin):
    assert "No sources" in said_on(admin.get(LIST))


def test_the_list_shows_every_source_at_the_cost_of_one(admin, owner, team):
    costs = []
    for number in range(3):
        a_source(owner, team, folder=f"part-{number}")
        with CaptureQueriesContext(connection) as captured:
            page = said_on(admin.get(LIST))
        costs.append(len(captured))

    assert all(f"in part-{number}" in page for number in range(3))
    assert costs[1] == costs[2]


def test_a_source_is_added_and_its_page_opens(admin):
    answer = admin.post(f"{LIST}new/", FORM | {"token": "very-secret"}, follow=True)

    source = Source.objects.get()
    assert answer.redirect_chain == [(f"{LIST}{source.pk}/", 302)]
    assert "kept and encrypted" in said_on(answer)
    assert b"very-secret" not in answer.content


def test_what_is_wrong_with_an_address_stands_on_the_form(admin):
    answer = admin.post(f"{LIST}new/", FORM | {"url": "http://git.example.org/a", "token": "very-secret"})

    assert answer.status_code == 400
    assert "over https alone" in said_on(answer)
    assert b"very-secret" not in answer.content


def test_names_are_read_one_a_line_each_once(admin):
    admin.post(f"{LIST}new/", FORM | {"kind": "clawhub", "names": "acme/pdf\nacme/docx, acme/pdf"})

    assert Source.objects.get().names == ["acme/pdf", "acme/docx"]


def test_a_change_keeps_the_token_and_a_tick_forgets_it(admin, owner, team):
    source = a_source(owner, team, token="very-secret")

    admin.post(f"{LIST}{source.pk}/change/", FORM | {"ref": "next"})
    kept = Source.objects.get()
    admin.post(f"{LIST}{source.pk}/change/", FORM | {"forget_token": "on"})

    assert (kept.ref, kept.has_token, Source.objects.get().has_token) == ("next", True, False)


def test_a_sync_shows_a_line_for_each_skill_with_what_changed_first(admin, owner, team):
    version = a_version(owner, team, "two", "1.0.1")
    changed = {
        **LINE,
        "kind": "new version",
        "path": "skills/two",
        "name": "two",
        "previous": "1.0.0",
        "number": "1.0.1",
        "notes": ["the next patch"],
        "files": [{"path": "SKILL.md", "change": "changed"}],
        "version": version.pk,
    }
    refused = {**LINE, "kind": "refused", "path": "skills/three", "name": "", "problems": [PROBLEM]}
    sync = ended(a_source(owner, team), LINE, changed, refused)

    answer = admin.get(sync.get_absolute_url())

    page = said_on(answer)
    assert page.index("skills/three") < page.index("skills/two") < page.index("skills/one")
    assert "It is empty. Fill it." in page and "SKILL.md changed" in page
    assert f'href="{version.review_url}"'.encode() in answer.content
    assert "vendor is a submodule" in page


def test_a_plan_says_that_nothing_has_changed_yet(admin, owner, team):
    plan = ended(a_source(owner, team), LINE, is_plan=True)

    assert "Nothing has changed here yet" in said_on(admin.get(plan.get_absolute_url()))


def test_an_open_sync_has_a_way_to_look_again_without_scripts(admin, owner, team):
    source = a_source(owner, team)

    answer = admin.post(f"{LIST}{source.pk}/sync/", follow=True)

    assert "The source is being read" in said_on(answer)
    assert "Look again" in said_on(answer)


def test_a_source_that_fails_says_why_and_when_it_is_tried_again(admin, owner, team):
    source = a_source(owner, team)
    sync = Sync.objects.create(source=source, cause="schedule")
    claim_sync(sync.pk)
    fail_sync(sync_id=sync.pk, problem="Nobody answers at git.example.org.")

    page = said_on(admin.get(f"{LIST}{source.pk}/"))

    assert "Nobody answers at git.example.org." in page
    assert "1 time in a row. Next try:" in page


def test_a_webhook_secret_is_shown_once_and_kept_nowhere(admin, owner, team):
    source = a_source(owner, team)

    shown = admin.post(f"{LIST}{source.pk}/webhook/")
    again = admin.get(f"{LIST}{source.pk}/")

    assert "Copy the secret now" in said_on(shown)
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert "Copy the secret now" not in said_on(again)
    assert f"/api/v1/webhooks/sources/{source.pk}".encode() in again.content


def test_a_removed_source_is_gone_from_the_list(admin, owner, team):
    source = a_source(owner, team)
    asked = admin.get(f"{LIST}{source.pk}/remove/")

    left = admin.post(f"{LIST}{source.pk}/remove/", follow=True)

    assert "Keep it" in said_on(asked)
    assert "its skills stay" in said_on(left)
    assert not Source.objects.exists()
