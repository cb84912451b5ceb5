"""The evaluation story up to its request: subject → cases, arms, models → estimate → request.

`worker.py` is the worker's half; docs/ARCHITECTURE.md walks through both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from skills.budgets import selectors as budget_selectors
from skills.budgets.selectors import Standing
from skills.bundles.manifest import Manifest
from skills.bundles.validate import check_zip
from skills.catalog.models import Skill, State, Upload, Version, Visibility
from skills.catalog.numbers import in_order
from skills.catalog.uploads import limits as bundle_limits
from skills.delivery.content import all_files
from skills.evals import plan as planning
from skills.evals import runs, sandbox
from skills.evals.engines.contract import TrialPlan
from skills.evals.models import HiddenCase, Run
from skills.lib.errors import Conflict, Problem
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Role, Team
from skills.portfolio import model_plan, selectors
from skills.verdicts.arms import Arm

_DISTRACTORS = 8


@dataclass(frozen=True)
class Subject:
    """What is evaluated: a version, or an upload that is not a version yet."""

    team: Team
    skill: Skill | None
    version: Version | None
    upload: Upload | None
    name: str
    digest: str
    files: Mapping[str, bytes]
    manifest: Manifest
    previous: Version | None


def subject_of_version(version: Version) -> Subject:
    skill = version.skill
    return Subject(
        skill.team,
        skill,
        version,
        None,
        skill.name,
        version.digest,
        all_files(version),
        Manifest.from_json(version.manifest),
        approved_before(skill, version),
    )


def subject_of_upload(upload: Upload, team: Team) -> Subject:
    """An upload as TEAM would publish it, compared with the approved version of that name, if any."""
    bundle = check_zip(bytes(upload.data), bundle_limits()).accepted()
    manifest = Manifest.from_json(upload.manifest)
    name = manifest.name
    skill = Skill.objects.filter(team=team, name=name).select_related("team", "latest").first()
    previous = skill.latest if skill else None
    return Subject(team, skill, None, upload, name, upload.digest, bundle.files, manifest, previous)


def approved_before(skill: Skill, version: Version) -> Version | None:
    """The approved version a change is measured against: the latest, or the one before it."""
    if skill.latest_id and skill.latest_id != version.pk:
        return skill.latest
    rows = {v.number: v for v in skill.versions.filter(state=State.APPROVED).exclude(pk=version.pk)}
    numbers = in_order([*rows, version.number])
    older = numbers[numbers.index(version.number) + 1 :]
    return rows[older[0]] if older else None


@dataclass(frozen=True)
class Prepared:
    """A run before it is asked for: what it would do, what it needs, and why it may not start."""

    subject: Subject
    cases: planning.Cases
    arms: Sequence[Arm]
    repeats: int
    models: Sequence[model_plan.ModelPlan]
    judge: model_plan.ModelPlan | None
    trials: Sequence[TrialPlan]
    estimate: planning.CostEstimate
    budgets: Sequence[Standing]
    sandbox: str
    problems: Sequence[Problem]


def prepare_run(
    *,
    actor: Actor,
    subject: Subject,
    model_ids: Sequence[int] | None = None,
    repeats: int = 3,
    previous: bool = True,
) -> Prepared:
    """Plan a run without starting it; the launcher shows exactly this."""
    by = rules.role(actor, subject.team, Role.MEMBER)
    rows = [r for r in selectors.available(subject.team) if model_ids is None or r.pk in model_ids]
    kind = "" if sandbox.why_unavailable(settings.SANDBOX) else settings.SANDBOX
    hidden = HiddenCase.objects.filter(skill=subject.skill) if subject.skill else []
    cases = planning.cases_of(subject.files, hidden, catalogue(subject), sandbox=bool(kind))
    judge_row = selectors.judge_of(subject.team) if cases.judged else None
    judge = model_plan.model_plan(judge_row) if judge_row else None
    models = [model_plan.model_plan(row) for row in rows]
    arms = planning.arms_of(previous=previous and subject.previous is not None)
    trials = planning.trials_of(cases, arms, [model.id for model in models], max(1, min(repeats, 10)))
    estimate = planning.estimate(
        trials,
        cases,
        {model.id: model for model in models},
        judge,
        subject.skill.pk if subject.skill else None,
    )
    budgets = [
        budget_selectors.standing(),
        budget_selectors.standing(team=subject.team),
        budget_selectors.standing(account=by),
    ]
    problems = _obstacles(subject, cases, models, judge, estimate, budgets, repeats)
    return Prepared(subject, cases, arms, repeats, models, judge, trials, estimate, budgets, kind, problems)


def catalogue(subject: Subject) -> list[tuple[str, str]]:
    """Other skills of the team and public ones, as distractors of trigger cases."""
    rows = Skill.objects.filter(published=True).exclude(name=subject.name)
    mine = rows.filter(team=subject.team).order_by("name").values_list("name", "description")[:_DISTRACTORS]
    others = rows.exclude(team=subject.team).filter(visibility=Visibility.PUBLIC).order_by("-fetches", "name")
    found = dict(others.values_list("name", "description")[:_DISTRACTORS]) | dict(mine)
    return sorted(found.items())[:_DISTRACTORS]


def _obstacles(
    subject: Subject,
    cases: planning.Cases,
    models: Sequence[model_plan.ModelPlan],
    judge: model_plan.ModelPlan | None,
    estimate: planning.CostEstimate,
    budgets: Sequence[Standing],
    repeats: int,
) -> list[Problem]:
    """Everything that keeps the run from starting, all of it at once."""
    found = []
    version = subject.version
    if version is not None and (version.state == State.SCANNING or not version.has_content):
        found.append(
            Problem("not_scanned", "Nothing runs before its checks have finished.", "Wait for them.")
        )
    if not cases.plans:
        text = "There is no case that can be run."
        found.append(Problem("no_cases", text, "Add evals/evals.json, or hidden cases."))
    if not models:
        found.append(Problem("no_models", "No model is chosen.", "Choose one, or ask staff to add one."))
    if cases.judged and judge is None:
        text = f"{cases.judged} assertions need a judge, and no model may judge."
        found.append(
            Problem("no_judge", text, "Ask staff to mark a model as judge, or write typed assertions.")
        )
    if not 1 <= repeats <= 10:
        found.append(Problem("bad_repeats", "Repeats lie between 1 and 10."))
    if estimate.trials > planning.MOST_TRIALS:
        text = f"{estimate.trials:,} trials are too many; at most {planning.MOST_TRIALS:,}."
        found.append(Problem("too_many_trials", text, "Choose fewer models, repeats or cases."))
    return found + [problem for standing in budgets for problem in _short(standing, estimate)]


def _short(standing: Standing, estimate: planning.CostEstimate) -> list[Problem]:
    """Why a budget cannot carry a run, by its estimate."""
    period, budget = standing.period, standing.budget
    if not budget.hard:
        return []
    found = []
    if period.left_tokens is not None and estimate.tokens > period.left_tokens:
        text = (
            f"The run needs about {estimate.tokens:,} tokens; the {budget} has {period.left_tokens:,} left."
        )
        found.append(Problem("out_of_budget", text, "Choose fewer models or repeats, or ask for a grant."))
    if period.left_micros is not None and estimate.unpriced:
        text = f"The {budget} is limited in money, and {', '.join(estimate.unpriced)} has no approved price."
        found.append(Problem("no_price", text, "Ask staff to approve a price."))
    elif period.left_micros is not None and (estimate.micros or 0) > period.left_micros:
        text = f"The run costs about ${(estimate.micros or 0) / 1e6:.2f}; the {budget} has ${period.left_micros / 1e6:.2f} left."
        found.append(Problem("out_of_budget", text, "Choose fewer models or repeats, or ask for a grant."))
    return found


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
