"""The gates between a version and its approval: what the checks and the evaluations say, as values."""

from skills.catalog.models import Version
from skills.evals.evidence import evidence_on, standard_plan
from skills.flows.evaluation.subject import approved_before
from skills.flows.names import name_gate
from skills.reviews import rules
from skills.reviews.eval_gates import eval_gates
from skills.scans.models import Scan, ScanState
from skills.scans.selectors import serious_findings


def gates(version: Version, scan: Scan | None) -> list[rules.Gate]:
    """The policy's gates for a version, as the review page shows them."""
    policy = version.skill.team.policy
    waiting = serious_findings().filter(scan=scan).count() if scan else 0
    done = scan is not None and scan.state == ScanState.DONE
    extra = [*name_gate(version.skill), *_eval_gates(version)]
    return rules.gates(policy, scan_done=done, open_findings=waiting, extra=extra)


def _eval_gates(version: Version) -> list[rules.Gate]:
    team = version.skill.team
    if not rules.asks_for_evaluation(team.policy):
        return []
    plan = standard_plan(team.policy, team)
    evidence = evidence_on(version, plan, before=approved_before(version.skill, version))
    return eval_gates(team.policy, plan, evidence)
