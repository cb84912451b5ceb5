"""A run in one verdict and one sentence: every mixture of models and regressions."""

import pytest

from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import EvaluationVerdict, RegressionStatus
from skills.verdicts.shapes import NOT_MEASURED, ModelFigures, Regression
from skills.verdicts.summary import overall_verdict, sentence

HELPS, HARMS = EvaluationVerdict.IMPROVES, EvaluationVerdict.REGRESSES
UNCLEAR, TOO_FEW = EvaluationVerdict.NO_CLEAR_EFFECT, EvaluationVerdict.TOO_FEW_CASES
MIXED = EvaluationVerdict.MIXED


def figures(*verdicts: EvaluationVerdict, changes=()) -> list[ModelFigures]:
    """One model for each of VERDICTS, called a, b, …; CHANGES are the verdicts against the version before."""
    return [
        ModelFigures(
            id=number,
            label="abcde"[number],
            verdict=verdict,
            change_verdict=changes[number] if number < len(changes) else None,
            rates={Arm.CANDIDATE: NOT_MEASURED},
            lift=NOT_MEASURED,
            change=None,
            tokens={},
            micros={},
            cost_ratio=None,
            invocation=None,
            seconds=None,
            triggers=None,
        )
        for number, verdict in enumerate(verdicts)
    ]


def regression(status: str, on: str = "a") -> Regression:
    return Regression(case="c", label="case", model=0, on=on, status=RegressionStatus(status))


@pytest.mark.parametrize(
    ("verdicts", "overall"),
    [
        ([HELPS], HELPS),
        ([HARMS], HARMS),
        ([UNCLEAR], UNCLEAR),
        ([TOO_FEW, TOO_FEW], TOO_FEW),
        ([HELPS, HELPS], HELPS),
        ([HELPS, UNCLEAR], MIXED),
        ([HELPS, HARMS], MIXED),
        ([UNCLEAR, HARMS], HARMS),
        ([UNCLEAR, TOO_FEW], MIXED),
    ],
)
def test_the_verdict_of_a_run_is_no_better_than_its_worst_model(verdicts, overall):
    assert overall_verdict(figures(*verdicts), []) == overall


@pytest.mark.parametrize(
    ("verdict", "change", "overall"),
    [
        (HELPS, HARMS, MIXED),
        (UNCLEAR, HARMS, HARMS),
        (HELPS, UNCLEAR, HELPS),
        (HELPS, HELPS, HELPS),
        (UNCLEAR, HELPS, UNCLEAR),
    ],
)
def test_doing_worse_than_the_version_before_is_harm(verdict, change, overall):
    assert overall_verdict(figures(verdict, changes=[change]), []) == overall


@pytest.mark.parametrize(
    ("status", "of_helping", "of_unclear"),
    [("confirmed", MIXED, HARMS), ("suspected", HELPS, UNCLEAR), ("cleared", HELPS, UNCLEAR)],
)
def test_only_a_confirmed_regression_changes_the_verdict(status, of_helping, of_unclear):
    assert overall_verdict(figures(HELPS), [regression(status)]) == of_helping
    assert overall_verdict(figures(UNCLEAR), [regression(status)]) == of_unclear


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ([HELPS], "Helps on the one model"),
        ([HELPS, HELPS], "Helps on all 2 models"),
        ([HELPS, UNCLEAR, UNCLEAR], "Helps on 1 of 3 models"),
        ([HELPS, HELPS, UNCLEAR], "Helps on 2 of 3 models"),
        ([UNCLEAR], "No clear effect on the one model"),
        ([UNCLEAR, UNCLEAR], "No clear effect on any of 2 models"),
        ([HELPS, HARMS], "Helps on 1 of 2 models; worse on b"),
        ([HELPS, HARMS, HARMS], "Helps on 1 of 3 models; worse on b, c"),
    ],
)
def test_the_sentence_counts_the_models_that_it_helps_and_names_those_it_harms(verdicts, words):
    assert sentence(MIXED, figures(*verdicts), []) == words


def test_the_sentence_names_a_model_that_did_better_before():
    assert sentence(MIXED, figures(HELPS, changes=[HARMS]), []) == "Helps on the one model; worse on a"


def test_too_few_cases_are_told_before_anything_else():
    words = sentence(TOO_FEW, figures(TOO_FEW), [regression("confirmed")])

    assert words == "Too few cases to tell: at least 5 are needed"


@pytest.mark.parametrize(
    ("regressions", "words"),
    [
        ([regression("confirmed")], "Helps on the one model; 1 confirmed regression on a"),
        ([regression("confirmed")] * 2, "Helps on the one model; 2 confirmed regressions on a"),
        (
            [regression("confirmed", on) for on in "fzdbeca"],
            "Helps on the one model; 7 confirmed regressions on a, b, c, d, e, f, z",
        ),
        ([regression("suspected"), regression("cleared")], "Helps on the one model"),
        (
            [regression("confirmed", "b"), regression("suspected", "c")],
            "Helps on the one model; 1 confirmed regression on b",
        ),
    ],
)
def test_the_sentence_counts_the_confirmed_regressions_and_says_where(regressions, words):
    assert sentence(MIXED, figures(HELPS), regressions) == words


def test_regressions_are_told_rather_than_the_models_that_got_worse():
    words = sentence(MIXED, figures(HELPS, HARMS), [regression("confirmed", "b")])

    assert words == "Helps on 1 of 2 models; 1 confirmed regression on b"
