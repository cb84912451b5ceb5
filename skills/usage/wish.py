"""Whether what telemetry tells counts against a team's budgets: the team's wish."""

from django.db import transaction

from skills.audit.record import record
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Team
from skills.usage.telemetry_models import TelemetryWish


def counts_telemetry(team: Team) -> bool:
    return TelemetryWish.objects.filter(team=team, counts=True).exists()


@transaction.atomic
def wish(*, actor: Actor, team: Team, counts: bool) -> None:
    """Have telemetry count, or no more; what is booked already stays as it is."""
    by = rules.team_admin(actor, team)
    TelemetryWish.objects.update_or_create(team=team, defaults={"counts": counts})
    record("team.telemetry", by=by, target=team, team_id=team.pk, counts=counts)
