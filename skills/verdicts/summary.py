"""The whole run in one verdict and one sentence, from the figures of its models and its regressions."""

from collections.abc import Sequence

from skills.verdicts.outcomes import EvaluationVerdict, RegressionStatus
from skills.verdicts.shapes import ModelFigures, Regression
from skills.verdicts.statistics import FEWEST_CASES


def overall_verdict(figures: Sequence[ModelFigures], regressions: Sequence[Regression]) -> EvaluationVerdict:
    """One verdict for the whole run, no better than its worst model."""
    verdicts = {figure.verdict for figure in figures}
    if _harmed(figures) or _confirmed(regressions):
        helps = EvaluationVerdict.IMPROVES in verdicts
        return EvaluationVerdict.MIXED if helps else EvaluationVerdict.REGRESSES
    return verdicts.pop() if len(verdicts) == 1 else EvaluationVerdict.MIXED


def _harmed(figures: Sequence[ModelFigures]) -> list[str]:
    """Labels of the models that do worse than without the skill, or than before."""
    return [
        figure.label
        for figure in figures
        if EvaluationVerdict.REGRESSES in (figure.verdict, figure.change_verdict)
    ]


def _confirmed(regressions: Sequence[Regression]) -> list[Regression]:
    return [regression for regression in regressions if regression.status == RegressionStatus.CONFIRMED]


def sentence(
    verdict: EvaluationVerdict, figures: Sequence[ModelFigures], regressions: Sequence[Regression]
) -> str:
    """The verdict in words: where the skill helps, and where it does harm."""
    if verdict == EvaluationVerdict.TOO_FEW_CASES:
        return f"Too few cases to tell: at least {FEWEST_CASES} are needed"
    words = _where_it_helps(figures)
    if confirmed := _confirmed(regressions):
        places = ", ".join(sorted({regression.on for regression in confirmed}))
        plural = "s" if len(confirmed) > 1 else ""
        return f"{words}; {len(confirmed)} confirmed regression{plural} on {places}"
    if harmed := _harmed(figures):
        return f"{words}; worse on {', '.join(harmed)}"
    return words


def _where_it_helps(figures: Sequence[ModelFigures]) -> str:
    count = len(figures)
    helped = sum(figure.verdict == EvaluationVerdict.IMPROVES for figure in figures)
    if helped == count:
        return "Helps on the one model" if count == 1 else f"Helps on all {count} models"
    if helped:
        return f"Helps on {helped} of {count} models"
    return "No clear effect on the one model" if count == 1 else f"No clear effect on any of {count} models"
