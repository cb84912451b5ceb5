"""The report as a value: it comes back from the database as it went in, also when it is an old one."""

import pytest

from skills.verdicts.arms import Arm
from skills.verdicts.outcomes import EvaluationVerdict, RegressionStatus
from skills.verdicts.shapes import EvaluationReport, JudgeCalibration
from skills.verdicts.statistics import IntervalEstimate

OLD = {
    "state": "mixed",
    "sentence": "Helps on 1 of 2 models",
    "models": [
        {
            "id": 7,
            "label": "big",
            "verdict": "improves",
            "change_verdict": "regresses",
            "rates": {"candidate": {"value": 0.9, "low": 0.7, "high": 1.0, "cases": 6}},
            "lift": {"value": 0.4, "low": 0.1, "high": 0.7, "cases": 6},
            "change": {"value": -0.1, "low": None, "high": None, "cases": 6},
            "tokens": {"candidate": 120.5},
            "micros": {"candidate": None},
            "seconds": [1.5, 4.0],
            "triggers": [5, 6],
            "a_field_of_tomorrow": 1,
        }
    ],
    "regressions": [
        {"case": "k", "label": "refund", "model": 7, "on": "big", "status": status}
        for status in ("confirmed", "suspected", "suspected", "cleared")
    ],
}


def test_an_old_report_is_read_with_defaults_for_what_it_does_not_know():
    report = EvaluationReport.from_json(OLD)

    assert report.state is EvaluationVerdict.MIXED
    assert report.advice == ""
    assert report.flaky == report.useless == report.frontier == ()
    assert report.judge == JudgeCalibration()


def test_figures_are_read_with_their_types():
    figures = EvaluationReport.from_json(OLD).models[0]

    assert figures.verdict is EvaluationVerdict.IMPROVES
    assert figures.change_verdict is EvaluationVerdict.REGRESSES
    assert figures.rates == {Arm.CANDIDATE: IntervalEstimate(0.9, 0.7, 1.0, 6)}
    assert figures.triggers == (5, 6)
    assert figures.cost is None


def test_what_is_written_is_plain_json_and_reads_as_the_same_report():
    report = EvaluationReport.from_json(OLD)

    written = report.to_json()

    assert type(written["state"]) is str
    assert written["models"][0]["seconds"] == [1.5, 4.0]
    assert EvaluationReport.from_json(written) == report


def test_suspected_cells_are_those_that_wait_for_a_rerun():
    report = EvaluationReport.from_json(OLD)

    assert report.suspected == [("k", 7), ("k", 7)]
    assert report.count(RegressionStatus.SUSPECTED) == 2
    assert report.count(RegressionStatus.CONFIRMED) == 1


def test_a_verdict_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="splendid"):
        EvaluationReport.from_json(OLD | {"state": "splendid"})
