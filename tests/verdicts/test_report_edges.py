"""The figures of a report at their boundaries: shares not scored, prices, seconds, triggers, labels."""

import pytest

from skills.verdicts import report
from tests.evals.test_report import BAD, CASES, GOOD, MODELS, Row, made, rows

ONE = MODELS[:1]


def report_of(listed, cases=CASES, models=ONE, arms=("candidate", "baseline"), **more):
    facts = {"cases": cases, "models": models, "arms": arms, "total": len(listed), "rows": listed, **more}
    return report.make(**facts).to_json()


def figures_of(listed, **more):
    return report_of(listed, **more)["models"][0]


def trial(arm="candidate", passed=True, case="c0", **more):
    return Row(case, arm, 1, passed, **more)


@pytest.mark.parametrize(("total", "state"), [(90, "improves"), (100, "improves"), (101, "inconclusive")])
def test_a_tenth_of_the_trials_may_be_missing_and_no_more(total, state):
    ninety = {("candidate", 1): ["p" * 8] * 6, ("baseline", 1): ["f" * 7] * 6}

    found = made(ninety, models=ONE, total=total)

    assert (found["state"], found["not_scored"], found["total"]) == (state, total - 90, total)


def test_a_run_of_no_trial_is_inconclusive():
    found = report_of([], models=[], arms=())

    assert (found["state"], found["sentence"]) == (
        "inconclusive",
        "Inconclusive: 0 of 0 trials were not scored",
    )


def test_means_of_tokens_and_micros_are_of_the_scored_trials_of_an_arm():
    listed = [
        trial(tokens=10, micros=100),
        trial(tokens=11, micros=101),
        trial(tokens=11, micros=101),
        trial(tokens=9_999, micros=9_999, outcome="error"),
        trial("baseline", tokens=5, micros=50),
    ]

    found = figures_of(listed)

    assert found["tokens"] == {"candidate": 10.7, "baseline": 5.0}
    assert found["micros"] == {"candidate": 100.7, "baseline": 50.0}
    assert found["cost_ratio"] == 2.014


def test_an_arm_of_which_nothing_was_scored_has_no_mean():
    found = figures_of([trial()])

    assert found["tokens"]["baseline"] == 0.0
    assert (found["micros"]["baseline"], found["cost_ratio"]) == (None, None)


def test_one_trial_without_price_takes_the_price_of_its_arm_and_tokens_are_compared():
    found = figures_of(
        [trial(tokens=30, micros=100), trial(tokens=30, micros=None), trial("baseline", tokens=20, micros=1)]
    )

    assert found["micros"] == {"candidate": None, "baseline": 1.0}
    assert found["cost_ratio"] == 1.5


def test_a_free_model_is_compared_by_its_tokens():
    found = figures_of([trial(tokens=10, micros=0), trial("baseline", tokens=40, micros=0)])

    assert found["micros"] == {"candidate": 0.0, "baseline": 0.0}
    assert found["cost_ratio"] == 0.25


def test_rates_lift_and_invocation_have_four_places():
    listed = [
        trial(passed=True, invoked=True),
        trial(passed=False, invoked=True),
        trial(passed=False, invoked=False),
        trial("baseline", passed=False, invoked=False),
    ]

    found = figures_of(listed)

    assert found["rates"]["candidate"]["value"] == 0.3333
    assert found["rates"]["candidate"]["low"] == round(found["rates"]["candidate"]["low"], 4)
    assert found["rates"]["candidate"]["high"] == round(found["rates"]["candidate"]["high"], 4)
    assert found["lift"] == {"value": 0.3333, "low": None, "high": None, "cases": 1}
    assert found["invocation"] == 0.6667
    assert (found["change"], found["change_verdict"]) == (None, None)


def test_a_model_that_never_answered_has_no_invocation_no_seconds_and_no_triggers():
    found = figures_of([trial("baseline")])

    assert (found["invocation"], found["seconds"], found["triggers"]) == (None, None, None)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([2.0], [2.0, 2.0]),
        ([3.0, 1.0], [2.0, 1.0]),
        ([float(n) for n in range(21)], [10.0, 19.0]),
        ([float(n) for n in range(101)], [50.0, 95.0]),
        ([1.006, 1.006], [1.01, 1.01]),
    ],
)
def test_seconds_are_the_median_and_the_95th_percentile(seconds, expected):
    assert figures_of([trial(seconds=value) for value in seconds])["seconds"] == expected


def test_trigger_cases_are_counted_apart_from_the_rates():
    cases = [CASES[0], {**CASES[1], "trigger": True}]
    listed = [
        trial(passed=True),
        trial(passed=False, case="c1"),
        trial(passed=True, case="c1"),
        trial(passed=True, case="c1"),
    ]

    found = figures_of(listed, cases=cases)

    assert found["triggers"] == [2, 3]
    assert found["rates"]["candidate"]["value"] == 1.0


def test_a_trigger_case_that_turned_is_a_regression():
    cases = [{**CASES[0], "trigger": True}]
    listed = [trial(passed=False) for _ in range(3)] + [trial("previous", passed=True) for _ in range(3)]

    found = report_of(listed, cases=cases, arms=("candidate", "previous"))

    assert found["regressions"] == [
        {
            "case": "c0",
            "label": "case 0",
            "model": 1,
            "on": "big",
            "status": "suspected",
            "again": [0, 0],
            "again_before": [0, 0],
        }
    ]


def test_the_change_is_measured_against_the_previous_version_alone():
    rates = {("candidate", 1): GOOD, ("baseline", 1): GOOD, ("previous", 1): BAD}

    found = made(rates, ("candidate", "baseline", "previous"), models=ONE)["models"][0]

    assert (found["verdict"], found["change_verdict"]) == ("no_clear_effect", "improves")
    assert (found["lift"]["value"], found["change"]["value"]) == (0.0, 1.0)


def test_a_case_is_flaky_where_it_passes_now_and_then_on_both_sides():
    rates = {("candidate", 1): ["pf", "pf", "pp", "ff"], ("baseline", 1): ["fp", "pp", "fp", "fp"]}

    assert made(rates, models=ONE)["flaky"] == [{"case": "c0", "label": "case 0", "model": 1, "on": "big"}]


def graded(arm, *passes, case="c0", model=1):
    return Row(case, arm, model, all(passes), grades=[{"passed": passed} for passed in passes])


def test_an_assertion_is_useless_where_it_says_the_same_in_both_arms_on_every_model():
    case = {**CASES[0], "assertions": [{"text": "always"}, {"text": "never"}, {"text": "tells"}]}
    listed = [
        graded("candidate", True, False, True),
        graded("baseline", True, False, False),
        graded("candidate", True, False, True, model=2),
        graded("baseline", True, False, True, model=2),
    ]

    found = report_of(listed, cases=[case], models=MODELS)["useless"]

    assert [(row["assertion"], row["text"], row["always"]) for row in found] == [
        (0, "always", True),
        (1, "never", False),
    ]


def test_an_assertion_of_a_hidden_case_is_not_quoted():
    listed = [graded("candidate", True), graded("baseline", True)]

    found = report_of(listed, cases=[{**CASES[0], "hidden": True}])

    assert [row["text"] for row in found["useless"]] == ["(hidden)"]
    assert "says 0" not in str(found)


def test_grades_of_a_case_or_an_assertion_that_the_run_does_not_know_are_passed_over():
    listed = [
        graded("candidate", True, True),
        graded("baseline", True, True),
        graded("candidate", True, case="gone"),
        graded("baseline", True, case="gone"),
    ]

    found = report_of(listed, cases=CASES[:1])["useless"]

    assert [(row["case"], row["assertion"]) for row in found] == [("c0", 0)]


def test_an_assertion_that_one_arm_never_graded_is_not_called_useless():
    assert report_of([graded("candidate", True)], cases=CASES[:1])["useless"] == []


@pytest.mark.parametrize(("count", "known"), [(29, False), (30, True)])
def test_kappa_is_shown_from_thirty_labels_on(count, known):
    labels = [(True, True), *[(False, False)] * (count - 1)]

    judge = report_of([], models=[], arms=(), labels=labels)["judge"]

    assert judge["labels"] == count
    assert (judge["kappa"] == 1.0) is known
    assert judge["advisory"] is False


@pytest.mark.parametrize(("apart", "kappa", "advisory"), [(8, 0.636, False), (9, 0.591, True)])
def test_a_judge_is_advisory_below_a_kappa_of_0_6(apart, kappa, advisory):
    agreed = 44 - apart
    labels = [(True, True)] * (agreed // 2) + [(False, False)] * (agreed - agreed // 2)
    labels += [(True, False)] * (apart // 2) + [(False, True)] * (apart - apart // 2)

    judge = report_of([], models=[], arms=(), labels=labels)["judge"]

    assert (judge["kappa"], judge["advisory"]) == (kappa, advisory)
    assert (judge["false_passes"], judge["false_fails"]) == (apart // 2, apart - apart // 2)


TURNED = {("candidate", 1): BAD, ("baseline", 1): BAD, ("previous", 1): GOOD}
THREE_ARMS = ("candidate", "baseline", "previous")


def test_regressions_are_shown_confirmed_ones_first_and_cleared_ones_last():
    fresh = rows({("candidate", 1): ["pppppppp", "ffffffff"], ("previous", 1): ["pppppppp", "pppppppp"]})

    found = made(TURNED, THREE_ARMS, fresh=fresh, models=ONE)["regressions"]

    assert [(row["case"], row["status"]) for row in found] == [
        ("c1", "confirmed"),
        ("c2", "suspected"),
        ("c3", "suspected"),
        ("c4", "suspected"),
        ("c5", "suspected"),
        ("c0", "cleared"),
    ]


def test_a_suspicion_stands_while_only_the_new_version_was_run_again_and_failed():
    fresh = rows({("candidate", 1): ["fffff"]})

    found = made(TURNED, THREE_ARMS, fresh=fresh, models=ONE)["regressions"]

    assert {row["status"] for row in found} == {"suspected"}


def test_an_assertion_that_passes_without_the_skill_is_useless_whatever_the_skill_does():
    listed = [graded("candidate", False), graded("baseline", True), graded("baseline", True, model=2)]

    found = report_of(listed, cases=CASES[:1], models=MODELS)

    assert [(row["assertion"], row["always"]) for row in found["useless"]] == [(0, True)]
    assert found["solved_without"] == [{"case": "c0", "label": "case 0"}]


@pytest.mark.parametrize("other", [graded("baseline", False), Row("c0", "baseline", 1, False, grades=[])])
def test_one_repeat_that_fails_without_the_skill_makes_an_assertion_useful(other):
    listed = [graded("candidate", True), graded("baseline", True), other]

    found = report_of(listed, cases=CASES[:1])

    assert found["useless"] == found["solved_without"] == []


def test_repeats_of_several_re_runs_follow_each_other():
    first = rows({("candidate", 1): ["fff"], ("previous", 1): ["ppp"]})
    second = rows({("candidate", 1): ["ffff"], ("previous", 1): ["pppp"]}, run_id=2)
    suspect_one = {**TURNED, ("candidate", 1): ["fff", *GOOD[1:]]}

    found = made(suspect_one, THREE_ARMS, fresh=[*second, *first], models=ONE)["regressions"]

    assert [(row["status"], row["again"]) for row in found] == [("confirmed", [0, 7])]
