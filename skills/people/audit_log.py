"""Which rows of the audit log somebody may read."""

from django.db.models import QuerySet

from skills.audit.models import Event
from skills.lib.errors import Forbidden, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Scope, Team


def readable_events(actor: Actor, team: Team | None) -> QuerySet[Event]:
    """All rows for staff and auditors; the rows of TEAM for its admins. Raises Forbidden for others."""
    rules.scope(actor, Scope.READ)
    if not rules.may_read_audit(actor, team):
        text = "The audit log is for staff, auditors and admins of the team."
        raise refuse("audit_closed", text, "Name your team with ?team=", kind=Forbidden)
    return Event.objects.filter(team=team) if team else Event.objects.all()
