"""Which team pays for what an agent does: one rule for the gateway and for telemetry."""

from collections.abc import Mapping
from dataclasses import dataclass

from skills.people.actor import Actor
from skills.people.models import Team


@dataclass(frozen=True, kw_only=True)
class PayingTeams:
    """The shared teams that may pay, by handle, and the personal one for who is in no other."""

    shared: Mapping[str, int]
    own: int | None

    @property
    def is_clear(self) -> bool:
        """Whether there is one that pays without being named."""
        return len(self.shared) < 2

    def payer(self, handle: str = "") -> int | None:
        """The id of the team called HANDLE, else of the only one; None where there are several."""
        if handle:
            return self.shared.get(handle)
        return next(iter(self.shared.values()), self.own) if self.is_clear else None


def paying_teams(actor: Actor) -> PayingTeams:
    """Of ACTOR, whose token may be limited to some of them."""
    shared = dict(Team.objects.filter(pk__in=actor.roles, personal_of=None).values_list("handle", "pk"))
    own = Team.objects.filter(personal_of=actor.account, pk__in=actor.roles).values_list("pk", flat=True)
    return PayingTeams(shared=shared, own=own.first() if actor.account else None)
