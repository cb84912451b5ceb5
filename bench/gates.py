"""How often a skill without any lift gets through the gate of ten points, and what one lucky trial opens."""

from collections.abc import Sequence

import numpy as np

from bench.report import Figure
from skills.people.models import Policy
from skills.reviews.eval_gates import eval_gates
from skills.reviews.rules import Gate
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import Outcome
from skills.verdicts.pooled import Evidence, PooledTrials, StandardPlan, is_compared, models_of
from skills.verdicts.trials import Trials
from tests.verdicts.limited_runs import Row

_SEED, _SKILLS, _CASES, _REPEATS = 20261128, 2_000, 10, 3
_LIFT = Policy(minimum_lift=10)
_ALL = Policy(evals_required=True, no_regression=True, minimum_lift=10, discerning_cases=True)


def measure() -> list[Figure]:
    return [
        *(
            Figure(f"+10 gate at no lift, within {tries}", _share_through(tries, models=1), most=0.05)
            for tries in (1, 5)
        ),
        Figure("+10 gate at no lift, best of three models", _share_through(1, models=3), most=0.05),
        Figure(
            "+10 gate at no lift, three models, one in the plan",
            _share_through(1, models=3, in_plan=1),
            most=0.05,
        ),
        _one_lucky_trial(),
    ]


def _share_through(tries: int, *, models: int, in_plan: int | None = None) -> float:
    """The share of skills that pass within TRIES evaluations of the same bytes, all pooled."""
    chance = np.random.default_rng(_SEED)
    plan = _plan(in_plan or models, cases=5)
    return float(np.mean([_gets_through(chance, tries, models, plan) for _ in range(_SKILLS)]))


def _gets_through(chance: np.random.Generator, tries: int, models: int, plan: StandardPlan) -> bool:
    rates = chance.beta(1, 1, (models, _CASES))
    rows: list[Row] = []
    for look in range(1, tries + 1):
        for arm in (Arm.CANDIDATE, Arm.BASELINE):
            passes = chance.random((*rates.shape, _REPEATS)) < rates[..., None]
            rows += [
                Row(f"c{case}", arm, Outcome.SCORED, bool(passed), model_id=int(model))
                for (model, case, _), passed in np.ndenumerate(passes)
            ]
        if all(gate.passed for gate in _gates(_LIFT, rows, plan, look)):
            return True
    return False


def _one_lucky_trial() -> Figure:
    """One case, one repeat, one model of two, chosen by the author, and all of it goes well."""
    rows = [
        Row("c0", arm, Outcome.SCORED, arm == Arm.CANDIDATE, model_id=0)
        for arm in (Arm.CANDIDATE, Arm.BASELINE, Arm.PREVIOUS)
    ]
    opened = sum(gate.passed for gate in _gates(_ALL, rows, _plan(2, cases=5), 1))
    return Figure("gates that one case, one repeat, one model open", opened, most=0)


def _plan(models: int, *, cases: int) -> StandardPlan:
    labels = {n: f"m{n}" for n in range(models)}
    return StandardPlan(cases=cases, repeats=_REPEATS, models=labels, discerning=True)


def _gates(policy: Policy, rows: Sequence[Row], plan: StandardPlan, looks: int) -> list[Gate]:
    trials = Trials(rows)
    keys = sorted({row.case for row in rows})
    pool = PooledTrials(
        official=trials,
        all=trials,
        names=dict(plan.models) | {row.model_id: f"m{row.model_id}" for row in rows},
        cases=[
            {
                "key": key,
                "label": key,
                "prompt": key,
                "files": [],
                "assertions": [],
                "trigger": None,
                "hidden": False,
            }
            for key in keys
        ],
        looks=looks,
    )
    shown = models_of(pool, plan)
    silent = set(plan.models.values()) - {model.label for model in shown}
    evidence = Evidence(
        models=tuple(shown),
        silent_models=tuple(sorted(silent)),
        compared_with="1.0.0",
        is_compared=is_compared(pool, plan),
        blunt_cases=tuple(pool.blunt) if plan.discerning else (),
    )
    return eval_gates(policy, plan, evidence)
