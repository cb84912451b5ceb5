"""What a run will do, decided before it starts: cases, arms, models, its estimate and its worst case."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection

from skills.bundles.eval_cases import NEEDS_SANDBOX, Assertion, AssertionKind, Case
from skills.bundles.evals import read_evals
from skills.bundles.frontmatter import FILE, split
from skills.bundles.manifest import Manifest
from skills.evals.engines.contract import HARNESS, CasePlan, SkillPlan, SkillTool, TrialLimits, TrialPlan
from skills.evals.models import HiddenCase
from skills.portfolio.model_plan import ModelPlan
from skills.verdicts.arms import Arm
from skills.verdicts.records import AssertionRecord, CaseRecord, ModelRecord

MOST_TRIALS = 5_000
_FIRST_GUESS = 4_000  # tokens of a trial of which nothing is known yet
_JUDGE_BYTES = 60_000  # what a judge reads at most, see grade.judge_prompt
Bundle = Mapping[str, bytes]


@dataclass(frozen=True)
class Cases:
    """The cases that can be run, which of them are hidden, and why others cannot."""

    plans: dict[str, CasePlan] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    left_out: tuple[tuple[str, str], ...] = ()  # (case, why)

    @property
    def judged(self) -> int:
        """How many assertions need a judge."""
        return sum(one.kind == AssertionKind.JUDGE for plan in self.plans.values() for one in plan.assertions)


def cases_of(
    files: Bundle, hidden: Iterable[HiddenCase], catalogue: Sequence[tuple[str, str]], *, sandbox: bool
) -> Cases:
    """The cases of a bundle and the reviewers' hidden ones; CATALOGUE are distractors for triggers."""
    read, _ = read_evals(files)
    plans: dict[str, CasePlan] = {}
    left_out: list[tuple[str, str]] = []
    for case in read.cases:
        why = cannot_run(case, sandbox=sandbox)
        if why:
            left_out.append((case.id, why))
            continue
        given = {path.removeprefix("evals/").removeprefix("files/"): files[path] for path in case.files}
        plan = CasePlan(
            key_of(case.prompt, given, case.assertions), case.id, case.prompt, given, case.assertions
        )
        plans[plan.key] = plan
    for trigger in read.triggers:
        key = key_of(f"{trigger.should_trigger} {trigger.query}", {}, ())
        plans[key] = CasePlan(
            key,
            trigger.query[:60],
            trigger.query,
            should_trigger=trigger.should_trigger,
            catalogue=tuple(catalogue),
        )
    kept = {}
    for row in hidden:
        assertions = tuple(Assertion.from_json(assertion) for assertion in row.assertions)
        key = key_of(row.prompt, {}, assertions)
        kept[key] = CasePlan(key, f"hidden: {row.name}", row.prompt, {}, assertions)
    return Cases(plans | kept, frozenset(kept) - set(plans), tuple(left_out))


def cannot_run(case: Case, *, sandbox: bool) -> str:
    """Why a case is not run, "" when it can be."""
    if not case.assertions:
        return "It says nothing about its outcome."
    if not sandbox and any(one.kind in NEEDS_SANDBOX for one in case.assertions):
        return "It runs something, and there is no sandbox on this machine."
    return ""


def key_of(prompt: str, files: Mapping[str, bytes], assertions: Iterable[Assertion]) -> str:
    """The same for the same prompt, files and assertions, whatever the case is called."""
    facts = [
        prompt,
        {path: hashlib.sha256(data).hexdigest() for path, data in sorted(files.items())},
        [asdict(one) for one in assertions],
    ]
    return _hash(facts)


def _hash(facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def offered(files: Bundle, manifest: Manifest) -> SkillPlan:
    """What an arm with the skill gets: everything but `evals/`."""
    text = files[FILE].decode("utf-8-sig")
    parts = split(text)
    tools = tuple(
        SkillTool(tool.name, tool.description, tool.input_schema, tool.script) for tool in manifest.tools
    )
    kept = {path: data for path, data in files.items() if not path.startswith("evals/")}
    return SkillPlan(manifest.name, manifest.description, parts[1] if parts else text, kept, tools)


def trials_of(
    cases: Cases, arms: Sequence[Arm], models: Iterable[int], repeats: int, only: Sequence[Sequence[Any]] = ()
) -> list[TrialPlan]:
    """Every trial, arms and models side by side in time; ONLY cuts it down to (case, model) cells."""
    chosen = {(case, model) for case, model in only}
    models = list(models)
    return [
        TrialPlan(case, arm, model, repeat)
        for repeat in range(1, repeats + 1)
        for case, plan in cases.plans.items()
        for model in models
        for arm in arms
        if not (arm == Arm.BASELINE and plan.should_trigger is not None)
        and (not chosen or (case, model) in chosen)
    ]


def model_record(model: ModelPlan) -> ModelRecord:
    """A model as a run remembers it: without the provider's key."""
    return {
        "id": model.id,
        "label": model.label,
        "kind": model.kind,
        "name": model.name,
        "base_url": model.base_url,
        "max_output_tokens": model.max_output_tokens,
        "temperature": model.temperature,
        "parameters": model.parameters,
        "connections": model.connections,
        "retries": model.retries,
        "price": list(model.price) if model.price else None,
    }


def limits() -> TrialLimits:
    return TrialLimits(
        turns=settings.EVAL_TURNS, tokens=settings.EVAL_TRIAL_TOKENS, seconds=settings.EVAL_TRIAL_SECONDS
    )


def fingerprint(
    trial: TrialPlan,
    model: ModelPlan,
    judge: ModelPlan | None,
    digest: str,
    case: CasePlan,
    sandbox: str,
) -> str:
    """The same where a result may stand for another: case, arm's content, model, judge, harness."""
    judged = [judge.kind, judge.name, dict(judge.parameters)] if judge else None
    asked = [
        model.kind,
        model.name,
        model.base_url,
        model.max_output_tokens,
        model.temperature,
        dict(model.parameters),
    ]
    content = "" if trial.arm == Arm.BASELINE else digest
    return _hash([HARNESS, trial.case, trial.arm, content, asked, judged, case.catalogue, sandbox])


@dataclass(frozen=True)
class CostEstimate:
    """What a run is expected to use and what it can use at most; micros None when a price is unknown."""

    trials: int
    tokens: int
    worst: int
    micros: int | None
    unpriced: tuple[str, ...] = ()


def estimate(
    trials: Sequence[TrialPlan],
    cases: Cases,
    models: Mapping[int, ModelPlan],
    judge: ModelPlan | None,
    skill_id: int | None,
) -> CostEstimate:
    """From what trials of this skill and model used before; a first guess where nothing is known."""
    bounds = limits()
    seen = _seen(skill_id, list(models))
    tokens = worst = micros = 0
    for trial in trials:
        model = models[trial.model]
        one = seen.get((True, trial.model)) or seen.get((False, trial.model)) or _FIRST_GUESS
        judged = (
            sum(a.kind == AssertionKind.JUDGE for a in cases.plans[trial.case].assertions) if judge else 0
        )
        tokens += one + judged * _FIRST_GUESS // 4
        worst += bounds.tokens + model.max_output_tokens
        worst += judged * 2 * (_JUDGE_BYTES + judge.max_output_tokens) if judge else 0
        micros += _cost(model, one) + (_cost(judge, judged * _FIRST_GUESS // 4) if judge else 0)
    unpriced = tuple(
        model.label for model in (*models.values(), *([judge] if judge else [])) if model.price is None
    )
    return CostEstimate(len(trials), tokens, worst, None if unpriced else micros, unpriced)


def _cost(model: ModelPlan, tokens: int) -> int:
    """Micros of TOKENS, a fifth of them output."""
    if model.price is None:
        return 0
    given, _, made = model.price
    return -(-tokens * (4 * given + made) // 5_000_000)


def _seen(skill_id: int | None, models: list[int]) -> dict[tuple[bool, int], int]:
    """The tokens that nine of ten trials stay below, of this skill (True) and of any, by model."""
    sql = """
        select r.skill_id is not distinct from %s as mine, t.model_id,
            percentile_disc(0.9) within group (order by t.input_tokens + t.output_tokens)
        from skills_trial t join skills_run r on r.id = t.run_id
        where t.model_id = any(%s) and t.outcome = 'scored' and not t.reused
            and t.created_at > now() - interval '60 days'
        group by 1, 2
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [skill_id, models])
        return {(mine, model): int(tokens) for mine, model, tokens in cursor.fetchall()}


def arms_of(*, previous: bool) -> list[Arm]:
    return [Arm.CANDIDATE, Arm.BASELINE, Arm.PREVIOUS] if previous else [Arm.CANDIDATE, Arm.BASELINE]


def case_rows(cases: Cases) -> list[CaseRecord]:
    """Cases as a run remembers them, for its pages; files by name only."""
    return [
        {
            "key": key,
            "label": plan.label,
            "prompt": plan.prompt,
            "files": sorted(plan.files),
            "assertions": [_assertion_record(one) for one in plan.assertions],
            "trigger": plan.should_trigger,
            "hidden": key in cases.hidden,
        }
        for key, plan in cases.plans.items()
    ]


def _assertion_record(assertion: Assertion) -> AssertionRecord:
    return {"kind": assertion.kind, "text": assertion.text, "value": assertion.value}
