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


@dataclass(frozen=True)
class Evidence:
    """What the last whole evaluation of exactly these bytes has shown; lift is the lowest of its models."""

    scripted: bool
    conclusive: bool
    confirmed: int
    suspected: int
    lift: float | None


def eval_gates(policy: Policy, evidence: Evidence | None) -> list[Gate]:
    """The gates an evaluation must pass, where the policy asks for any."""
    found = []
    proves = evidence is not None and not evidence.scripted and evidence.conclusive
    if policy.evals_required or policy.no_regression or policy.minimum_lift is not None:
        found.append(Gate("evals", proves, _evaluated(evidence)))
    if policy.no_regression:
        count = evidence.confirmed + evidence.suspected if evidence else 0
        text = (
            f"{count} regressions are confirmed or wait for their re-run."
            if count
            else "No regression is confirmed."
        )
        found.append(
            Gate("regression", proves and not count, text if evidence else "Regressions are not known yet.")
        )
    if policy.minimum_lift is not None:
        points = None if evidence is None or evidence.lift is None else round(100 * evidence.lift)
        shown = "unknown" if points is None else f"{points:+d} points"
        passed = proves and points is not None and points >= policy.minimum_lift
        found.append(
            Gate("lift", passed, f"The lift is {shown}; {policy.minimum_lift:+d} are needed on every model.")
        )
    return found


def _evaluated(evidence: Evidence | None) -> str:
    if evidence is None:
        return "These bytes have not been evaluated."
    if evidence.scripted:
        return "The evaluation replayed a script, which proves nothing."
    return "These bytes have been evaluated." if evidence.conclusive else "The evaluation was inconclusive."


def gates(policy: Policy, *, scan_done: bool, open_findings: int, extra: Sequence[Gate] = ()) -> list[Gate]:
    """Every gate on the way to approval; evals add theirs through EXTRA."""
    found = [
        Gate(
            "scan",
            scan_done,
            "The checks have finished." if scan_done else "The checks have not finished.",
        )
    ]
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
    if policy.evals_required:
        lines.append("A version must have been evaluated.")
    if policy.no_regression:
        lines.append("Nothing may do worse than the approved version.")
    if policy.minimum_lift is not None:
        lines.append(
            f"On every model a version must lift the pass rate by {policy.minimum_lift} points or more."
        )
    return lines
