"""Threads, drafts and mentions: where they stand, who sees them, who hears of them."""

import pytest

from skills.flows import release, remarks
from skills.lib.errors import Forbidden, Missing, Refused
from skills.notices.models import Notice
from skills.reviews.comment import comment, edit, reopen, resolve
from skills.reviews.drafts import drafts_of, keep_draft
from skills.reviews.models import Comment, CommentDraft
from skills.reviews.places import LinePlace
from skills.reviews.selectors import thread_at, threads_of
from skills.reviews.written import names_in, suggestion_of, without_suggestion
from tests.factories import a_version, actor, an_approved

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(owner, team):
    return a_version(owner, team)


def say(who, version, body="Why?", parent=None, **place):
    return comment(actor=actor(who), version=version, body=body, place=LinePlace(**place), parent=parent)


def test_a_remark_stands_on_several_lines_of_the_text_before(owner, mate, team):
    before = an_approved(owner, mate, team)
    after = a_version(owner, team, number="2.0.0")

    remark = say(mate, after, path="SKILL.md", first=2, line=4, base=before)

    assert (remark.side, remark.in_version, remark.lines) == ("old", before, "2–4")


@pytest.mark.parametrize(("first", "line"), [(5, 4), (1, 501), (0, 10_000_001)])
def test_lines_in_no_order_or_too_many_are_refused(version, mate, first, line):
    with pytest.raises(Refused) as refusal:
        say(mate, version, path="SKILL.md", first=first, line=line)

    assert refusal.value.problems[0].code == "bad_lines"


def test_lines_of_another_skill_are_refused(version, owner, mate, team):
    other = an_approved(owner, mate, team, "other-skill")

    with pytest.raises(Missing):
        say(mate, version, path="SKILL.md", line=1, base=other)


def test_a_reply_stands_where_its_thread_stands_also_a_reply_to_a_reply(version, owner, mate):
    root = say(mate, version, path="SKILL.md", line=7)
    reply = say(owner, version, "Because.", parent=root)

    last = say(mate, version, "I see.", parent=reply)

    (thread,) = threads_of(version)
    assert (thread.root, thread.replies) == (root, [reply, last])
    assert (last.path, last.line) == ("SKILL.md", 7)


def test_a_reply_to_what_was_said_about_another_number_is_refused(version, owner, mate, team):
    elsewhere = say(mate, a_version(owner, team, number="3.0.0"))

    with pytest.raises(Missing):
        say(mate, version, parent=elsewhere)
    with pytest.raises(Missing):
        thread_at(version, elsewhere.pk)


def test_a_thread_is_opened_again(version, owner, mate):
    root = say(mate, version)
    reply = say(owner, version, parent=root)
    resolve(actor=actor(owner), remark=reply)

    reopen(actor=actor(mate), remark=reply)

    root.refresh_from_db()
    assert (root.resolved_at, root.resolved_by) == (None, None)


def test_only_its_author_changes_the_words_of_a_remark(version, owner, mate):
    remark = say(mate, version, "Whi?")

    edit(actor=actor(mate), remark=remark, body="*Why?*")
    with pytest.raises(Forbidden):
        edit(actor=actor(owner), remark=remark, body="Nothing.")

    remark.refresh_from_db()
    assert (remark.body, remark.rendered) == ("*Why?*", "<p><em>Why?</em></p>\n")
    assert remark.edited_at is not None


def test_drafts_are_sent_with_the_decision_and_are_its_reason(version, mate):
    for line in (2, 3):
        place = LinePlace(path="SKILL.md", line=line)
        keep_draft(actor=actor(mate), version=version, body=f"Line {line}.", place=place)
    assert not Comment.objects.exists()

    release.decide(actor=actor(mate), version_id=version.pk, verdict="request_changes", digest=version.digest)

    assert [(remark.body, remark.line) for remark in Comment.objects.order_by("pk")] == [
        ("Line 2.", 2),
        ("Line 3.", 3),
    ]
    assert not CommentDraft.objects.exists()
    assert version.decisions.get().reason == "See 2 comments beside the lines."
    assert Notice.objects.filter(kind="commented", account=version.author).count() == 1


def test_a_decision_that_is_refused_sends_nothing(version, mate):
    keep_draft(actor=actor(mate), version=version, body="Wait.")

    with pytest.raises(Refused):
        release.decide(actor=actor(mate), version_id=version.pk, verdict="reject", digest="sha256:0")

    assert drafts_of(mate, version).count() == 1
    assert not Comment.objects.exists()


def test_who_is_named_hears_of_it_once_if_they_may_read_it(version, owner, mate, stranger):
    remarks.remark(
        actor=actor(mate), version=version, body="@owner, ask @stranger, not `x@owner.example` or @mate."
    )

    told = Notice.objects.exclude(kind="review_asked").values_list("account__username", "kind")
    assert list(told) == [("owner", "mentioned")]
    assert stranger.notices.count() == 0


def test_names_are_read_out_of_a_text():
    assert names_in("@a-b, (@c) x@d.e @f/g /@h @i-- @a-b") == ["a-b", "c"]


@pytest.mark.parametrize(
    ("body", "lines", "rest"),
    [
        ("Say why.", None, "Say why."),
        ("So:\n```suggestion\na\n\nb\n```\nOr not.", ["a", "", "b"], "So:\nOr not."),
        ("```suggestion\n```", [], ""),
        ("```suggestion\nto the end", ["to the end"], ""),
        ("    ```suggestion\nx", None, "    ```suggestion\nx"),
    ],
)
def test_a_suggestion_is_the_first_block_that_says_so(body, lines, rest):
    assert suggestion_of(body) == lines
    assert without_suggestion(body) == rest
