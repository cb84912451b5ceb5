"""What a re-run of suspected regressions does next: the cells still open, as far as budgets carry."""

from collections.abc import Mapping, Sequence

from skills.evals import estimates
from skills.evals import plan as planning
from skills.evals.earlier_falls import falls_before
from skills.evals.engines.contract import TrialPlan
from skills.evals.kept_cases import counting_cases
from skills.evals.models import Run, Trial
from skills.evals.rounds import next_round
from skills.flows.evaluation.request import budgets_of, shortages
from skills.portfolio.model_plan import ModelPlan
from skills.verdicts import regressions
from skills.verdicts.outcomes import RegressionStatus
from skills.verdicts.trials import Trials


def open_trials(run: Run) -> list[TrialPlan]:
    """The next round of a re-run: the furthest fall first; empty when nothing is suspected any more."""
    assert run.parent is not None
    trials = Trial.objects.filter(run=run.parent).only("case", "arm", "model_id", "outcome", "passed")
    fresh = Trial.objects.filter(run__parent=run.parent).defer("output", "grades")
    # All cells of the evaluation, not only ours: the correction counts every suspected one.
    histories = regressions.suspected(
        Trials(trials),
        fresh,
        cases=[case["key"] for case in counting_cases(run.parent)],
        models=[model["id"] for model in run.parent.portfolio],
        falls_before=falls_before(run.parent),
    )
    statuses = regressions.statuses(histories)
    ours = {(case, model) for case, model in run.only or ()}
    cells = [cell for cell in ours & histories.keys() if statuses[cell] == RegressionStatus.SUSPECTED]
    ended = Trial.objects.filter(run=run).values_list("case", "arm", "model_id", "repeat")
    cells.sort(key=lambda cell: (-histories[cell].fall, cell))
    return next_round({cell: histories[cell].telling for cell in cells}, ended)


def affordable(
    run: Run,
    trials: Sequence[TrialPlan],
    *,
    cases: planning.Cases,
    models: Mapping[int, ModelPlan],
    judge: ModelPlan | None,
) -> list[TrialPlan]:
    """Those of the first cells that the budgets are likely to carry: a few told, not all half.

    Of one cell at least: whether its calls have room is the ledger's to say. Repeat by repeat, so that a bad
    hour of a provider hits all cells alike.
    """
    budgets = budgets_of(run.team, run.requested_by)
    cells = list(dict.fromkeys((trial.case, trial.model) for trial in trials))
    while True:
        chosen = [trial for trial in trials if (trial.case, trial.model) in cells]
        estimate = estimates.estimate(chosen, cases.judged, models, judge, run.skill_id)
        if len(cells) == 1 or not any(shortages(budget, estimate) for budget in budgets):
            return sorted(chosen, key=lambda trial: trial.repeat)
        cells = cells[: len(cells) // 2]
