"""Trials as reports and exports read them: thousands at once, without their answers and as plain tuples."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import F, QuerySet

from skills.evals.models import Trial
from skills.verdicts.arms import Arm
from skills.verdicts.records import GradeRecord

_AT_ONCE = 500  # rows that come from the database together


class TrialFacts(NamedTuple):
    """What a report and benchmark.json say of one trial: an instance of the model takes twice as long."""

    run_id: int
    case: str
    arm: Arm
    model_id: int
    repeat: int
    outcome: str
    cause: str
    passed: bool
    grades: list[GradeRecord]
    invoked: bool
    micros: int | None
    seconds: float
    tool_calls: int
    problem: str
    tokens: int


def facts_of(trials: QuerySet[Trial]) -> Iterator[TrialFacts]:
    """TRIALS in their order, some at a time."""
    *columns, _tokens = TrialFacts._fields
    rows = trials.values_list(*columns, F("input_tokens") + F("output_tokens"))
    return map(TrialFacts._make, rows.iterator(chunk_size=_AT_ONCE))
