"""What people do with a run of their team: stop it, let it go on, ask for fresh repeats of a cell."""

from django.db import transaction

from skills.evals import runs
from skills.evals.models import ENDED, Run
from skills.lib.errors import Conflict, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Role


def cancel(*, actor: Actor, run: Run) -> None:
    """Stop a run; what is scored by then stays."""
    runs.cancel(run, rules.role(actor, run.team, Role.MEMBER))


def resume(*, actor: Actor, run: Run) -> None:
    """Go on with a run that stopped early."""
    runs.resume(run, rules.role(actor, run.team, Role.MEMBER))


def recheck(*, actor: Actor, run: Run, case: str, model: int) -> Run:
    """Fresh repeats of one cell, in a run of their own; one such run at a time."""
    by = rules.role(actor, run.team, Role.MEMBER)
    if not run.has_ended:
        raise refuse("run_open", "The run is still going on.", kind=Conflict)
    if run.reruns.exclude(state__in=ENDED).exists():
        raise refuse("run_open", "A re-run is under way already.", kind=Conflict)
    with transaction.atomic():
        return runs.recheck(run, (case, model), by)
