"""The seam: what an engine is given and what it hands back. No third-party import here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from skills.budgets.call_roles import CallRole
from skills.budgets.settle import NOTHING, Usage
from skills.bundles.eval_cases import Assertion, AssertionKind, Turn
from skills.portfolio.call_bounds import CallBound
from skills.portfolio.model_plan import ModelPlan
from skills.verdicts.arms import Arm
from skills.verdicts.causes import Failure
from skills.verdicts.outcomes import Outcome
from skills.verdicts.records import GradeRecord

HARNESS = "4"  # part of every fingerprint: raise it when prompts, tools or grading change


class StopReason(StrEnum):
    """Why a run ends before all of its trials have."""

    CANCELLED = "cancelled"
    DEADLINE = "deadline"
    LOST = "lost"  # another worker has taken the run: nothing may be written any more
    OUT_OF_BUDGET = "out_of_budget"


@dataclass(frozen=True, kw_only=True)
class CasePlan:
    """One case.

    A conversation has its `turns`, and as `prompt` the same as text. A case with `should_trigger` shows the
    catalogue; without assertions it looks only at which skill is opened, and with them it is a negative
    control, whose answer is graded too.
    """

    key: str
    label: str
    prompt: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    assertions: tuple[Assertion, ...] = ()
    turns: tuple[Turn, ...] = ()
    should_trigger: bool | None = None
    catalogue: tuple[tuple[str, str], ...] = ()  # (name, description) of the distractors

    @property
    def looks_only_at_skills(self) -> bool:
        """Whether a trial is over as soon as a skill is opened or not."""
        return self.should_trigger is not None and not self.assertions


def trigger_assertion(*, should_trigger: bool) -> Assertion:
    """What a trial of a trigger case or of a negative control is graded on first."""
    text = f"{'Opens' if should_trigger else 'Does not open'} the skill"
    return Assertion(AssertionKind.TRIGGER, text)


@dataclass(frozen=True)
class SkillTool:
    """A tool of the skill: its MCP-shaped definition and the script that runs it."""

    name: str
    description: str
    schema: Mapping[str, Any]
    script: str


@dataclass(frozen=True, kw_only=True)
class SkillPlan:
    """What the model is offered: everything of the bundle but `evals/`."""

    name: str
    description: str
    body: str
    files: Mapping[str, bytes]
    tools: tuple[SkillTool, ...] = ()


@dataclass(frozen=True)
class TrialPlan:
    """One thing to do: a case, by its key, in an arm on a model, by its id, for the REPEATth time."""

    case: str
    arm: Arm
    model: int
    repeat: int


@dataclass(frozen=True)
class TrialLimits:
    """Bounds of one trial."""

    turns: int = 15
    tokens: int = 100_000
    seconds: int = 300


# How near a text is to each of some others, from 0 to 1.
Nearness = Callable[[str, Sequence[str]], list[float]]


@dataclass(frozen=True, kw_only=True)
class RunPlan:
    """A run, complete: an engine looks up nothing else."""

    run_id: int
    skill_id: int | None
    cases: Mapping[str, CasePlan]
    arms: Mapping[Arm, SkillPlan | None]
    models: Mapping[int, ModelPlan]
    judge: ModelPlan | None
    trials: tuple[TrialPlan, ...]
    limits: TrialLimits = TrialLimits()
    sandbox: str = ""  # bwrap or docker; "" offers no tool that runs anything
    script: Mapping[str, Any] = field(default_factory=dict)  # evals/scripted.json, for scripted models
    nearness: Nearness | None = None  # for `similar`; None where the instance has no vectors


@dataclass(frozen=True, kw_only=True)
class Result:
    """How one trial ended."""

    trial: TrialPlan
    outcome: Outcome
    grades: tuple[GradeRecord, ...] = ()
    invoked: bool = False  # whether the model opened the skill
    output: str = ""
    failure: Failure | None = None  # the limit that was met, or why it is not scored
    problem: str = ""  # the same in a sentence
    usage: Usage = NOTHING
    judge_usage: Usage = NOTHING
    micros: int | None = None
    seconds: float = 0.0
    tool_calls: int = 0
    served_model: str = ""  # what the provider says that it ran
    messages: tuple[Mapping[str, object], ...] = ()

    @property
    def passed(self) -> bool:
        return self.outcome == Outcome.SCORED and all(grade["passed"] for grade in self.grades)


class Ledger(Protocol):
    """Pays for calls. `reserve` raises budgets' OutOfBudget or Busy; `settle` books what was used.

    It returns the micros that were booked, None without a price.
    """

    def reserve(self, model: ModelPlan, role: CallRole, bound: CallBound) -> UUID: ...
    def settle(self, hold: UUID, model: ModelPlan, usage: Usage, bound: CallBound) -> int | None: ...
    def release(self, hold: UUID) -> None: ...
    def lose(self, hold: UUID, why: str) -> None: ...


class Sink(Protocol):
    """Takes results; idempotent by trial."""

    def take(self, results: list[Result]) -> None: ...


StopCheck = Callable[[], StopReason | None]  # None to go on


class EvalEngine(Protocol):
    """Runs every trial of a plan; returns why it stopped early, None when it did not."""

    name: str

    def run(self, plan: RunPlan, ledger: Ledger, sink: Sink, should_stop: StopCheck) -> StopReason | None: ...
