"""The conversation on a version: what is said, and who hears of it."""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse

from skills.catalog.models import Version
from skills.notices.models import Kind
from skills.notices.notify import tell
from skills.people.actor import Actor
from skills.people.models import Account
from skills.reviews.comment import comment
from skills.reviews.drafts import post_drafts
from skills.reviews.models import Comment
from skills.reviews.places import WHOLE, LinePlace
from skills.reviews.written import names_in


def remark(
    *, actor: Actor, version: Version, body: str, place: LinePlace = WHOLE, parent: Comment | None = None
) -> Comment:
    """Comment on a version; the author, those who commented before and those it names are told."""
    with transaction.atomic():
        new = comment(actor=actor, version=version, body=body, place=place, parent=parent)
        _tell(version, new.author, [new])
    return new


def send_drafts(*, actor: Actor, version: Version) -> list[Comment]:
    """Send everything that ACTOR has kept for later; whoever is told hears of it once."""
    with transaction.atomic():
        new = post_drafts(actor=actor, version=version)
        if new:
            _tell(version, new[0].author, new)
    return new


def _tell(version: Version, by: Account, remarks: Sequence[Comment]) -> None:
    url = f"{reverse('review', args=[version.pk])}?tab=talk#comment-{remarks[0].pk}"
    named = mentioned(version, remarks) - {by}
    tell(named, Kind.MENTIONED, f"{by.username} mentioned you in the review of {version}", url)
    talkers = Account.objects.filter(pk__in=Comment.objects.filter(version=version).values("author"))
    others = {version.author, version.responsible, *talkers} - {by} - named
    count = "" if len(remarks) == 1 else f" {len(remarks)} times"
    tell(others, Kind.COMMENTED, f"{by.username} commented{count} on {version}", url)


def mentioned(version: Version, remarks: Sequence[Comment]) -> set[Account]:
    """Who is named in REMARKS and may read them: people of the team, and who answers for the version."""
    names = {name for new in remarks for name in names_in(new.body)}
    if not names:
        return set()
    people = Account.objects.filter(username__in=names, is_active=True)
    members = people.filter(memberships__team=version.skill.team_id)
    return {*members, *people.filter(pk__in=[version.author_id, version.responsible_id])}
