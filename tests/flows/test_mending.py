"""The next attempt: from suggestions and from files edited in the browser."""

import pytest

from skills.catalog.models import Version
from skills.delivery.content import all_files
from skills.flows import mending
from skills.lib.errors import Conflict, Refused
from skills.reviews.comment import comment
from skills.reviews.places import LinePlace
from tests.factories import a_version, actor, an_approved, files, skill_md

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(owner, team):
    content = files(body="Say hello.\nSay it twice.") | {"a.md": b"one\r\ntwo\r\nthree\r\n"}
    return a_version(owner, team, wanted="internal", content=content)


def suggest(who, version, *lines, path="a.md", first=0, line=2):
    body = "\n".join(["So:", "```suggestion", *lines, "```"])
    place = LinePlace(path=path, first=first, line=line)
    return comment(actor=actor(who), version=version, body=body, place=place)


def test_suggestions_make_the_next_attempt_and_are_resolved(version, owner, mate):
    remarks = [
        suggest(mate, version, "1", "1½", line=1),
        suggest(mate, version, first=2, line=3),
    ]

    new = mending.apply_suggestions(actor=actor(owner), version=version, remarks=remarks)

    version.refresh_from_db()
    assert (new.number, new.attempt, new.requested_visibility) == ("1.0.0", 2, "internal")
    assert (version.state, all_files(new)["a.md"]) == ("withdrawn", "1\r\n1½\r\n".encode())
    assert all(remark.resolved_by == owner for remark in map(_again, remarks))


def _again(remark):
    remark.refresh_from_db()
    return remark


def test_suggestions_on_the_same_lines_change_nothing(version, owner, mate):
    remarks = [suggest(mate, version, "x", first=1, line=2), suggest(mate, version, "y", line=2)]

    with pytest.raises(Conflict):
        mending.apply_suggestions(actor=actor(owner), version=version, remarks=remarks)

    version.refresh_from_db()
    assert version.state == "in_review"


def test_a_suggestion_that_breaks_the_skill_is_refused_and_the_review_goes_on(version, owner, mate):
    remark = suggest(mate, version, path="SKILL.md", first=1, line=9)

    with pytest.raises(Refused):
        mending.apply_suggestions(actor=actor(owner), version=version, remarks=[remark])

    version.refresh_from_db()
    assert version.state == "in_review"


def test_files_are_added_and_left_out(version, owner):
    new = mending.mend(actor=actor(owner), version=version, changes={"a.md": None, "b.md": b"b\n"})

    assert set(all_files(new)) == {"SKILL.md", "b.md"}


@pytest.mark.parametrize("text", ["Say hello.", "Say more."])
def test_the_same_bytes_and_approved_versions_are_not_mended(text, owner, mate, team):
    version = an_approved(owner, mate, team) if text == "Say more." else a_version(owner, team)

    with pytest.raises(Refused):
        mending.mend(actor=actor(owner), version=version, changes={"SKILL.md": skill_md(body=text).encode()})


def test_a_file_that_is_edited_or_takes_a_suggestion_keeps_its_line_ends_and_its_mark(
    client, owner, mate, team
):
    marked = "\ufeffone\r\ntwo\r\n".encode()
    version = a_version(owner, team, content=files() | {"a.md": marked, "b.md": marked})
    client.force_login(owner)

    kept = client.post(
        f"{version.review_url}edit/", {"path": "b.md", "text": "1\r\ntwo\r\n", "act": "publish"}
    )
    edited = Version.objects.latest("pk")
    new = mending.apply_suggestions(
        actor=actor(owner), version=edited, remarks=[suggest(mate, edited, "1", line=1)]
    )

    assert kept.status_code == 302
    assert all_files(new)["a.md"] == all_files(new)["b.md"] == "\ufeff1\r\ntwo\r\n".encode()


def test_a_browser_edits_a_file_and_publishes_it(client, version, owner):
    client.force_login(owner)
    page = f"/reviews/{version.pk}/edit/"
    kept = client.post(page, {"path": "b.md", "text": "b\r\n", "act": "keep"})

    done = client.post(kept["Location"], {"path": "a.md", "text": "1", "act": "publish"})

    new = version.skill.versions.get(attempt=2)
    assert done["Location"] == new.review_url
    assert {path: data for path, data in all_files(new).items() if path != "SKILL.md"} == {
        "a.md": b"1",
        "b.md": b"b\n",
    }


def test_the_mended_files_keep_number_visibility_and_changelog(client, version, owner, mate):
    client.force_login(owner)
    sent = client.post(f"/publish/?mends={version.pk}", {"skill_md": skill_md(body="Say more.")})

    form = client.get(sent["Location"]).context["form"]

    assert (form["number"].value(), form["visibility"].value()) == ("1.0.0", "internal")
