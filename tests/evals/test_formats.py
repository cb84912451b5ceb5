"""Formats from the file to the grade: conversations, negative controls, prices, times and meanings."""

import json

import pytest

from skills.bundles.eval_cases import Assertion, AssertionKind
from skills.evals.engines.contract import CasePlan, RunPlan, TrialPlan
from skills.evals.engines.failures import NoVectors
from skills.evals.engines.inspect_trial import InspectTrial
from skills.evals.models import Trial
from skills.flows.evaluation.request import prepare_run
from skills.flows.evaluation.subject import subject_of_version
from skills.verdicts.arms import Arm
from skills.verdicts.grade import Produced
from tests.evals.making import a_run
from tests.factories import a_version, actor, files

pytestmark = pytest.mark.django_db(transaction=True)


def a_version_with(owner, team, cases, answers, judge=()):
    script = {
        "answers": {
            case: {model: {"with_skill": [said], "without_skill": [said]} for model in ("large", "small")}
            for case, said in answers.items()
        },
        "judge": dict(judge),
    }
    content = files("greet-people") | {
        "evals/evals.json": json.dumps(cases).encode(),
        "evals/scripted.json": json.dumps(script).encode(),
    }
    return a_version(owner, team, content=content)


def grades(run, arm="candidate"):
    row = Trial.objects.filter(run=run, arm=arm, model__label="scripted-large").get()
    assert row.outcome == "scored", row.problem
    return [(grade["kind"], grade["passed"]) for grade in row.grades]


def test_a_conversation_is_held_turn_by_turn_and_graded_at_its_end_and_in_between(owner, team, scripted):
    case = {
        "id": "talk",
        "turns": [
            {"user": "My name is Ann.", "assertions": [{"type": "contains", "value": "Hello"}]},
            "What is my name?",
        ],
        "assertions": [{"type": "equals", "value": "Ann"}, "Greets first"],
    }
    version = a_version_with(owner, team, [case], {"talk": ["Hello!", "Ann"]}, [("Greets first", "Ann")])

    run = a_run(owner, version, repeats=1)

    assert grades(run) == [("regex", True), ("judge", True), ("contains", True)]
    messages = Trial.objects.filter(run=run, arm="baseline").first().transcript.messages
    assert [(row["role"], row["text"]) for row in messages[1:]] == [
        ("user", "My name is Ann."),
        ("assistant", "Hello!"),
        ("user", "What is my name?"),
        ("assistant", "Ann"),
    ]


def test_a_negative_control_is_graded_by_what_is_opened_and_what_is_said(owner, team, scripted):
    cases = [
        {"id": "greets", "prompt": "Greet Ann.", "assertions": [{"type": "contains", "value": "Hello"}]},
        {
            "id": "adds",
            "prompt": "Add 2 and 2.",
            "should_trigger": False,
            "assertions": [{"type": "contains", "value": "4"}, "Does not open the skill"],
        },
    ]
    judge = [("Does not open the skill", "opened no skill")]
    version = a_version_with(owner, team, cases, {"greets": "Hello!", "adds": "4"}, judge)

    run = a_run(owner, version, repeats=1)

    run.refresh_from_db()
    control = Trial.objects.get(run=run, model__label="scripted-large", case=run.cases[1]["key"])
    assert (control.arm, control.passed, control.invoked) == ("candidate", True, False)
    assert [grade["kind"] for grade in control.grades] == ["trigger", "contains", "judge"]
    assert run.report["models"][0]["triggers"] == [1, 1]
    assert run.report["models"][0]["rates"]["candidate"]["cases"] == 1


def test_cost_and_latency_are_those_of_the_trial(owner, team, scripted):
    limits = [
        {"type": "cost", "threshold": 1},
        {"type": "cost", "threshold": 0.0000001},
        {"type": "latency", "threshold": 60_000},
        {"type": "latency", "threshold": 0.0001},
    ]
    version = a_version_with(
        owner, team, [{"id": "a", "prompt": "Go.", "assertions": limits}], {"a": "Gone."}
    )

    run = a_run(owner, version, repeats=1)

    assert grades(run) == [("cost", True), ("cost", False), ("latency", True), ("latency", False)]


def test_a_limit_of_cost_needs_a_price(owner, team, scripted):
    scripted[0].price = None
    scripted[0].save()
    case = {"id": "a", "prompt": "Go.", "assertions": [{"type": "cost", "threshold": 1}]}
    version = a_version_with(owner, team, [case], {"a": "Gone."})

    prepared = prepare_run(actor=actor(owner), subject=subject_of_version(version))

    (problem,) = (problem for problem in prepared.problems if problem.code == "no_price")
    assert "scripted-large has no approved price" in problem.text


def test_what_compares_meanings_is_left_out_where_there_are_no_vectors(owner, team, scripted, settings):
    settings.EMBED = False
    case = {"id": "a", "prompt": "Go.", "assertions": [{"type": "similar", "value": "A tale"}]}
    version = a_version_with(owner, team, [case], {})

    prepared = prepare_run(actor=actor(owner), subject=subject_of_version(version))

    assert "makes no vectors" in prepared.cases.left_out[0][1]


def a_trial(nearness):
    case = CasePlan(key="k", label="case", prompt="Go.")
    plan = RunPlan(
        run_id=1,
        skill_id=None,
        cases={"k": case},
        arms={Arm.BASELINE: None},
        models={},
        judge=None,
        trials=(),
        nearness=nearness,
    )
    return InspectTrial(plan, TrialPlan("k", Arm.BASELINE, 1, 1), None, None)


LIKE_A_TALE = Assertion(AssertionKind.SIMILAR, "text", {"texts": ["A tale"], "threshold": 0.7})


def test_a_meaning_is_compared_with_each_text():
    passed, evidence = a_trial(lambda text, others: [0.8])._likeness(LIKE_A_TALE, Produced(output="A story"))

    assert (passed, evidence) == (True, "0.80 to 'A tale'")


def test_a_meaning_is_no_grade_where_the_run_has_no_vectors():
    with pytest.raises(NoVectors):
        a_trial(None)._likeness(LIKE_A_TALE, Produced(output="A story"))
