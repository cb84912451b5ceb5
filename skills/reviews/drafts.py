"""Remarks that wait for the decision they go with: nobody but their author sees them."""

from django.db import transaction
from django.db.models import QuerySet

from skills.catalog.models import Version
from skills.lib.errors import refuse
from skills.people.actor import Actor
from skills.people.models import Account
from skills.reviews.comment import comment, may_talk, place_in, place_of, thread_of, words_of
from skills.reviews.models import Comment, CommentDraft
from skills.reviews.places import WHOLE, LinePlace

_MOST = 200  # drafts of one person on one number


def keep_draft(
    *, actor: Actor, version: Version, body: str, place: LinePlace = WHOLE, parent: Comment | None = None
) -> CommentDraft:
    """Keep a remark for later; it is checked as `comment` checks it."""
    by = may_talk(actor, version)
    text = words_of(body)
    if drafts_of(by, version).count() >= _MOST:
        said = f"You have {_MOST} comments here that were not sent."
        raise refuse("too_many_drafts", said, "Send them, or delete some.")
    thread = thread_of(parent, version)
    kept = place_in(thread, place, version)
    return CommentDraft.objects.create(
        version=version,
        author=by,
        parent=thread,
        base=kept.base,
        path=kept.path,
        first_line=kept.first,
        line=kept.line,
        body=text,
    )


def drafts_of(account: Account, version: Version) -> QuerySet[CommentDraft]:
    """What ACCOUNT has written on any attempt at this number and not sent, in order."""
    rows = CommentDraft.objects.filter(
        author=account, version__skill=version.skill_id, version__number=version.number
    )
    related = ("version__skill__team", "version__author", "base", "author", "parent__version", "parent__base")
    return rows.select_related(*related).order_by("pk")


@transaction.atomic
def post_drafts(*, actor: Actor, version: Version) -> list[Comment]:
    """Make remarks of the drafts of ACTOR; a second call finds none."""
    by = may_talk(actor, version)
    drafts = list(drafts_of(by, version).select_for_update(of=("self",)))
    remarks = [
        comment(
            actor=actor,
            version=draft.version,
            body=draft.body,
            place=place_of(draft),
            parent=draft.parent,
        )
        for draft in drafts
    ]
    CommentDraft.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()
    return remarks


def discard_draft(*, actor: Actor, draft: CommentDraft) -> None:
    """Delete a draft of one's own; the caller has looked it up among ACTOR's."""
    may_talk(actor, draft.version)
    draft.delete()
