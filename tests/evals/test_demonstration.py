"""Scripts are a demonstration: they cost nothing, judge nothing and are never evidence."""

import json

import pytest

from skills.evals import selectors
from skills.evals.models import Run
from skills.evals.standing import standing_of
from skills.flows.evaluation import worker
from skills.flows.evaluation.request import prepare_run, request_run
from skills.flows.evaluation.subject import subject_of_version
from skills.flows.gates import gates
from skills.lib.errors import Conflict
from skills.people.models import Policy
from skills.portfolio.models import PortfolioModel, Provider
from tests.evals.making import CASES, REAL, SCRIPTED, FakeEngine, a_finished_run, a_run
from tests.factories import a_version, actor
from tests.pages import words_of

pytestmark = pytest.mark.django_db
JUDGED_BY_SCRIPT = {"judge": {"id": 1, "label": "script", "kind": "scripted", "name": "script"}}


@pytest.fixture
def version(owner, team, skill_files):
    return a_version(owner, team, content=skill_files)


def prepared(by, version, **more):
    return prepare_run(actor=actor(by), subject=subject_of_version(version), **more)


def codes(found):
    return [problem.code for problem in found.problems]


def test_a_demonstration_needs_no_budget_and_no_judge_of_the_portfolio(owner, version, scripted):
    PortfolioModel.objects.update(can_judge=False, price=None)

    found = prepared(owner, version)

    assert found.is_demonstration
    assert codes(found) == []
    assert (found.estimate.tokens, found.estimate.worst, found.estimate.micros) == (0, 0, 0)
    assert found.judge.label == "the script itself"


def test_scripts_are_left_out_where_there_are_models(owner, version, scripted, models):
    found = prepared(owner, version)

    assert [model.label for model in found.models] == ["large", "small"]
    assert found.judge.label == "large"


def test_scripts_and_models_run_in_no_evaluation_together(owner, version, scripted, models):
    found = prepared(owner, version, model_ids=[scripted[0].pk, models[0].pk])

    assert codes(found) == ["scripts_and_models"]
    with pytest.raises(Conflict):
        request_run(actor=actor(owner), prepared=found)


@pytest.mark.parametrize("script", [None, b"{", b"[]", b'{"answers": {}}', b'{"answers": {"case-1": []}}'])
def test_a_skill_without_answers_is_refused_with_the_way_to_connect_a_model(
    script, owner, team, scripted, skill_files, client
):
    if script is None:
        del skill_files["evals/scripted.json"]
    else:
        skill_files["evals/scripted.json"] = script
    version = a_version(owner, team, content=skill_files)
    client.force_login(owner)

    found = prepared(owner, version)
    page = client.get(f"{version.get_absolute_url()}evaluate/")

    assert codes(found) == ["no_script"]
    assert "Connect a model: staff add a provider under Models" in page.content.decode()
    assert "disabled" in page.content.decode()


def test_a_case_without_an_answer_is_left_out_and_never_an_error(owner, team, scripted, skill_files):
    script = json.loads(skill_files["evals/scripted.json"])
    del script["answers"]["case-2"]["small"]
    skill_files["evals/scripted.json"] = json.dumps(script).encode()
    version = a_version(owner, team, content=skill_files)

    run = a_run(owner, version)

    assert len(run.cases) == CASES - 1 + 2, "and two triggers"
    assert run.left_out == [["case-2", "The script has no answer to it."]]


def test_models_are_not_asked_for_what_a_script_answers(owner, team, models, skill_files):
    del skill_files["evals/scripted.json"]

    assert codes(prepared(owner, a_version(owner, team, content=skill_files))) == []


@pytest.mark.parametrize(
    ("portfolio", "more", "badge", "banner"),
    [
        (SCRIPTED, {}, "scripted: no model was asked", "These answers were written beforehand."),
        (SCRIPTED + REAL, {}, "partly scripted", "The answers of script were written beforehand."),
        (REAL, JUDGED_BY_SCRIPT, "judged by a script", "A script judged these answers."),
    ],
)
def test_a_page_says_exactly_what_was_written_beforehand(
    portfolio, more, badge, banner, owner, version, client
):
    run = a_finished_run(version, portfolio, report=None, **more)
    Run.objects.filter(pk=run.pk).update(portfolio=[row | {"name": row["label"]} for row in portfolio])
    client.force_login(owner)

    page = client.get(f"/runs/{run.pk}/").content

    assert badge in words_of(page, "span")
    assert banner in words_of(page, "strong")


@pytest.mark.parametrize(("portfolio", "more"), [(SCRIPTED + REAL, {}), (REAL, JUDGED_BY_SCRIPT)])
def test_what_a_script_has_touched_proves_nothing(portfolio, more, version):
    Policy.objects.filter(team=version.skill.team).update(evals_required=True)
    version.skill.team.policy.refresh_from_db()
    a_finished_run(version, portfolio, **more)

    assert [gate.passed for gate in gates(version, None) if gate.name == "evals"] == [False]
    assert standing_of(version).verdict == "scripted"
    assert selectors.verdict_of(version).first() is None
    assert selectors.tested_models(version) == ([], None)


def test_a_run_without_a_judge_counts_before_one_that_a_script_judged(version):
    real = a_finished_run(version, REAL)
    a_finished_run(version, REAL, **JUDGED_BY_SCRIPT)

    assert selectors.evaluation_of(version) == real


def test_a_model_without_a_scored_trial_was_not_tested(version):
    rates = {"candidate": {"value": 0.0, "low": None, "high": None, "cases": 0}}
    report = a_finished_run(version, REAL).report
    report["models"][0] |= {"id": 2, "rates": rates}
    a_finished_run(version, REAL, report=report)

    assert selectors.tested_models(version)[0] == []


def test_the_launcher_calls_a_script_a_script(owner, version, scripted, client):
    client.force_login(owner)

    page = client.get(f"{version.get_absolute_url()}evaluate/").content.decode()

    assert "scripted-large (script, for a demonstration)" in page
    assert "A demonstration:" in page
    assert Provider.objects.get().is_scripted


def test_a_run_of_before_in_which_a_script_would_judge_a_model_is_not_done(owner, version, models):
    run = a_run(owner, version)
    Run.objects.filter(pk=run.pk).update(judge=run.judge | {"kind": "scripted"})

    worker.work(holder="w", engine=FakeEngine())

    run.refresh_from_db()
    assert (run.state, run.problem) == (
        "failed",
        "Scripts and models run in no evaluation together. Ask anew.",
    )
