"""What every page gets: who looks, what waits for them."""

from django.http import HttpRequest

from skillhub import __version__
from skills.notices.models import Notice
from skills.people import rules
from skills.people.actor import VISITOR, Actor
from skills.people.models import Role
from skills.reviews.selectors import queue


def page(request: HttpRequest) -> dict[str, object]:
    """Two counts for people who sign in; nothing is asked for visitors."""
    actor: Actor = getattr(request, "actor", VISITOR)
    facts: dict[str, object] = {"actor": actor, "hub_version": __version__, "nav": "", "searching": False}
    if not actor.account:
        return facts
    facts["unread"] = Notice.objects.filter(account=actor.account, read_at=None).count()
    facts["waiting"] = queue(actor).count() if actor.can_review_somewhere else 0
    facts["audit_open"] = rules.may_read_audit(actor)
    facts["reports_open"] = actor.is_staff or Role.ADMIN in actor.roles.values()
    return facts
