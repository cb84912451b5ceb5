"""The trials that a report is made from, sorted by model and arm."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import COUNTED
from skills.verdicts.records import GradeRecord


class TrialRow(Protocol):
    """A trial, as far as a report is concerned."""

    @property
    def case(self) -> str: ...
    @property
    def arm(self) -> Arm: ...
    @property
    def model_id(self) -> int: ...
    @property
    def outcome(self) -> str: ...
    @property
    def cause(self) -> str: ...  # a Failure as text
    @property
    def passed(self) -> bool: ...
    @property
    def grades(self) -> Sequence[GradeRecord]: ...
    @property
    def invoked(self) -> bool: ...
    @property
    def micros(self) -> int | None: ...
    @property
    def seconds(self) -> float: ...
    @property
    def tokens(self) -> int: ...


class FreshRow(TrialRow, Protocol):
    """A trial of a re-run: the order of its repeats matters."""

    @property
    def run_id(self) -> int: ...
    @property
    def repeat(self) -> int: ...


Samples = dict[str, list[bool]]  # case key → whether each scored repeat passed


class Trials:
    """The scored trials of a run by model and arm, those of trigger cases apart.

    Trigger cases ask whether the skill is opened, so they have no baseline and count in no rate.
    """

    def __init__(self, rows: Iterable[TrialRow], trigger_cases: Collection[str] = ()) -> None:
        self._rows: dict[tuple[int, Arm], list[TrialRow]] = defaultdict(list)
        self._triggers: dict[tuple[int, Arm], list[TrialRow]] = defaultdict(list)
        for row in rows:
            if row.outcome in COUNTED:
                table = self._triggers if row.case in trigger_cases else self._rows
                table[row.model_id, row.arm].append(row)

    def scored(self, model: int, arm: Arm) -> list[TrialRow]:
        return self._rows.get((model, arm), [])

    def triggers(self, model: int, arm: Arm) -> list[TrialRow]:
        return self._triggers.get((model, arm), [])

    def samples(self, model: int, arm: Arm) -> Samples:
        return _by_case(self.scored(model, arm))

    def samples_and_triggers(self, model: int, arm: Arm) -> Samples:
        return _by_case([*self.scored(model, arm), *self.triggers(model, arm)])


def _by_case(rows: Iterable[TrialRow]) -> Samples:
    samples: Samples = defaultdict(list)
    for row in rows:
        samples[row.case].append(row.passed)
    return samples
