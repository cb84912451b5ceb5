"""The conversation on a version: who may talk, what is kept, who hears of it."""

import pytest

from skills.audit.models import Event
from skills.flows import remarks
from skills.lib.errors import Forbidden, Missing, Refused, Unauthenticated
from skills.notices.models import Notice
from skills.people.actor import VISITOR, Actor, actor_for_token
from skills.people.models import Token
from skills.people.teams import create_service
from skills.reviews.comment import comment, may_talk, resolve
from skills.reviews.models import Comment
from skills.reviews.places import LinePlace
from tests.factories import a_person, a_secret, a_version, actor, join

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(owner, team):
    return a_version(owner, team)


def say(who, version, body="Why?", **place):
    return comment(actor=actor(who), version=version, body=body, place=LinePlace(**place))


def with_scopes(account, *scopes):
    a_secret(account, *scopes)
    return actor_for_token(Token.objects.filter(account=account).latest("pk"))


def test_a_remark_is_kept_with_its_place(version, mate):
    remark = say(mate, version, "  Why this?  ", path="SKILL.md", line=7)

    remark.refresh_from_db()
    assert (remark.version, remark.author) == (version, mate)
    assert (remark.path, remark.line, remark.body) == ("SKILL.md", 7, "Why this?")
    assert (remark.resolved_at, remark.resolved_by) == (None, None)
    assert str(remark) == "SKILL.md:7"


def test_a_remark_on_the_whole_has_no_line(version, mate):
    assert say(mate, version, line=7).line == 0


def test_a_remark_keeps_five_thousand_characters(version, mate):
    assert len(say(mate, version, "x" * 5_001).body) == 5_000


@pytest.mark.parametrize("body", ["", " ", "\n\t "])
def test_an_empty_remark_is_refused(version, mate, body):
    with pytest.raises(Refused, match="empty") as refusal:
        say(mate, version, body)

    assert refusal.value.problems[0].code == "empty_comment"
    assert not Comment.objects.exists()


def test_a_remark_on_a_file_that_is_not_there_is_refused(version, mate):
    with pytest.raises(Missing):
        say(mate, version, path="gone.md", line=1)

    assert not Comment.objects.exists()


def test_a_remark_on_a_file_of_another_version_is_refused(owner, mate, team, version):
    a_version(owner, team, "other-skill", content={"SKILL.md": _other(), "extra.md": b"x"})

    with pytest.raises(Missing):
        say(mate, version, path="extra.md", line=1)


def _other() -> bytes:
    return b"---\nname: other-skill\ndescription: Does other work.\n---\n\nHello.\n"


def test_a_remark_is_audited_with_its_place(version, mate, team):
    remark = say(mate, version, path="SKILL.md", line=2)

    event = Event.objects.get(act="review.comment")
    assert (event.actor, event.team_id) == (mate, team.pk)
    assert event.detail == {"comment": remark.pk, "path": "SKILL.md", "line": 2}


@pytest.mark.parametrize("role", ["member", "reviewer", "admin"])
def test_everybody_of_the_team_may_talk(version, team, role):
    person = a_person("somebody")
    join(team, person, role)

    assert may_talk(actor(person), version) == person


def test_strangers_and_visitors_may_not(version, stranger):
    with pytest.raises(Forbidden):
        say(stranger, version)
    with pytest.raises(Unauthenticated):
        comment(actor=VISITOR, version=version, body="Why?")

    assert not Comment.objects.exists()
    assert not Event.objects.filter(act="review.comment").exists()


def test_the_author_goes_on_talking_after_leaving_the_team(team, mate):
    author = a_person("author")
    join(team, author, "member")
    version = a_version(author, team)
    team.memberships.filter(account=author).delete()

    assert may_talk(actor(author), version) == author


def test_a_token_that_only_reads_does_not_talk(version, owner, mate):
    for account in (owner, mate):
        with pytest.raises(Forbidden, match="scope `publish`"):
            may_talk(with_scopes(account, "read"), version)


def test_a_token_that_publishes_talks(version, owner, mate):
    assert may_talk(with_scopes(owner, "publish"), version) == owner
    assert may_talk(with_scopes(mate, "publish"), version) == mate


def test_a_service_account_does_not_talk(version, owner, team):
    service = create_service(actor=actor(owner), team=team, handle="robot")

    with pytest.raises(Forbidden, match="Service accounts"):
        may_talk(Actor(service, {team.pk: "member"}, frozenset({"publish"})), version)


def test_a_remark_is_resolved_once_and_by_whom(version, owner, mate):
    remark = say(mate, version)

    resolve(actor=actor(owner), remark=remark)
    first = remark.resolved_at
    resolve(actor=actor(mate), remark=remark)

    remark.refresh_from_db()
    assert (remark.resolved_at, remark.resolved_by) == (first, owner)
    assert [event.detail["comment"] for event in Event.objects.filter(act="review.resolve")] == [remark.pk]


def test_a_stranger_resolves_nothing(version, mate, stranger):
    remark = say(mate, version)

    with pytest.raises(Forbidden):
        resolve(actor=actor(stranger), remark=remark)

    remark.refresh_from_db()
    assert remark.resolved_at is None
    assert not Event.objects.filter(act="review.resolve").exists()


def notices():
    return list(
        Notice.objects.filter(kind="commented").order_by("pk").values_list("account__username", flat=True)
    )


def test_the_author_and_those_who_talked_before_hear_of_a_remark(
    version, owner, mate, stranger, team, django_capture_on_commit_callbacks
):
    third = a_person("third")
    join(team, third, "member")

    with django_capture_on_commit_callbacks(execute=True):
        remarks.remark(actor=actor(mate), version=version, body="Why?")
    assert notices() == ["owner"]
    Notice.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        remarks.remark(actor=actor(third), version=version, body="Indeed.")

    assert sorted(notices()) == ["mate", "owner"]
    last = Comment.objects.latest("pk")
    assert {notice.url for notice in Notice.objects.all()} == {
        f"/reviews/{version.pk}/?tab=talk#comment-{last.pk}"
    }


def test_nobody_hears_of_a_remark_of_their_own(version, owner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        remarks.remark(actor=actor(owner), version=version, body="Note to myself.")

    assert notices() == []
