"""What a run that is being planned leaves out of the standard plan, before anybody pays for it."""

from skills.evals.evidence import standard_plan
from skills.flows.evaluation.request import Prepared
from skills.reviews.rules import asks_for_evaluation, counted


def gaps(prepared: Prepared) -> list[str]:
    """Why the run would open no gate of the team's, in sentences; nothing where no gate asks for one."""
    team = prepared.subject.team
    if not asks_for_evaluation(team.policy):
        return []
    plan = standard_plan(team.policy, team)
    cases = prepared.cases
    graded = sum(plan.should_trigger is None for key, plan in cases.plans.items() if key not in cases.kept)
    left_out = set(plan.models) - {model.id for model in prepared.models}
    found = []
    if prepared.subject.version is None:
        found.append("Gates read evaluations of submitted versions; this one comes before.")
    if not plan.models:
        found.append("The team has no model but scripts, which prove nothing.")
    if left_out:
        found.append(f"These models are needed too: {', '.join(sorted(plan.models[pk] for pk in left_out))}.")
    if graded < plan.cases:
        found.append(f"{counted(plan.cases, 'case')} are needed, and there are {graded} with a baseline.")
    if prepared.repeats < plan.repeats:
        found.append(f"{counted(plan.repeats, 'repeat')} are needed.")
    return found
