"""How often a skill that helps nothing is said to help because its failures run into limits."""

import numpy as np

from bench.report import Figure
from skills.verdicts.outcomes import EvaluationVerdict
from tests.verdicts.limited_runs import CASES, a_run, reported

_SEED, _RUNS, _AT_LIMIT = 20261128, 12_000, 0.4


def measure() -> list[Figure]:
    chance = np.random.default_rng(_SEED)
    states = [reported(a_run(chance, share_at_limit=_AT_LIMIT)).state for _ in range(_RUNS)]
    conclusive = [state for state in states if state != EvaluationVerdict.INCONCLUSIVE]
    improves = conclusive.count(EvaluationVerdict.IMPROVES) / len(conclusive)
    name = f"“improves” at no lift, {_AT_LIMIT:.0%} of failures at a limit, {CASES} cases"
    return [Figure(name, improves, most=0.03, note=f"{len(conclusive):,} of {_RUNS:,} runs conclusive")]
