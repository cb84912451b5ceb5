"""The gates between a version and its approval: what the checks and the evaluation say, as values."""

from skills.catalog.models import Version
from skills.evals import selectors
from skills.flows.names import name_gate
from skills.reviews import rules
from skills.scans.models import Scan, ScanState
from skills.scans.selectors import serious_findings
from skills.verdicts.outcomes import EvaluationVerdict, RegressionStatus


def gates(version: Version, scan: Scan | None) -> list[rules.Gate]:
    """The policy's gates for a version, as the review page shows them."""
    policy = version.skill.team.policy
    waiting = serious_findings().filter(scan=scan).count() if scan else 0
    done = scan is not None and scan.state == ScanState.DONE
    extra = [*name_gate(version.skill), *rules.eval_gates(policy, evaluation_summary(version))]
    return rules.gates(policy, scan_done=done, open_findings=waiting, extra=extra)


def evaluation_summary(version: Version) -> rules.EvaluationSummary | None:
    """The evaluation of these bytes that counts, cut down to what a policy asks about.

    A scripted one stands in only where no model was asked, so that the gate can say that it proves nothing.
    """
    run = selectors.evaluation_of(version)
    report = run.evaluation if run else None
    if run is None or report is None:
        return None
    return rules.EvaluationSummary(
        scripted=run.is_scripted,
        conclusive=report.state != EvaluationVerdict.INCONCLUSIVE,
        confirmed=report.count(RegressionStatus.CONFIRMED),
        undecided=report.count(RegressionStatus.UNDECIDED),
        suspected=report.count(RegressionStatus.SUSPECTED),
        # The weakest model counts: a policy asks for the lift on every model.
        lift=min((model.lift.value for model in report.models if model.lift.cases), default=None),
    )
