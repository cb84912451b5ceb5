"""The gates on evaluations, and authors who try to get through them without a better skill."""

import json

import pytest

from skills.bundles.evals import CASES
from skills.evals.cases import hide
from skills.evals.models import Trial
from skills.flows.evaluation import control, worker
from skills.flows.evaluation.request import prepare_run, request_run
from skills.flows.evaluation.subject import subject_of_upload
from skills.flows.gates import gates
from skills.people.models import Policy
from skills.portfolio.models import PortfolioModel, Provider
from tests.evals.making import FakeEngine, a_run, files_with_evals
from tests.factories import a_version, actor, an_approved, an_upload

pytestmark = pytest.mark.django_db

ALL_PASS = FakeEngine(passes=lambda trial: True)
NONE_PASSES = FakeEngine(passes=lambda trial: False)


@pytest.fixture(autouse=True)
def _fresh_baselines(settings):
    settings.EVAL_REUSE_DAYS = 0  # the fake engine gives one baseline two results


@pytest.fixture
def models(scripted):
    """Two models that a provider answers."""
    Provider.objects.update(kind="openai_compatible", base_url="http://127.0.0.1:9/v1")
    return scripted


@pytest.fixture
def version(owner, team, models):
    return a_version(owner, team, content=files_with_evals())


def policy(team, **values):
    Policy.objects.filter(team=team).update(**values)


def done(run, engine=None):
    worker.work(holder="w", engine=engine or FakeEngine())
    run.refresh_from_db()
    return run


def early_run(owner, team, content, engine=None):
    """An evaluation of bytes that are no version yet."""
    upload = an_upload(owner, content)
    prepared = prepare_run(actor=actor(owner), subject=subject_of_upload(upload, team))
    return done(request_run(actor=actor(owner), prepared=prepared), engine)


def gate(version, name):
    fresh = type(version).objects.select_related("skill__team__policy").get(pk=version.pk)
    return next(gate for gate in gates(fresh, version.scan) if gate.name == name)


def test_the_standard_plan_opens_the_gate(owner, team, version):
    policy(team, evals_required=True, minimum_lift=10, discerning_cases=True)
    assert gate(version, "evals").text == "These bytes have not been evaluated."

    done(a_run(owner, version))

    assert gate(version, "evals").text == (
        "These bytes have been evaluated: 6 cases on 2 models, 3 repeats or more."
    )
    assert all(gate(version, name).passed for name in ("evals", "lift", "cases"))


def test_one_case_one_repeat_and_one_model_open_no_gate(owner, mate, team, models):
    an_approved(owner, mate, team, content=files_with_evals(cases=1))
    version = a_version(owner, team, number="1.1.0", content=files_with_evals(cases=1, body="Two."))
    policy(team, evals_required=True, no_regression=True, minimum_lift=0, discerning_cases=True)

    done(a_run(owner, version, model_ids=[models[0].pk], repeats=1))

    assert not any(gate(version, name).passed for name in ("evals", "regression", "lift", "cases"))


def test_the_model_on_which_it_does_well_is_not_enough(owner, team, version, models):
    policy(team, evals_required=True, minimum_lift=10)

    done(a_run(owner, version, model_ids=[models[0].pk]))

    assert gate(version, "evals").text == "There is no result on scripted-small."
    assert not gate(version, "lift").passed


def test_a_model_without_scored_trials_shuts_the_gate(owner, team, version, models):
    policy(team, evals_required=True, minimum_lift=10)
    small = models[1].pk

    done(
        a_run(owner, version), FakeEngine(outcome=lambda trial: "error" if trial.model == small else "scored")
    )

    assert gate(version, "evals").text == "There is no result on scripted-small."


def test_fewer_repeats_are_not_enough(owner, team, version):
    policy(team, evals_required=True)

    done(a_run(owner, version, repeats=2))

    assert "have no result; 3 repeats of each case are needed" in gate(version, "evals").text


def test_copies_of_one_case_are_one_case(owner, team, models):
    content = files_with_evals(cases=1)
    case = json.loads(content[CASES])["evals"][0]
    copies = [case | {"id": f"copy-{n}", "prompt": " greet  PERSON 1" + "!" * n} for n in range(6)]
    version = a_version(owner, team, content=content | {CASES: json.dumps({"evals": copies}).encode()})
    policy(team, evals_required=True, minimum_lift=10)

    done(a_run(owner, version))

    assert gate(version, "evals").text == (
        "1 case ran on every model, with the skill and without; 5 are needed."
    )
    assert not gate(version, "lift").passed


def test_a_policy_may_name_its_models(owner, team, version, models):
    policy(team, evals_required=True, standard_models=["scripted-large"], standard_repeats=1)

    done(a_run(owner, version, model_ids=[models[0].pk], repeats=1))

    assert gate(version, "evals").passed


def test_a_run_that_was_stopped_while_it_went_well_is_not_enough(owner, team, version):
    policy(team, evals_required=True, minimum_lift=10)
    run = a_run(owner, version)

    done(run, FakeEngine(after=(20, lambda: control.cancel(actor=actor(owner), run=run))))

    assert not gate(version, "evals").passed and not gate(version, "lift").passed


def test_nothing_passes_while_an_evaluation_is_going_on(owner, team, version):
    policy(team, evals_required=True)
    done(a_run(owner, version))
    assert gate(version, "evals").passed

    a_run(owner, version)

    assert gate(version, "evals").text == "An evaluation of these bytes is still going on."


def test_hidden_cases_count_and_those_that_came_later_have_to_run(owner, mate, team, models):
    version = a_version(owner, team, content=files_with_evals(cases=4))
    policy(team, evals_required=True)
    hide(actor=actor(mate), skill=version.skill, name="one", prompt="Greet the king.", lines="contains: Sire")
    done(a_run(owner, version))
    assert gate(version, "evals").passed

    hide(
        actor=actor(mate), skill=version.skill, name="two", prompt="Greet the queen.", lines="contains: Ma'am"
    )

    assert gate(version, "evals").text == "1 hidden case has not been run."


def test_running_again_does_not_make_up_for_a_run_without_lift(owner, team, version):
    policy(team, minimum_lift=20)
    done(a_run(owner, version), ALL_PASS)
    assert not gate(version, "lift").passed

    done(a_run(owner, version), FakeEngine(passes=lambda trial: trial.arm == "candidate" or trial.repeat < 3))

    assert not gate(version, "lift").passed


def test_a_result_that_was_copied_is_no_second_observation(owner, team, version, settings):
    settings.EVAL_REUSE_DAYS = 14
    policy(team, minimum_lift=10)
    done(a_run(owner, version))
    done(a_run(owner, version))
    with_copies = gate(version, "lift").text

    deleted, _ = Trial.objects.filter(reused=True).delete()

    assert deleted > 0
    assert gate(version, "lift").text == with_copies


def test_luck_before_the_version_was_submitted_proves_nothing(owner, team, models):
    policy(team, evals_required=True, minimum_lift=10)
    content = files_with_evals()
    early_run(owner, team, content)

    version = a_version(owner, team, content=content)

    assert "evaluated before they were submitted" in gate(version, "evals").text
    done(a_run(owner, version), ALL_PASS)
    assert not gate(version, "lift").passed


def test_what_went_badly_before_the_version_was_submitted_counts(owner, team, models):
    policy(team, minimum_lift=50)
    content = files_with_evals()
    early_run(owner, team, content, ALL_PASS)
    version = a_version(owner, team, content=content)

    done(a_run(owner, version))

    assert not gate(version, "lift").passed


def test_other_bytes_do_not_make_the_next_try_the_first(owner, team, version):
    policy(team, minimum_lift=65)
    done(a_run(owner, version))
    assert gate(version, "lift").passed

    other = a_version(owner, team, number="1.0.1", content=files_with_evals(body="A space more. "))
    done(a_run(owner, other))

    # Both were tried before any was approved, so that each has to be clearer.
    assert not gate(other, "lift").passed


def test_dropping_cases_does_not_keep_the_bad_luck_of_the_others(owner, team, version, settings):
    settings.EVAL_REUSE_DAYS = 14
    done(a_run(owner, version))

    fewer = a_version(owner, team, number="1.0.1", content=files_with_evals(cases=5))
    run = done(a_run(owner, fewer))

    assert not Trial.objects.filter(run=run, reused=True).exists()


def compared(owner, mate, team):
    """An approved version, and the next one in review where nothing may do worse."""
    an_approved(owner, mate, team, content=files_with_evals())
    policy(team, no_regression=True)
    return a_version(owner, team, number="1.1.0", content=files_with_evals(body="Another."))


def test_a_version_that_does_as_well_as_before_passes(owner, mate, team, models):
    version = compared(owner, mate, team)

    done(a_run(owner, version), ALL_PASS)

    assert gate(version, "regression").text == "There is no regression against the approved 1.0.0."


def test_an_evaluation_from_before_the_approval_of_another_compares_nothing(owner, mate, team, models):
    version = a_version(owner, team, number="1.1.0", content=files_with_evals(body="Another."))
    policy(team, no_regression=True)
    done(a_run(owner, version), NONE_PASSES)
    assert gate(version, "regression").text == "There is no approved version to do worse than."

    policy(team, no_regression=False)
    an_approved(owner, mate, team, number="1.0.0", content=files_with_evals())
    policy(team, no_regression=True)

    text = "Not every case ran with the approved 1.0.0 too; evaluate once more."
    assert gate(version, "regression").text == text


def test_running_again_does_not_clear_a_regression(owner, mate, team, models):
    version = compared(owner, mate, team)
    run = a_run(owner, version)
    first = run.cases[0]["key"]
    done(run, FakeEngine(passes=lambda trial: trial.arm == "previous" or trial.case != first))
    assert "case-1 on scripted-large" in gate(version, "regression").text

    for rerun in run.reruns.exclude(state="done"):
        control.cancel(actor=actor(owner), run=rerun)
    done(a_run(owner, version), ALL_PASS)

    assert "case-1 on scripted-large" in gate(version, "regression").text


@pytest.mark.parametrize("engine", [ALL_PASS, NONE_PASSES], ids=["too easy", "cannot be met"])
def test_a_case_that_tells_nothing_of_the_bare_model_shuts_the_gate(owner, team, version, engine):
    policy(team, discerning_cases=True)

    done(a_run(owner, version), engine)

    text = "Without the skill the model fails no assertion of case-1, case-2, case-3 and 3 more."
    assert gate(version, "cases").text == text


def test_without_a_model_nothing_can_be_proven(owner, team, version):
    policy(team, evals_required=True)
    done(a_run(owner, version))

    PortfolioModel.objects.update(enabled=False)

    assert gate(version, "evals").text == "The team has no model to evaluate on."


def test_a_script_opens_no_gate(owner, team, scripted):
    version = a_version(owner, team, content=files_with_evals())
    policy(team, evals_required=True, minimum_lift=0)

    done(a_run(owner, version))

    assert gate(version, "evals").text == "The evaluation replayed a script, which proves nothing."
    assert not gate(version, "lift").passed
