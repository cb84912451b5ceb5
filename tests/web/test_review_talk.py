"""The pages of a review's conversation: below the line with htmx, and as whole pages without a script."""

import pytest

from skills.reviews.comment import comment
from skills.reviews.models import Comment, CommentDraft
from skills.reviews.places import LinePlace
from tests.factories import a_version, actor, an_approved, files, skill_md
from tests.pages import words_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def version(owner, mate, team):
    content = files() | {"a.md": b"one\ntwo\nthree\n"}
    an_approved(owner, mate, team, content=content)
    return a_version(owner, team, number="1.1.0", content=content | {"a.md": b"one\n2\nthree\n"})


@pytest.fixture
def page(client, mate, version):
    client.force_login(mate)
    return f"/reviews/{version.pk}/"


def test_the_form_of_a_line_is_a_row_with_htmx_and_a_page_without(client, page, version):
    asked = {"path": "a.md", "line": 2}

    row = client.get(f"{page}say/", asked, headers=HTMX).content.decode()
    whole = client.get(f"{page}say/", asked, follow=True).content.decode()

    assert row.lstrip().startswith('<tr class="talk" id="say">')
    assert '<html lang="en">' in whole and 'id="say"' in whole


def test_a_comment_on_a_line_that_goes_stands_below_it(client, page, version):
    base = version.skill.shown
    said = {"path": "a.md", "line": 2, "base": base.pk, "body": "Keep *this*."}

    row = client.post(f"{page}comment/", said, headers=HTMX).content.decode()

    remark = Comment.objects.get()
    assert (remark.side, remark.base) == ("old", base)
    assert "<em>this</em>" in row and row.lstrip().startswith('<tr class="talk">')
    rows = words_of(client.get(page).content, f"#file-{version.pk}-amd tr")
    at = next(place for place, words in enumerate(rows) if "Keep this." in words)
    assert rows[at - 1] == "2two"


def test_a_draft_is_seen_by_its_author_alone_and_counted(client, page, owner, version):
    client.post(f"{page}comment/", {"path": "a.md", "line": 2, "body": "Hm.", "draft": "1"}, headers=HTMX)
    mine = client.get(page).content.decode()
    client.force_login(owner)

    assert "Hm." in mine and "1 comment" in words_of(mine, "#drafts")[0]
    assert "Hm." not in client.get(page).content.decode()
    assert not Comment.objects.exists()


def test_a_draft_is_deleted_by_its_author_alone(client, page, owner, mate):
    client.post(f"{page}comment/", {"body": "Hm.", "draft": "1"})
    delete = f"{page}drafts/{CommentDraft.objects.get().pk}/delete/"

    client.force_login(owner)
    by_another = client.post(delete)
    client.force_login(mate)
    client.post(delete)

    assert by_another.status_code == 404
    assert not CommentDraft.objects.exists()


def test_an_empty_comment_comes_back_with_what_is_wrong(client, page):
    answer = client.post(f"{page}comment/", {"body": " "}, headers=HTMX)

    assert answer.status_code == 422
    assert "The comment is empty." in answer.content.decode()


def test_a_reply_and_its_resolution_answer_with_the_thread(client, page, mate, version):
    root = comment(actor=actor(mate), version=version, body="Why?", place=LinePlace(path="a.md", line=2))

    reply = client.post(f"{page}comment/", {"body": "So.", "parent": root.pk}, headers=HTMX).content.decode()
    done = client.post(f"{page}comment/{root.pk}/resolve/", headers=HTMX).content.decode()

    assert "Why?" in reply and "So." in reply
    assert "resolved" in done and "Open again" in done


def test_an_open_thread_moves_with_its_line_to_the_next_attempt(client, page, owner, mate, team, version):
    stays = comment(actor=actor(mate), version=version, body="Stays.", place=LinePlace(path="a.md", line=3))
    comment(actor=actor(mate), version=version, body="Goes.", place=LinePlace(path="a.md", line=2))
    version.skill.versions.filter(pk=version.pk).update(state="withdrawn")
    content = files() | {"a.md": b"zero\none\n3\nthree\n"}
    second = a_version(owner, team, number="1.1.0", content=content)

    found = client.get(f"/reviews/{second.pk}/?against=none").context["changes"]

    (change,) = [change for change in found.files if change.path == "a.md"]
    assert [said.thread.root for said in change.talk.under["new", 4]] == [stays]
    assert [list(said.quoted) for said in change.talk.elsewhere] == [["2"]]


def test_the_next_attempt_is_compared_with_what_was_seen_last(client, page, owner, team, version):
    client.get(page)
    for text in ("2.0", "2.5"):
        version.skill.versions.filter(state="in_review").update(state="rejected")
        content = files() | {"a.md": f"one\n{text}\nthree\n".encode()}
        last = a_version(owner, team, number="1.1.0", content=content)

    seen = client.get(f"/reviews/{last.pk}/").context["comparison"]
    client.force_login(owner)
    unseen = client.get(f"/reviews/{last.pk}/").context["comparison"]

    assert (seen.base.attempt, unseen.base.attempt) == (1, last.attempt - 1)


def test_a_decided_review_shows_what_was_decided_on(client, page, owner, mate, team, version):
    decided = {"verdict": "request_changes", "reason": "No.", "digest": version.digest}
    client.post(f"{page}decide/", decided)
    an_approved(owner, mate, team, number="1.0.5", content={"SKILL.md": skill_md(body="New.").encode()})

    assert client.get(page).context["comparison"].base.number == "1.0.0"


def test_a_file_is_ticked_as_viewed_and_folds(client, page):
    ticked = client.post(f"{page}viewed/", {"path": "a.md", "viewed": "1"}, headers=HTMX).content.decode()

    assert "Folded: viewed" in ticked and "1 of 1 viewed" in ticked
    assert "Folded: viewed" in client.get(page).content.decode()
    client.post(f"{page}viewed/", {"path": "a.md"})
    assert "0 of 1 viewed" in client.get(page).content.decode()


def test_long_and_generated_files_wait_to_be_asked_for(client, mate, owner, team):
    content = files() | {"a.md": b"word\n" * 20_000, "uv.lock": b"x\n", "b.md": b"x\n" * 9_000}
    version = a_version(owner, team, content=content)
    client.force_login(mate)

    changes = client.get(f"/reviews/{version.pk}/").context["changes"].files
    one = client.get(f"/reviews/{version.pk}/file/?path=uv.lock", headers=HTMX).content.decode()

    assert {change.path: change.why_folded for change in changes if change.is_put_off} == {
        "a.md": "long",
        "uv.lock": "made by a program",
    }
    assert "<ins>x</ins>" in one


def test_two_columns_show_what_went_beside_what_came(client, page, version):
    client.post(f"{page}view/", {"view": "split"})

    assert "2two22" in words_of(client.get(page).content, "tr")
