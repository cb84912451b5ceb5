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
    lines += _about_evaluations(policy)
    if policy.approve_synced:
        lines.append("What a source brings may be approved at once, where no gate objects.")
    return lines


def asks_for_evaluation(policy: Policy) -> bool:
    """Whether any gate reads what evaluations have shown."""
    wishes = (policy.evals_required, policy.no_regression, policy.discerning_cases)
    return any(wishes) or policy.minimum_lift is not None


def _about_evaluations(policy: Policy) -> list[str]:
    lines = []
    if policy.evals_required:
        lines.append("A version must have been evaluated.")
    if policy.no_regression:
        lines.append("Nothing may do worse than the approved version.")
    if policy.minimum_lift is not None:
        points = "1 point" if policy.minimum_lift == 1 else f"{policy.minimum_lift} points"
        lines.append(f"On every model a version must lift the pass rate by {points} or more.")
    if policy.discerning_cases:
        lines.append("Every case must have an assertion that the model fails without the skill.")
    if lines:
        models = ", ".join(policy.standard_models) or "every model of the team"
        lines.append(
            f"An evaluation counts with {counted(policy.standard_cases, 'case')}"
            f" and {counted(policy.standard_repeats, 'repeat')} on {models}."
        )
    return lines


def counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"
