"""What a run will do, decided before it starts: cases, arms, models."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from django.conf import settings

from skills.bundles import conversations
from skills.bundles.eval_cases import NEEDS_SANDBOX, Assertion, AssertionKind, Case, Trigger
from skills.bundles.frontmatter import FILE, split
from skills.bundles.manifest import Manifest
from skills.evals.engines.contract import (
    HARNESS,
    CasePlan,
    SkillPlan,
    SkillTool,
    TrialLimits,
    TrialPlan,
    trigger_assertion,
)
from skills.evals.models import HiddenCase
from skills.evals.readings import read_cases
from skills.portfolio.model_plan import ModelPlan
from skills.portfolio.price_lists import PriceList
from skills.verdicts.arms import Arm
from skills.verdicts.records import AssertionRecord, CaseRecord, ModelRecord

MOST_TRIALS = 20_000
_LONGEST_LABEL = 60
Bundle = Mapping[str, bytes]
Cell = tuple[str, int]  # (case key, model id)


@dataclass(frozen=True, kw_only=True)
class Cases:
    """The cases that can be run, which of them are hidden, and why others cannot.

    `kept` are those of earlier versions that this one changed or took out, with the id of the version that
    has them: they only say whether it does worse. `new` are those that the approved version does not have.
    """

    plans: dict[str, CasePlan] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    left_out: tuple[tuple[str, str], ...] = ()  # (case, why)
    kept: Mapping[str, int] = field(default_factory=dict)
    new: frozenset[str] = frozenset()

    @property
    def judged(self) -> dict[str, int]:
        """How many assertions of each case need a judge; cases without one are left out."""
        counts = {
            key: sum(assertion.kind == AssertionKind.JUDGE for assertion in plan.assertions)
            for key, plan in self.plans.items()
        }
        return {key: count for key, count in counts.items() if count}

    @property
    def priced(self) -> bool:
        """Whether an assertion is about what an answer costs."""
        assertions = (assertion for plan in self.plans.values() for assertion in plan.assertions)
        return any(assertion.kind == AssertionKind.COST for assertion in assertions)


def cases_of(
    files: Bundle, hidden: Iterable[HiddenCase], catalogue: Sequence[tuple[str, str]], *, sandbox: bool
) -> Cases:
    """The cases of a bundle and the reviewers' hidden ones; CATALOGUE are distractors for triggers."""
    evals, _ = read_cases(files)
    plans: dict[str, CasePlan] = {}
    left_out: list[tuple[str, str]] = []
    for case in evals.cases:
        if why := cannot_run(case, sandbox=sandbox):
            left_out.append((case.id, why))
        else:
            plan = _case_plan(case, files, catalogue)
            plans[plan.key] = plan
    for trigger in evals.triggers:
        plan = _trigger_plan(trigger, catalogue)
        plans[plan.key] = plan
    hidden_plans = {plan.key: plan for plan in map(hidden_plan, hidden)}
    # A hidden case that the author wrote too is no secret any more.
    return Cases(
        plans=plans | hidden_plans, hidden=frozenset(hidden_plans) - set(plans), left_out=tuple(left_out)
    )


def _case_plan(case: Case, bundle: Bundle, catalogue: Sequence[tuple[str, str]]) -> CasePlan:
    files = {path.removeprefix("evals/").removeprefix("files/"): bundle[path] for path in case.files}
    plan = CasePlan(
        key=key_of(case.prompt, files, case.assertions),
        label=case.id,
        prompt=case.prompt,
        files=files,
        assertions=case.assertions,
        turns=case.turns,
    )
    if case.should_trigger is not False:
        return plan
    # A negative control: what the skill is not for. It is opened or not before any assertion is looked at.
    return replace(
        plan,
        key=key_of(f"False {case.prompt}", files, case.assertions),
        assertions=(trigger_assertion(should_trigger=False), *case.assertions),
        should_trigger=False,
        catalogue=tuple(catalogue),
    )


def _trigger_plan(trigger: Trigger, catalogue: Sequence[tuple[str, str]]) -> CasePlan:
    return CasePlan(
        key=key_of(f"{trigger.should_trigger} {trigger.query}", {}, ()),
        label=trigger.query[:_LONGEST_LABEL],
        prompt=trigger.query,
        should_trigger=trigger.should_trigger,
        catalogue=tuple(catalogue),
    )


def hidden_plan(case: HiddenCase) -> CasePlan:
    assertions = tuple(Assertion.from_json(assertion) for assertion in case.assertions)
    return CasePlan(
        key=key_of(case.prompt, {}, assertions),
        label=f"hidden: {case.name}",
        prompt=case.prompt,
        assertions=assertions,
        turns=conversations.from_text(case.prompt),
    )


def cannot_run(case: Case, *, sandbox: bool) -> str:
    """Why a case cannot be run; "" when it can."""
    if not case.assertions:
        return "It says nothing about its outcome."
    if not sandbox and any(assertion.kind in NEEDS_SANDBOX for assertion in case.assertions):
        return "It runs something, and there is no sandbox on this machine."
    if not settings.EMBED and any(assertion.kind == AssertionKind.SIMILAR for assertion in case.assertions):
        return "It compares meanings, and this instance makes no vectors (EMBED)."
    return ""


def key_of(prompt: str, files: Mapping[str, bytes], assertions: Iterable[Assertion]) -> str:
    """The same for the same prompt, files and assertions, whatever the case is called."""
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in sorted(files.items())}
    return _hash([prompt, digests, [_facts(assertion) for assertion in assertions]])


def _facts(assertion: Assertion) -> dict[str, object]:
    """What is in the key of a case; without `answer` where there is one, as the keys of earlier releases."""
    facts = asdict(assertion)
    if not assertion.answer:
        del facts["answer"]
    return facts


def _hash(facts: list[object]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def skill_plan(files: Bundle, manifest: Manifest) -> SkillPlan:
    """What an arm with the skill gets: everything but `evals/`, which would give the answers away."""
    text = files[FILE].decode("utf-8-sig")
    parts = split(text)
    return SkillPlan(
        name=manifest.name,
        description=manifest.description,
        body=parts[1] if parts else text,
        files={path: data for path, data in files.items() if not path.startswith("evals/")},
        tools=tuple(
            SkillTool(tool.name, tool.description, tool.input_schema, tool.script) for tool in manifest.tools
        ),
    )


def trials_of(
    cases: Cases, arms: Sequence[Arm], models: Iterable[int], repeats: int, only: Collection[Cell] = ()
) -> list[TrialPlan]:
    """Every trial, arms and models side by side in time, so that a bad hour of a provider hits all alike.

    ONLY cuts it down to some cells. Trigger cases have no baseline: without a skill there is none to open.
    Nor have kept cases, which no lift is measured on.
    """
    models = list(models)
    return [
        TrialPlan(key, arm, model, repeat)
        for repeat in range(1, repeats + 1)
        for key, plan in cases.plans.items()
        for model in models
        for arm in arms
        if not (arm == Arm.BASELINE and (plan.should_trigger is not None or key in cases.kept))
        and (not only or (key, model) in only)
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
        "price": model.price.to_json() if model.price else None,
        "options": model.options,
    }


def remembered_model(record: ModelRecord, secret: str) -> ModelPlan:
    """The reverse of `model_record`, with the key of its provider."""
    return ModelPlan(
        id=record["id"],
        label=record["label"],
        kind=record["kind"],
        name=record["name"],
        base_url=record["base_url"],
        secret=secret,
        max_output_tokens=record["max_output_tokens"],
        temperature=record["temperature"],
        parameters=record["parameters"],
        connections=record["connections"],
        retries=record["retries"],
        price=PriceList.from_json(record["price"]) if record["price"] else None,
        options=record.get("options", {}),
    )


def limits() -> TrialLimits:
    return TrialLimits(
        turns=settings.EVAL_TURNS, tokens=settings.EVAL_TRIAL_TOKENS, seconds=settings.EVAL_TRIAL_SECONDS
    )


def fingerprint(
    trial: TrialPlan,
    *,
    case: CasePlan,
    digest: str,
    model: ModelPlan,
    judge: ModelPlan | None,
    sandbox: str,
) -> str:
    """The same where a result may stand for another: case, arm's content, model, judge, harness.

    Kept with every trial: another order or another fact here makes all earlier results unusable.
    """
    judged = [judge.kind, judge.name, dict(judge.parameters)] if judge else None
    asked = [
        model.kind,
        model.name,
        model.base_url,
        model.max_output_tokens,
        model.temperature,
        dict(model.parameters),
        # Not where there are none, which is what earlier releases wrote.
        *([dict(model.options)] if model.options else []),
    ]
    content = "" if trial.arm == Arm.BASELINE else digest
    facts: list[object] = [HARNESS, trial.case, trial.arm, content, asked, judged, case.catalogue, sandbox]
    if any(assertion.kind == AssertionKind.SIMILAR for assertion in case.assertions):
        facts.append(settings.EMBED_MODEL)
    return _hash(facts)


def arms_of(*, previous: bool) -> list[Arm]:
    return [Arm.CANDIDATE, Arm.BASELINE, Arm.PREVIOUS] if previous else [Arm.CANDIDATE, Arm.BASELINE]


def case_rows(cases: Cases) -> list[CaseRecord]:
    """Cases as a run remembers them, for its pages; files by name only."""
    rows = []
    for key, plan in cases.plans.items():
        row = case_record(plan, hidden=key in cases.hidden)
        if key in cases.kept:
            row["kept_from"] = cases.kept[key]
        if key in cases.new:
            row["is_new"] = True
        rows.append(row)
    return rows


def case_record(plan: CasePlan, *, hidden: bool) -> CaseRecord:
    return {
        "key": plan.key,
        "label": plan.label,
        "prompt": plan.prompt,
        "files": sorted(plan.files),
        "assertions": [_assertion_record(assertion) for assertion in plan.assertions],
        "trigger": plan.should_trigger,
        "hidden": hidden,
    }


def _assertion_record(assertion: Assertion) -> AssertionRecord:
    return {"kind": assertion.kind, "text": assertion.text, "value": assertion.value}
