"""Remarks on a version, on lines or on the whole, and the replies to them."""

from django.db import transaction

from skills.audit.record import record
from skills.catalog.models import Version
from skills.lib.clock import now
from skills.lib.errors import Forbidden, Refused, missing, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Role, Scope
from skills.reviews.models import BODY_LENGTH, Comment, PlaceInText
from skills.reviews.places import WHOLE, LinePlace, checked
from skills.reviews.written import html_of


@transaction.atomic
def comment(
    *, actor: Actor, version: Version, body: str, place: LinePlace = WHOLE, parent: Comment | None = None
) -> Comment:
    """Members of the team and the author talk; the caller has checked that ACTOR reads VERSION.

    A reply to PARENT stands where its thread stands.
    """
    by = may_talk(actor, version)
    text = words_of(body)
    thread = thread_of(parent, version)
    kept = place_in(thread, place, version)
    new = Comment.objects.create(
        version=version,
        author=by,
        parent=thread,
        base=kept.base,
        path=kept.path,
        first_line=kept.first,
        line=kept.line,
        body=text,
        rendered=html_of(text),
    )
    record(
        "review.comment",
        by=by,
        target=version,
        team_id=version.skill.team_id,
        comment=new.pk,
        path=new.path,
        line=new.line,
    )
    return new


def thread_of(parent: Comment | None, version: Version) -> Comment | None:
    """The remark that began the thread of PARENT, which may be on another attempt at VERSION's number."""
    if parent is None:
        return None
    about = parent.version
    if (about.skill_id, about.number) != (version.skill_id, version.number):
        raise missing()
    return parent.parent or parent


def words_of(body: str) -> str:
    """BODY as it is kept; raises Refused where it says nothing."""
    if not body.strip():
        raise refuse("empty_comment", "The comment is empty.", "Write what should change.")
    return body.strip()[:BODY_LENGTH]


def place_in(thread: Comment | None, place: LinePlace, version: Version) -> LinePlace:
    """Where a remark on VERSION stands: where its THREAD does, or at PLACE where it begins one."""
    return checked(place, version) if thread is None else place_of(thread)


def place_of(remark: PlaceInText) -> LinePlace:
    """Where REMARK, or a draft of one, stands."""
    return LinePlace(path=remark.path, first=remark.first_line, line=remark.line, base=remark.base)


def may_follow(actor: Actor, version: Version) -> Account:
    """The account of ACTOR, who may read the review: the version's author or a member of its team.

    Raises Forbidden for others.
    """
    rules.scope(actor, Scope.READ)
    return _takes_part(actor, version)


def may_talk(actor: Actor, version: Version) -> Account:
    """The account of ACTOR, who may write in the review: a reviewer with the scope of decisions, or anybody
    who takes part with the scope to publish. Raises Forbidden for others."""
    account = _takes_part(actor, version)
    if actor.has_role(version.skill.team_id, Role.REVIEWER) and actor.has_scope(Scope.REVIEW):
        return account
    return rules.scope(actor, Scope.PUBLISH)


def can_talk(actor: Actor, version: Version) -> bool:
    """Whether `may_talk` lets ACTOR write."""
    try:
        may_talk(actor, version)
    except Refused:
        return False
    return True


def _takes_part(actor: Actor, version: Version) -> Account:
    account = rules.person(actor)
    if not is_author(actor, version) and version.skill.team_id not in actor.roles:
        raise rules.lacks_role(version.skill.team, Role.MEMBER)
    return account


def is_author(actor: Actor, version: Version) -> bool:
    """Whether ACTOR wrote VERSION; a token that is limited to other teams has written nothing here."""
    return actor.account == version.author and actor.covers(version.skill.team_id)


@transaction.atomic
def edit(*, actor: Actor, remark: Comment, body: str) -> None:
    """Change the words of a remark of one's own."""
    by = may_talk(actor, remark.version)
    if remark.author != by:
        text = "This comment is somebody else's."
        raise refuse("not_yours", text, "Answer it instead.", kind=Forbidden)
    text = words_of(body)
    if text == remark.body:
        return
    remark.body, remark.rendered, remark.edited_at = text, html_of(text), now()
    remark.save(update_fields=["body", "rendered", "edited_at"])
    _record("review.edit", by, remark)


@transaction.atomic
def resolve(*, actor: Actor, remark: Comment) -> None:
    """Mark a thread as dealt with; a second time changes nothing."""
    by = may_talk(actor, remark.version)
    thread = remark.parent or remark
    if thread.resolved_at is None:
        thread.resolved_at, thread.resolved_by = now(), by
        thread.save(update_fields=["resolved_at", "resolved_by"])
        _record("review.resolve", by, thread)


@transaction.atomic
def reopen(*, actor: Actor, remark: Comment) -> None:
    """Take back that a thread is dealt with; of an open one nothing changes."""
    by = may_talk(actor, remark.version)
    thread = remark.parent or remark
    if thread.resolved_at is not None:
        thread.resolved_at, thread.resolved_by = None, None
        thread.save(update_fields=["resolved_at", "resolved_by"])
        _record("review.reopen", by, thread)


def _record(act: str, by: Account, remark: Comment) -> None:
    version = remark.version
    record(act, by=by, target=version, team_id=version.skill.team_id, comment=remark.pk)
