"""Which audit rows somebody may read: shared by the page and the API."""

from django.db.models import QuerySet

from skills.audit.models import Event
from skills.catalog.selectors import find_team
from skills.lib.errors import Forbidden, refuse
from skills.people import rules
from skills.people.actor import Actor


def events_for(actor: Actor, team_handle: str) -> QuerySet[Event]:
    """Everything for staff and auditors; one team's rows for its admins, who name the team."""
    rules.signed_in(actor)
    team = find_team(actor, team_handle) if team_handle else None
    if not rules.may_read_audit(actor, team):
        text = "The audit log is for staff, auditors and admins of the team."
        raise refuse("audit_closed", text, "Name your team with ?team=", kind=Forbidden)
    return Event.objects.filter(team=team) if team else Event.objects.all()
