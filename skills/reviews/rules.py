"""What policy asks before a version is approved: pure decisions on values."""

from collections.abc import Sequence
from dataclasses import dataclass

from skills.lib.errors import Problem
from skills.people.models import Policy


@dataclass(frozen=True)
class Gate:
    """One condition of the policy, whether it holds, and what would make it hold."""

    name: str
    passed: bool
    text: str


@dataclass(frozen=True, kw_only=True)
class EvaluationSummary:
    """What the evaluation that counts has shown of these bytes.

    `confirmed`, `undecided` and `suspected` are numbers of regressions; `lift` is the lowest of its models,
    from -1 to 1, None where none is known. A scripted evaluation proves nothing, whatever it shows.
    """

    scripted: bool
    conclusive: bool
    confirmed: int
    undecided: int
    suspected: int
    lift: float | None


def eval_gates(policy: Policy, evaluation: EvaluationSummary | None) -> list[Gate]:
    """The gates an evaluation must pass, where the policy asks for any."""
    # A script replays what its author wrote, so it says nothing about a model.
    proves = evaluation is not None and not evaluation.scripted and evaluation.conclusive
    gates = []
    if policy.evals_required or policy.no_regression or policy.minimum_lift is not None:
        gates.append(Gate("evals", proves, _evaluated(evaluation)))
    if policy.no_regression:
        gates.append(_regression_gate(evaluation, proves=proves))
    if policy.minimum_lift is not None:
        gates.append(_lift_gate(policy.minimum_lift, evaluation, proves=proves))
    return gates


def _evaluated(evaluation: EvaluationSummary | None) -> str:
    if evaluation is None:
        return "These bytes have not been evaluated."
    if evaluation.scripted:
        return "The evaluation replayed a script, which proves nothing."
    return "These bytes have been evaluated." if evaluation.conclusive else "The evaluation was inconclusive."


def _regression_gate(evaluation: EvaluationSummary | None, *, proves: bool) -> Gate:
    if evaluation is None:
        return Gate("regression", passed=False, text="Regressions are not known yet.")
    # Suspected ones too: their re-run is under way, and approving first would make it pointless.
    counts = {
        "confirmed": evaluation.confirmed,
        "undecided": evaluation.undecided,
        "to be run again": evaluation.suspected,
    }
    found = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    if found:
        return Gate("regression", passed=False, text=f"Regressions: {found}.")
    return Gate("regression", proves, "No regression is confirmed, undecided or to be run again.")


def _lift_gate(minimum: int, evaluation: EvaluationSummary | None, *, proves: bool) -> Gate:
    """MINIMUM is in percentage points, as the policy keeps it."""
    points = None if evaluation is None or evaluation.lift is None else round(100 * evaluation.lift)
    lift = "unknown" if points is None else f"{points:+d} points"
    passed = proves and points is not None and points >= minimum
    return Gate("lift", passed, f"The lift is {lift}; {minimum:+d} are needed on every model.")


def _findings_gate(count: int) -> Gate:
    if count == 1:
        return Gate("findings", passed=False, text="1 high finding waits for a waiver with a reason.")
    if count:
        text = f"{count} high findings wait for a waiver with a reason."
        return Gate("findings", passed=False, text=text)
    return Gate("findings", passed=True, text="No high finding is left without a waiver.")


def gates(policy: Policy, *, scan_done: bool, open_findings: int, extra: Sequence[Gate] = ()) -> list[Gate]:
    """Every gate on the way to approval; evaluations add theirs through EXTRA.

    OPEN_FINDINGS counts the blocking and high findings without a waiver.
    """
    text = "The checks have finished." if scan_done else "The checks have not finished."
    conditions = [Gate("scan", scan_done, text)]
    if policy.scan_gate:
        conditions.append(_findings_gate(open_findings))
    return [*conditions, *extra]


def gate_problems(gates: Sequence[Gate]) -> list[Problem]:
    """What keeps a version from approval: the gates that are shut."""
    return [
        Problem(f"gate_{gate.name}", gate.text, "Mend that first; then approve.")
        for gate in gates
        if not gate.passed
    ]


def sentences(policy: Policy) -> list[str]:
    """The policy as a person would say it."""
    count = policy.approvals_needed
    words = ["one approval", "two approvals", "three approvals", "four approvals", "five approvals"]
    lines = [f"A version needs {words[count - 1]}."]
    lines.append(
        "Authors may approve their own versions, which then reach the team only."
        if policy.self_approval
        else "Nobody approves a version of their own."
    )
    lines.append(
        "High findings of the checks need a waiver with a reason."
        if policy.scan_gate
        else "Findings of the checks are shown and do not stop an approval."
    )
    if policy.evals_required:
        lines.append("A version must have been evaluated.")
    if policy.no_regression:
        lines.append("Nothing may do worse than the approved version.")
    if policy.minimum_lift is not None:
        points = "1 point" if policy.minimum_lift == 1 else f"{policy.minimum_lift} points"
        lines.append(f"On every model a version must lift the pass rate by {points} or more.")
    if policy.approve_synced:
        lines.append("What a source brings may be approved at once, where no gate objects.")
    return lines
