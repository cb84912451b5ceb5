"""Simulated evaluations whose failing trials end in a limit, and their reports."""

from dataclasses import dataclass, field

import numpy as np

from skills.verdicts import report
from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import Outcome

CASES, REPEATS = 20, 3
ARMS = (Arm.CANDIDATE, Arm.BASELINE)
MODEL = {"id": 1, "label": "m"}
WRITTEN = [
    {"key": f"c{n}", "label": f"case {n}", "trigger": None, "hidden": False, "assertions": []}
    for n in range(CASES)
]


@dataclass(slots=True)
class Row:
    case: str
    arm: Arm
    outcome: Outcome
    passed: bool
    model_id: int = 1
    cause: str = ""
    invoked: bool = True
    micros: int | None = 1
    seconds: float = 1.0
    tokens: int = 1
    grades: list = field(default_factory=list)


def a_run(chance: np.random.Generator, *, share_at_limit: float) -> list[Row]:
    """A run whose skill changes nothing but how failures end: some of them in a limit."""
    rates = chance.beta(2, 2, CASES)
    passes = chance.random((len(ARMS), CASES, REPEATS)) < rates[None, :, None]
    at_limit = chance.random((CASES, REPEATS)) < share_at_limit
    rows = []
    for (arm, case, repeat), passed in np.ndenumerate(passes):
        limited = ARMS[arm] == Arm.CANDIDATE and not passed and at_limit[case, repeat]
        outcome = Outcome.FAILED_LIMIT if limited else Outcome.SCORED
        rows.append(Row(f"c{case}", ARMS[arm], outcome, bool(passed)))
    return rows


def reported(rows: list[Row], total: int | None = None):
    return report.make(cases=WRITTEN, models=[MODEL], arms=list(ARMS), total=total or len(rows), rows=rows)
