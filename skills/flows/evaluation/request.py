"""The evaluation story up to its request: subject → cases, arms, models → estimate → request.

`worker.py` is the worker's half; docs/ARCHITECTURE.md walks through both.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction

from skills.budgets import selectors as budget_selectors
from skills.budgets.selectors import Standing
from skills.catalog.models import State
from skills.evals import demonstration, estimates, runs, sandbox
from skills.evals import plan as planning
from skills.evals.engines.contract import TrialPlan
from skills.evals.estimates import CostEstimate
from skills.evals.models import HiddenCase, Run
from skills.evals.readings import script_of
from skills.flows.evaluation.kept_cases import with_kept_cases
from skills.flows.evaluation.subject import Subject, catalogue
from skills.lib import money
from skills.lib.errors import Conflict, Problem
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import MOST_REPEATS, Account, Role, Team
from skills.portfolio import selectors
from skills.portfolio.model_plan import ModelPlan, model_plan
from skills.verdicts.arms import Arm

_CONNECT = "Connect a model: staff add a provider under Models, hosted or local."


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A run before it is asked for: what it would do, what it needs, and why it may not start."""

    subject: Subject
    cases: planning.Cases
    arms: Sequence[Arm]
    repeats: int
    models: Sequence[ModelPlan]
    judge: ModelPlan | None
    trials: Sequence[TrialPlan]
    estimate: CostEstimate
    budgets: Sequence[Standing]
    sandbox: str
    problems: Sequence[Problem] = ()

    @property
    def is_demonstration(self) -> bool:
        """Whether scripts answer: then it costs nothing, and proves nothing."""
        return demonstration.is_demonstration(self.models)


def prepare_run(
    *,
    actor: Actor,
    subject: Subject,
    model_ids: Sequence[int] | None = None,
    repeats: int | None = None,
    previous: bool = True,
) -> Prepared:
    """Plan a run without starting it; the launcher shows exactly this.

    All models of the team without MODEL_IDS, save those that failed their last test, and scripted ones only
    where there are no others; the repeats of its standard plan without REPEATS. Compared with the previous
    version, where there is one, unless PREVIOUS is False.
    """
    by = rules.role(actor, subject.team, Role.MEMBER)
    if repeats is None:
        repeats = subject.team.policy.standard_repeats
    sandbox_kind = "" if sandbox.why_unavailable(settings.SANDBOX) else settings.SANDBOX
    cases = cases_of(subject, has_sandbox=bool(sandbox_kind))
    models = _models(subject, model_ids)
    arms = planning.arms_of(previous=previous and subject.previous is not None)
    if demonstration.is_demonstration(models):
        cases = demonstration.answered(cases, script_of(subject.files), models, arms)
    elif Arm.PREVIOUS in arms:
        cases = with_kept_cases(cases, subject, has_sandbox=bool(sandbox_kind))
    judge = _judge(subject, models) if cases.judged else None
    # Out of bounds, the launcher still shows an estimate beside the problem.
    planned_repeats = max(1, min(repeats, MOST_REPEATS))
    trials = planning.trials_of(cases, arms, [model.id for model in models], planned_repeats)
    prepared = Prepared(
        subject=subject,
        cases=cases,
        arms=arms,
        repeats=repeats,
        models=models,
        judge=judge,
        trials=trials,
        estimate=estimates.estimate(
            trials,
            cases.judged,
            {model.id: model for model in models},
            judge,
            subject.skill.pk if subject.skill else None,
        ),
        budgets=budgets_of(subject.team, by),
        sandbox=sandbox_kind,
    )
    return replace(prepared, problems=_obstacles(prepared))


def cases_of(subject: Subject, *, has_sandbox: bool) -> planning.Cases:
    """The cases of a subject, with its skill's hidden ones."""
    hidden = HiddenCase.objects.filter(skill=subject.skill) if subject.skill else []
    return planning.cases_of(subject.files, hidden, catalogue(subject), sandbox=has_sandbox)


def _models(subject: Subject, model_ids: Sequence[int] | None) -> list[ModelPlan]:
    rows = selectors.available(subject.team)
    if model_ids is None:
        return [model_plan(row) for row in selectors.chosen_by_default(rows)]
    return [model_plan(row) for row in rows if row.pk in model_ids]


def _judge(subject: Subject, models: Sequence[ModelPlan]) -> ModelPlan | None:
    if demonstration.is_demonstration(models):
        return demonstration.judge_of_demonstration(models)
    row = selectors.judge_of(subject.team)
    return model_plan(row) if row else None


def budgets_of(team: Team, by: Account) -> list[Standing]:
    """The three that every call is charged to: the instance's, the team's, the person's."""
    return [
        budget_selectors.standing(),
        budget_selectors.standing(team=team),
        budget_selectors.standing(account=by),
    ]


def _obstacles(prepared: Prepared) -> list[Problem]:
    """Everything that keeps the run from starting, all of it at once."""
    problems = [*_faults_of_subject(prepared), *_faults_of_plan(prepared)]
    for standing in prepared.budgets:
        problems += shortages(standing, prepared.estimate)
    return problems


def _faults_of_subject(prepared: Prepared) -> list[Problem]:
    problems = []
    version = prepared.subject.version
    if version is not None and (version.state == State.SCANNING or not version.has_content):
        text = "Nothing runs before its checks have finished."
        problems.append(Problem("not_scanned", text, "Wait for them."))
    if not prepared.cases.plans and prepared.is_demonstration:
        text = (
            "The scripted models have no answers for this skill: they demonstrate what was written for them."
        )
        problems.append(Problem("no_script", text, _CONNECT))
    elif not prepared.cases.plans:
        text = "There is no case that can be run."
        problems.append(Problem("no_cases", text, "Add evals/evals.json, or hidden cases."))
    return problems


def _faults_of_plan(prepared: Prepared) -> list[Problem]:
    problems = []
    if not prepared.models:
        problems.append(Problem("no_models", "No model is chosen.", "Choose one, or ask staff to add one."))
    if not prepared.is_demonstration and any(model.is_scripted for model in prepared.models):
        text = "Scripted models are a demonstration and do not run beside models."
        problems.append(Problem("scripts_and_models", text, "Choose either."))
    if prepared.cases.judged and prepared.judge is None:
        text = f"{sum(prepared.cases.judged.values())} assertions need a judge, and there is none in use."
        remedy = "An admin chooses one for the team, staff for all teams; or write typed assertions."
        problems.append(Problem("no_judge", text, remedy))
    if prepared.cases.priced and (unpriced := [one.label for one in prepared.models if one.price is None]):
        text = f"A case limits what an answer costs, and {', '.join(unpriced)} has no approved price."
        problems.append(Problem("no_price", text, "Ask staff to approve a price, or leave the model out."))
    if not 1 <= prepared.repeats <= MOST_REPEATS:
        problems.append(Problem("bad_repeats", f"Repeats lie between 1 and {MOST_REPEATS}."))
    if prepared.estimate.trials > planning.MOST_TRIALS:
        text = f"{prepared.estimate.trials:,} trials are too many; at most {planning.MOST_TRIALS:,}."
        problems.append(Problem("too_many_trials", text, "Choose fewer models, repeats or cases."))
    return problems


def shortages(standing: Standing, estimate: CostEstimate) -> list[Problem]:
    """Why a hard budget cannot carry a run, by its estimate; a soft one only warns."""
    period, budget = standing.period, standing.budget
    if not budget.hard:
        return []
    problems = []
    remedy = "Choose fewer models or repeats, or ask for a grant."
    if period.unspent_tokens is not None and estimate.tokens > period.unspent_tokens:
        left = f"{period.unspent_tokens:,}"
        text = f"The run needs about {estimate.tokens:,} tokens; the {budget} has {left} left."
        problems.append(Problem("out_of_budget", text, remedy))
    if period.unspent_micros is None:
        return problems
    if estimate.unpriced:
        text = f"The {budget} is limited in money, and {', '.join(estimate.unpriced)} has no approved price."
        problems.append(Problem("no_price", text, "Ask staff to approve a price."))
    elif (estimate.micros or 0) > period.unspent_micros:
        cost, unspent = money.in_words(estimate.micros), money.in_words(period.unspent_micros)
        text = f"The run costs about {cost}; the {budget} has {unspent} left."
        problems.append(Problem("out_of_budget", text, remedy))
    return problems


def request_run(*, actor: Actor, prepared: Prepared, webhook: str = "") -> Run:
    """Ask for what was prepared; a worker takes it in its turn."""
    subject = prepared.subject
    by = rules.role(actor, subject.team, Role.MEMBER)
    if prepared.problems:
        raise Conflict(list(prepared.problems))
    with transaction.atomic():
        return runs.create(
            team=subject.team,
            skill=subject.skill,
            version=subject.version,
            upload=subject.upload,
            name=subject.name,
            previous=subject.previous if Arm.PREVIOUS in prepared.arms else None,
            digest=subject.digest,
            by=by,
            arms=prepared.arms,
            repeats=prepared.repeats,
            cases=prepared.cases,
            models=prepared.models,
            judge=prepared.judge,
            trials=prepared.trials,
            worst=prepared.estimate.worst,
            sandbox=prepared.sandbox,
            webhook=webhook,
        )
