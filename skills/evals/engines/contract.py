"""The seam: what an engine is given and what it hands back. No third-party import here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from skills.budgets.settle import NOTHING, Usage
from skills.bundles.eval_cases import Assertion
from skills.portfolio.model_plan import ModelPlan
from skills.verdicts.arms import Arm
from skills.verdicts.records import GradeRecord

HARNESS = "1"  # part of every fingerprint: raise it when prompts, tools or grading change


@dataclass(frozen=True)
class CasePlan:
    """One case. A trigger case shows the catalogue and looks only at which skill is opened."""

    key: str
    label: str
    prompt: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    assertions: tuple[Assertion, ...] = ()
    should_trigger: bool | None = None
    catalogue: tuple[tuple[str, str], ...] = ()  # (name, description) of the distractors


@dataclass(frozen=True)
class SkillTool:
    """A tool of the skill: its MCP-shaped definition and the script that runs it."""

    name: str
    description: str
    schema: Mapping[str, Any]
    script: str


@dataclass(frozen=True)
class SkillPlan:
    """What the model is offered: everything of the bundle but `evals/`."""

    name: str
    description: str
    body: str
    files: Mapping[str, bytes]
    tools: tuple[SkillTool, ...] = ()


@dataclass(frozen=True)
class TrialPlan:
    """One thing to do: a case in an arm on a model, for the REPEATth time."""

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


@dataclass(frozen=True)
class RunPlan:
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


@dataclass(frozen=True)
class Result:
    """How one trial ended. `outcome` is scored, error or limit; only scored trials count in a rate."""

    trial: TrialPlan
    outcome: str
    grades: tuple[GradeRecord, ...] = ()
    invoked: bool = False
    output: str = ""
    problem: str = ""
    usage: Usage = NOTHING
    judge_usage: Usage = NOTHING
    micros: int | None = None
    seconds: float = 0.0
    tool_calls: int = 0
    served_model: str = ""
    messages: tuple[Mapping[str, Any], ...] = ()

    @property
    def passed(self) -> bool:
        return self.outcome == "scored" and all(grade["passed"] for grade in self.grades)


class Ledger(Protocol):
    """Pays for calls. `reserve` raises budgets' OutOfBudget or Busy; `settle` books what was used."""

    def reserve(self, model: ModelPlan, role: str, tokens: int) -> UUID: ...
    def settle(self, hold: UUID, model: ModelPlan, usage: Usage, held: int) -> None: ...
    def release(self, hold: UUID) -> None: ...
    def lose(self, hold: UUID, why: str) -> None: ...


class Sink(Protocol):
    """Takes results; idempotent by trial."""

    def take(self, results: list[Result]) -> None: ...


StopWord = Callable[[], str]  # "" to go on; "cancelled", "deadline" or "lost" to stop


class EvalEngine(Protocol):
    """Runs every trial of a plan; returns why it ended: "", a stop word or "out_of_budget"."""

    name: str

    def run(self, plan: RunPlan, ledger: Ledger, sink: Sink, should_stop: StopWord) -> str: ...
