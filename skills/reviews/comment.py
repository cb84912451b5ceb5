"""Remarks on a version, on a line or on the whole."""

from django.db import transaction

from skills.audit.record import record
from skills.catalog.models import File, Version
from skills.lib.clock import now
from skills.lib.errors import missing, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Role, Scope
from skills.reviews.models import Comment


@transaction.atomic
def comment(*, actor: Actor, version: Version, body: str, path: str = "", line: int = 0) -> Comment:
    """Members of the team and the author talk; the caller has checked that ACTOR reads VERSION."""
    by = may_talk(actor, version)
    if not body.strip():
        raise refuse("empty_comment", "The comment is empty.", "Write what should change.")
    if path and not File.objects.filter(version=version, path=path).exists():
        raise missing()
    new = Comment.objects.create(
        version=version, author=by, path=path, line=line if path else 0, body=body.strip()[:5000]
    )
    record(
        "review.comment",
        by=by,
        target=version,
        team_id=version.skill.team_id,
        comment=new.pk,
        path=path,
        line=new.line,
    )
    return new


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


def _takes_part(actor: Actor, version: Version) -> Account:
    account = rules.person(actor)
    if not is_author(actor, version) and version.skill.team_id not in actor.roles:
        raise rules.lacks_role(version.skill.team, Role.MEMBER)
    return account


def is_author(actor: Actor, version: Version) -> bool:
    """Whether ACTOR wrote VERSION; a token that is limited to other teams has written nothing here."""
    return actor.account == version.author and actor.covers(version.skill.team_id)


@transaction.atomic
def resolve(*, actor: Actor, remark: Comment) -> None:
    """Mark a comment as dealt with; a second time changes nothing."""
    by = may_talk(actor, remark.version)
    if remark.resolved_at is None:
        remark.resolved_at, remark.resolved_by = now(), by
        remark.save(update_fields=["resolved_at", "resolved_by"])
        version = remark.version
        record("review.resolve", by=by, target=version, team_id=version.skill.team_id, comment=remark.pk)
