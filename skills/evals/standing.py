"""How the evaluations of a version stand, in the few facts that a list or a notice has room for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from skills.catalog.models import Version
from skills.evals.models import ENDED, Purpose, Run, RunState
from skills.verdicts.outcomes import EvaluationVerdict
from skills.verdicts.pooled import standing_regressions
from skills.verdicts.shapes import Regression


@dataclass(frozen=True, kw_only=True)
class EvaluationStanding:
    """What a list says of the evaluations of one version.

    `verdict` is what all evaluations of its bytes show together, "scripted" where a script answered, "" where
    nothing did. `regressed` names the cells that turned in any of them and were not cleared.
    """

    verdict: str = ""
    open_run: int | None = None  # id of one that has not ended, a re-run of single cells too
    regressed: tuple[Regression, ...] = ()

    @property
    def is_running(self) -> bool:
        return self.open_run is not None

    @property
    def is_doubtful(self) -> bool:
        """Whether a person has to look: it did worse somewhere, or nobody knows yet."""
        return self.is_running or bool(self.regressed) or self.verdict == EvaluationVerdict.REGRESSES


NOT_EVALUATED = EvaluationStanding()
_READ = ("skill_id", "digest", "purpose", "state", "portfolio", "judge", "report", "pooled_report")


def standings_of(versions: Sequence[Version]) -> dict[int, EvaluationStanding]:
    """How the evaluations of each of VERSIONS stand, by its id, in one query."""
    counts = Q(purpose=Purpose.EVALUATE) | ~Q(state__in=ENDED)
    rows = Run.objects.filter(counts, version__isnull=False)
    rows = rows.filter(
        skill__in={version.skill_id for version in versions},
        digest__in={version.digest for version in versions},
    )
    of_bytes: dict[tuple[int | None, str], list[Run]] = defaultdict(list)
    for run in rows.only(*_READ).order_by("-pk"):
        of_bytes[run.skill_id, run.digest].append(run)
    found = {version.pk: of_bytes.get((version.skill_id, version.digest)) for version in versions}
    return {pk: _standing(runs) for pk, runs in found.items() if runs}


def standing_of(version: Version) -> EvaluationStanding:
    return standings_of([version]).get(version.pk, NOT_EVALUATED)


def _standing(runs: Sequence[Run]) -> EvaluationStanding:
    """RUNS of the same bytes, the newest first."""
    whole = [run for run in runs if run.state == RunState.DONE and run.purpose == Purpose.EVALUATE]
    reports = [report for run in whole if (report := run.evaluation)]
    # As `evaluation_of` has it.
    newest = next((run for run in whole if not run.is_scripted and run.report), None)
    verdict = "scripted" if reports else ""
    if newest is not None and (counted := newest.counted):
        verdict = counted.state
    return EvaluationStanding(
        verdict=verdict,
        open_run=next((run.pk for run in runs if not run.has_ended), None),
        regressed=standing_regressions(regression for report in reports for regression in report.regressions),
    )
