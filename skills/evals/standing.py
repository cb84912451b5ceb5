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

    `verdict` is the state of the report that counts, "scripted" where a script answered, "" without one.
    `regressed` names the cells that turned in any of its evaluations and were not cleared.
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


def standings_of(versions: Sequence[Version]) -> dict[int, EvaluationStanding]:
    """How the evaluations of each of VERSIONS stand, by its id, in one query."""
    counts = Q(purpose=Purpose.EVALUATE) | ~Q(state__in=ENDED)
    rows = Run.objects.filter(counts, version__in=[version.pk for version in versions])
    of_version: dict[int, list[Run]] = defaultdict(list)
    for run in rows.only("version_id", "purpose", "state", "portfolio", "judge", "report").order_by("-pk"):
        of_version[run.version_id or 0].append(run)
    return {pk: _standing(runs) for pk, runs in of_version.items()}


def standing_of(version: Version) -> EvaluationStanding:
    return standings_of([version]).get(version.pk, NOT_EVALUATED)


def _standing(runs: Sequence[Run]) -> EvaluationStanding:
    """RUNS of one version, the newest first."""
    whole = [run for run in runs if run.state == RunState.DONE and run.purpose == Purpose.EVALUATE]
    reports = [(run, report) for run in whole if (report := run.evaluation)]
    # The one that counts, as `evaluation_of` has it.
    shown = next((pair for pair in reports if not pair[0].is_scripted), reports[0] if reports else None)
    verdict = ""
    if shown is not None:
        verdict = "scripted" if shown[0].is_scripted else shown[1].state
    return EvaluationStanding(
        verdict=verdict,
        open_run=next((run.pk for run in runs if not run.has_ended), None),
        regressed=standing_regressions(
            regression for _, report in reports for regression in report.regressions
        ),
    )
