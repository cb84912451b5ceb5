"""The gates between a version and its approval: what the checks and the evaluation say, as values."""

from skills.catalog.models import Version
from skills.evals import selectors
from skills.reviews import rules
from skills.scans.models import Scan, ScanState
from skills.scans.selectors import serious_findings


def gates(version: Version, scan: Scan | None) -> list[rules.Gate]:
    """The policy's gates for a version, as the review page shows them."""
    policy = version.skill.team.policy
    waiting = serious_findings().filter(scan=scan).count() if scan else 0
    done = scan is not None and scan.state == ScanState.DONE
    extra = rules.eval_gates(policy, evidence(version))
    return rules.gates(policy, scan_done=done, open_findings=waiting, extra=extra)


def evidence(version: Version) -> rules.Evidence | None:
    """The evaluation of these bytes that counts, cut down to what a policy asks about.

    A scripted one stands in only where no model was asked, so that the gate can say that it proves nothing.
    """
    run = selectors.evaluation_of(version)
    if run is None or run.report is None:
        return None
    status = [row["status"] for row in run.report["regressions"]]
    lifts = [model["lift"]["value"] for model in run.report["models"] if model["lift"]["cases"]]
    return rules.Evidence(
        scripted=run.is_scripted,
        conclusive=run.report["state"] != "inconclusive",
        confirmed=status.count("confirmed"),
        suspected=status.count("suspected"),
        lift=min(lifts, default=None),
    )
