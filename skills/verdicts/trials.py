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
    """The scored trials of a run by model and arm, those of trigger cases and of kept cases apart.

    Trigger cases ask whether the skill is opened, so they have no baseline and count in no rate. Kept cases
    are those of an earlier version: they only say whether this one does worse.
    """

    def __init__(
        self,
        rows: Iterable[TrialRow],
        trigger_cases: Collection[str] = (),
        kept_cases: Collection[str] = (),
    ) -> None:
        self._trigger_cases = trigger_cases
        self._rows: dict[tuple[int, Arm], list[TrialRow]] = defaultdict(list)
        self._triggers: dict[tuple[int, Arm], list[TrialRow]] = defaultdict(list)
        self._kept: dict[tuple[int, Arm], list[TrialRow]] = defaultdict(list)
        self._samples: dict[tuple[int, Arm], Samples] = {}
        for row in rows:
            if row.outcome in COUNTED:
                self._table(row, kept_cases)[row.model_id, row.arm].append(row)

    def _table(self, row: TrialRow, kept_cases: Collection[str]) -> dict[tuple[int, Arm], list[TrialRow]]:
        if row.case in kept_cases:
            return self._kept
        return self._triggers if row.case in self._trigger_cases else self._rows

    def scored(self, model: int, arm: Arm) -> list[TrialRow]:
        return self._rows.get((model, arm), [])

    def triggers(self, model: int, arm: Arm) -> list[TrialRow]:
        return self._triggers.get((model, arm), [])

    def samples(self, model: int, arm: Arm) -> Samples:
        # A report asks a dozen times for each, of thousands of rows.
        if (model, arm) not in self._samples:
            self._samples[model, arm] = _by_case(self.scored(model, arm))
        return self._samples[model, arm]

    def samples_of_versions(self, model: int, arm: Arm) -> Samples:
        """What versions are compared by: the cases of today and those kept from before, without triggers."""
        kept = self._kept.get((model, arm), [])
        graded = [row for row in kept if row.case not in self._trigger_cases]
        return _by_case([*self.scored(model, arm), *graded])

    def samples_of_all(self, model: int, arm: Arm) -> Samples:
        """Every case, triggers and kept ones too."""
        kept = self._kept.get((model, arm), [])
        return _by_case([*self.scored(model, arm), *self.triggers(model, arm), *kept])


def _by_case(rows: Iterable[TrialRow]) -> Samples:
    samples: Samples = defaultdict(list)
    for row in rows:
        samples[row.case].append(row.passed)
    return samples
