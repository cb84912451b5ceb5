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


def gates(policy: Policy, *, scan_done: bool, open_findings: int, extra: Sequence[Gate] = ()) -> list[Gate]:
    """Every gate on the way to approval; evals add theirs through EXTRA."""
    found = [
        Gate(
            "scan", scan_done,
            "The checks have finished." if scan_done else "The checks have not finished.",
        )
    ]  # fmt: skip
    if policy.scan_gate:
        text = (
            f"{open_findings} high findings wait for a waiver with a reason."
            if open_findings
            else "No high finding is left without a waiver."
        )
        found.append(Gate("findings", not open_findings, text))
    return [*found, *extra]


def gate_problems(found: Sequence[Gate]) -> list[Problem]:
    return [
        Problem(f"gate_{gate.name}", gate.text, "Mend that first; then approve.")
        for gate in found
        if not gate.passed
    ]


def four_eyes(policy: Policy, *, author_id: int, reviewer_id: int) -> Problem | None:
    """Why this reviewer may not approve this author's version, or None."""
    if author_id != reviewer_id or policy.self_approval:
        return None
    text = "Authors do not approve their own versions in this team."
    return Problem("four_eyes", text, "Ask another reviewer.")


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
    return lines
