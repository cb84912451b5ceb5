"""What fell in other versions that were tried since the same approved one."""

from collections import defaultdict

from skills.evals.models import Purpose, Run
from skills.verdicts.outcomes import RegressionStatus
from skills.verdicts.regressions import Cell


def falls_before(run: Run) -> dict[Cell, int]:
    """Cell → in how many other bytes it fell beside the approved version of RUN, and was not cleared."""
    if run.version_id is None or run.previous_id is None:
        return {}
    others = Run.objects.filter(
        skill=run.skill_id, previous=run.previous_id, purpose=Purpose.EVALUATE, version__isnull=False
    )
    others = others.exclude(digest=run.digest).exclude(report=None)
    bytes_of: dict[Cell, set[str]] = defaultdict(set)
    for digest, regressions in others.values_list("digest", "report__regressions"):
        for one in regressions or ():
            if one["status"] != RegressionStatus.CLEARED:
                bytes_of[one["case"], one["model"]].add(digest)
    return {cell: len(digests) for cell, digests in bytes_of.items()}
