"""The trials of a run that were not scored, by what kept them from it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from skills.verdicts.causes import FailureCause
from skills.verdicts.outcomes import COUNTED
from skills.verdicts.shapes import UnscoredTrials
from skills.verdicts.trials import TrialRow


def unscored(rows: Sequence[TrialRow], names: Mapping[int, str], total: int) -> tuple[UnscoredTrials, ...]:
    """The most frequent cause first; NAMES are those of the models, TOTAL all trials of the run."""
    counts: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        if row.outcome not in COUNTED:
            counts[row.outcome, row.cause][row.model_id] += 1
    groups = [
        UnscoredTrials(
            outcome=outcome,
            cause=cause,
            count=sum(by_model.values()),
            models=tuple(name for pk, name in names.items() if pk in by_model),
        )
        for (outcome, cause), by_model in counts.items()
    ]
    if missing := total - len(rows):
        groups.append(UnscoredTrials(outcome="", cause=FailureCause.NOT_RUN, count=missing, models=()))
    return tuple(sorted(groups, key=lambda group: -group.count))
