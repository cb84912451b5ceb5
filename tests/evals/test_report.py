"""Reports from plain rows: verdicts, regressions, what counts and what does not, the advice."""

from dataclasses import dataclass, field

from skills.verdicts import report
from skills.verdicts.shapes import EvaluationReport, ModelFigures

CASES = [
    {
        "key": f"c{n}",
        "label": f"case {n}",
        "trigger": None,
        "hidden": False,
        "assertions": [{"text": f"says {n}"}],
    }
    for n in range(6)
]
MODELS = [{"id": 1, "label": "big"}, {"id": 2, "label": "small"}]


@dataclass
class Row:
    case: str
    arm: str
    model_id: int
    passed: bool
    outcome: str = "scored"
    cause: str = ""
    invoked: bool = True
    micros: int | None = 100
    seconds: float = 1.0
    tokens: int = 10
    grades: list = field(default_factory=list)
    repeat: int = 1
    run_id: int = 1

    def __post_init__(self):
        self.grades = self.grades or [{"passed": self.passed}]


def rows(rates, **more):
    """RATES: (arm, model) → letters by case, one a repeat: p passes, f fails, x is not scored."""
    found = []
    for (arm, model), cells in rates.items():
        for number, letters in enumerate(cells):
            for repeat, letter in enumerate(letters, 1):
                outcome = "error" if letter == "x" else "scored"
                cost = (100 if model == 1 else 10) * (2 if arm == "candidate" else 1)
                found.append(
                    Row(f"c{number}", arm, model, letter == "p", outcome, micros=cost, repeat=repeat, **more)
                )
    return found


def made(rates, arms=("candidate", "baseline"), fresh=(), models=MODELS, total=None):
    listed = rows(rates)
    made = report.make(
        cases=CASES, models=models, arms=arms, total=total or len(listed), rows=listed, fresh=fresh
    )
    return made.to_json()


GOOD, BAD, MIXED = ["ppp"] * 6, ["fff"] * 6, ["ppp", "fff", "ppf", "pff", "fpf", "fff"]


def test_one_that_helps_and_one_that_does_nothing():
    found = made(
        {("candidate", 1): GOOD, ("baseline", 1): MIXED, ("candidate", 2): MIXED, ("baseline", 2): MIXED}
    )

    assert [model["verdict"] for model in found["models"]] == ["improves", "no_clear_effect"]
    assert found["state"] == "mixed" and found["sentence"] == "Helps on 1 of 2 models"


def test_what_is_not_scored_never_counts_as_failed():
    found = made({("candidate", 1): ["ppx"] * 6, ("baseline", 1): BAD}, models=MODELS[:1])

    assert found["models"][0]["rates"]["candidate"]["value"] == 1.0
    assert found["state"] == "inconclusive" and "6 of 36 trials were not scored" in found["sentence"]


def test_a_run_that_ended_early_is_inconclusive():
    found = made({("candidate", 1): GOOD, ("baseline", 1): BAD}, models=MODELS[:1], total=100)

    assert found["state"] == "inconclusive"


def test_too_few_cases_give_no_interval_and_no_verdict():
    found = made({("candidate", 1): GOOD[:4], ("baseline", 1): BAD[:4]}, models=MODELS[:1])

    assert found["models"][0]["lift"]["low"] is None and found["state"] == "too_few_cases"


def test_a_regression_is_suspected_then_confirmed_or_cleared_by_fresh_rows_alone():
    rates = {
        ("candidate", 1): ["fff", "ffp", *GOOD[:4]],
        ("baseline", 1): BAD,
        ("previous", 1): ["ppp", "ppf", *GOOD[:4]],
    }
    arms = ("candidate", "baseline", "previous")
    found = made(rates, arms, models=MODELS[:1])
    assert EvaluationReport.from_json(found).suspected == [("c0", 1), ("c1", 1)]

    fresh = rows({("candidate", 1): ["fffff", "ppppp"], ("previous", 1): ["ppppp", "ppppp"]})
    again = made(rates, arms, fresh=fresh, models=MODELS[:1])
    assert [(row["case"], row["status"]) for row in again["regressions"]] == [
        ("c0", "confirmed"),
        ("c1", "cleared"),
    ]
    assert again["state"] == "mixed" and "1 confirmed regression on big" in again["sentence"]


def test_two_fresh_pairs_leave_a_suspicion_and_say_what_they_saw():
    fresh = rows({("candidate", 1): ["ff"], ("previous", 1): ["pp"]})
    rates = {("candidate", 1): ["fff", *GOOD[:5]], ("baseline", 1): BAD, ("previous", 1): GOOD}

    found = made(rates, ("candidate", "baseline", "previous"), fresh=fresh, models=MODELS[:1])["regressions"][
        0
    ]

    assert (found["status"], found["again"], found["again_before"]) == ("suspected", [0, 2], [2, 2])


def test_flaky_cases_and_assertions_that_tell_nothing():
    rates = {("candidate", 1): ["ppf", *GOOD[:5]], ("baseline", 1): ["pff", *GOOD[:5]]}

    found = made(rates, models=MODELS[:1])
    assert [row["case"] for row in found["flaky"]] == ["c0"]
    assert [row["case"] for row in found["useless"]] == ["c1", "c2", "c3", "c4", "c5"]
    assert found["useless"][0]["always"] is True


MANY = 20
ALL, NONE = ["ppp"] * MANY, ["fff"] * MANY
HALF = ["ppp", "fff"] * (MANY // 2)


def advised(with_big, without_big, with_small, without_small, **more):
    """The report on a big model and a small one that costs a tenth, over as many cases as they have."""
    listed = rows(
        {
            ("candidate", 1): with_big,
            ("baseline", 1): without_big,
            ("candidate", 2): with_small,
            ("baseline", 2): without_small,
        }
    )
    cases = [CASES[0] | {"key": f"c{n}", "label": f"case {n}"} for n in range(len(with_big))]
    values = {"cases": cases, "models": MODELS, "total": len(listed), "rows": listed} | more
    return report.make(arms=("candidate", "baseline"), **values).to_json()


def test_the_advice_names_the_cheapest_that_is_as_good():
    found = advised(ALL, HALF, ALL, NONE)

    assert found["advice"] == "small with this skill is as good as big with it, at 10 % of the cost."
    assert found["frontier"] == [2]
    assert found["margin"] == 0.1


def test_a_small_model_with_the_skill_may_match_a_big_one_without_it():
    found = advised(ALL, HALF, HALF, NONE)

    assert found["advice"] == "small with this skill matches big without it, at 20 % of the cost."
    assert found["frontier"] == [2, 1]


def test_what_is_not_shown_is_not_said():
    assert advised(GOOD, MIXED, GOOD, BAD)["advice"].startswith("small with this skill matches")
    assert advised(GOOD, GOOD, GOOD, GOOD)["advice"] == ""  # six cases do not show it
    assert advised(ALL, NONE, HALF, NONE)["advice"].startswith("small with this skill matches")
    assert advised(ALL, ALL, HALF, NONE)["advice"] == ""
    assert advised(["p"] * 4, ["f"] * 4, ["p"] * 4, ["f"] * 4)["advice"] == ""


def test_an_inconclusive_run_or_one_that_proves_nothing_advises_nothing():
    assert advised(ALL, HALF, ALL, NONE, total=1000)["advice"] == ""
    assert advised(ALL, HALF, ALL, NONE, margin=None)["advice"] == ""


def test_the_margin_is_that_of_the_policy():
    nearly = ["ppp"] * 19 + ["fff"]

    assert advised(ALL, ALL, nearly, NONE)["advice"] == ""
    assert advised(ALL, ALL, nearly, NONE, margin=0.2)["advice"] != ""


def test_a_model_that_costs_nothing_takes_part():
    listed = rows(
        {("candidate", 1): ALL, ("baseline", 1): NONE, ("candidate", 2): ALL, ("baseline", 2): NONE}
    )
    for row in listed:
        row.micros = 0 if row.model_id == 2 else 100

    found = advised(ALL, NONE, ALL, NONE, rows=listed)

    assert found["advice"] == "small with this skill is as good as big with it, and costs nothing."
    assert found["frontier"] == [2]


def test_a_model_that_is_beaten_by_chance_alone_may_be_on_the_frontier():
    nearly = ["ppp"] * 5 + ["ppf"]

    by_chance = advised(nearly, BAD, GOOD, BAD)
    clearly = advised(HALF, NONE, ALL, NONE)

    assert (by_chance["frontier"], by_chance["contenders"]) == ([2], [1])
    assert (clearly["frontier"], clearly["contenders"]) == ([2], [])


def test_a_cost_has_an_interval_over_the_cases():
    model = advised(ALL, NONE, ALL, NONE)["models"][0]
    few = made({("candidate", 1): GOOD[:4], ("baseline", 1): BAD[:4]}, models=MODELS[:1])["models"][0]

    assert model["cost_range"] == [200, 200]
    assert few["cost_range"] is None
    assert ModelFigures.from_json(model | {"cost_range": [180, 220]}).cost_error == 0.1


def test_an_unknown_price_gives_no_advice_and_no_sum():
    listed = rows({("candidate", 1): GOOD, ("baseline", 1): BAD})
    for row in listed:
        row.micros = None
    found = report.make(
        cases=CASES, models=MODELS[:1], arms=("candidate", "baseline"), total=len(listed), rows=listed
    ).to_json()

    assert found["models"][0]["micros"] == {"candidate": None, "baseline": None} and found["advice"] == ""


def test_the_judge_is_measured_by_people():
    labels = [(True, True)] * 20 + [(True, False)] * 8 + [(False, False)] * 2 + [(False, True)]
    found = report.make(cases=CASES, models=[], arms=(), total=0, rows=[], labels=labels).to_json()

    assert (
        found["judge"]["false_passes"] == 8
        and found["judge"]["false_fails"] == 1
        and found["judge"]["advisory"]
    )
