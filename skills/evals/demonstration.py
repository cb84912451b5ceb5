"""Runs on scripted models alone: a demonstration, which costs nothing and proves nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from skills.evals.engines.scripted import answers
from skills.evals.plan import Cases
from skills.portfolio.model_plan import ModelPlan
from skills.verdicts.arms import Arm

_JUDGE_LABEL = "the script itself"
_NO_ANSWER = "The script has no answer to it."


def is_demonstration(models: Sequence[ModelPlan]) -> bool:
    return bool(models) and all(model.is_scripted for model in models)


def judge_of_demonstration(models: Sequence[ModelPlan]) -> ModelPlan:
    """What grades in a demonstration: what the script says, never a model that may judge."""
    return replace(models[0], label=_JUDGE_LABEL)


def answered(
    cases: Cases, script: Mapping[str, Any], models: Sequence[ModelPlan], arms: Sequence[Arm]
) -> Cases:
    """CASES without those to which SCRIPT has no answer of one of MODELS in one of ARMS."""
    names = [model.name for model in models]
    plans = {key: plan for key, plan in cases.plans.items() if answers(script, names, plan, arms)}
    left_out = [(plan.label, _NO_ANSWER) for key, plan in cases.plans.items() if key not in plans]
    return Cases(plans=plans, hidden=cases.hidden & set(plans), left_out=(*cases.left_out, *left_out))
