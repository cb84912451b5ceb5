"""Authors who take out, edit or rename the case that fell, and reviewers who let a wrong case go."""

import json

import pytest

from skills.audit.models import Event
from skills.bundles.evals import CASES
from skills.evals.models import Run
from skills.evals.plan import cases_of
from skills.flows.evaluation import control, worker
from skills.flows.evaluation.kept_cases import unwaive_case, waive_case
from skills.flows.gates import gates
from skills.flows.release import decide
from skills.lib.errors import Conflict, Forbidden, Missing, Refused
from skills.people.models import Policy
from skills.people.tokens import create_token
from skills.portfolio.models import Provider
from tests.evals.making import FakeEngine, a_run, files_with_evals
from tests.factories import a_version, actor, an_approved

pytestmark = pytest.mark.django_db

APPROVED = files_with_evals(cases=2)
FALLEN = next(
    key for key, plan in cases_of(APPROVED, (), (), sandbox=True).plans.items() if plan.label == "case-2"
)
FALLS = FakeEngine(passes=lambda trial: trial.arm == "previous" or trial.case != FALLEN)
ALL_PASS = FakeEngine(passes=lambda trial: True)


@pytest.fixture
def model(scripted):
    """One model that a provider answers."""
    Provider.objects.update(kind="openai_compatible", base_url="http://127.0.0.1:9/v1")
    return scripted[0]


@pytest.fixture
def before(owner, mate, team, model):
    """An approved version with two cases, where no later one may do worse."""
    version = an_approved(owner, mate, team, content=APPROVED)
    plan = {"standard_models": [model.label], "standard_repeats": 1, "standard_cases": 1}
    Policy.objects.filter(team=team).update(no_regression=True, **plan)
    return version


def next_version(owner, team, change, number="1.1.0"):
    """A version with another text, whose author has changed the list of cases."""
    content = files_with_evals(cases=2, body=f"Text of {number}.")
    cases = change(json.loads(content[CASES])["evals"])
    return a_version(
        owner, team, number=number, content=content | {CASES: json.dumps({"evals": cases}).encode()}
    )


def evaluated(owner, version, model, engine):
    run = a_run(owner, version, model_ids=[model.pk], repeats=1)
    worker.work(holder="w", engine=engine)
    run.refresh_from_db()
    return run


def regression_gate(version):
    fresh = type(version).objects.select_related("skill__team__policy").get(pk=version.pk)
    return next(gate for gate in gates(fresh, version.scan) if gate.name == "regression")


def keeps_it(cases):
    return cases


def takes_it_out(cases):
    return cases[:1]


def weakens_it(cases):
    return [cases[0], cases[1] | {"assertions": [{"type": "regex", "value": "."}]}]


def asks_something_else(cases):
    return [cases[0], cases[1] | {"prompt": "Say nothing."}]


def renames_it(cases):
    return [cases[0], cases[1] | {"id": "another"}]


def makes_it_unrunnable(cases):
    return [cases[0], cases[1] | {"assertions": [{"type": "python", "value": "raise SystemExit"}]}]


def makes_it_say_nothing(cases):
    return [cases[0], cases[1] | {"assertions": []}]


CHEATS = [
    takes_it_out,
    weakens_it,
    asks_something_else,
    renames_it,
    makes_it_unrunnable,
    makes_it_say_nothing,
]


@pytest.mark.parametrize("change", CHEATS)
def test_the_case_that_fell_is_run_whatever_the_author_does_to_it(owner, team, before, model, change):
    version = next_version(owner, team, change)

    evaluated(owner, version, model, FALLS)

    gate = regression_gate(version)
    assert not gate.passed and f"on {model.label}" in gate.text


def test_a_case_that_was_dropped_in_a_step_of_its_own_is_kept(owner, mate, team, before, model):
    harmless = next_version(owner, team, takes_it_out)
    evaluated(owner, harmless, model, ALL_PASS)
    decide(
        actor=actor(mate), version_id=harmless.pk, verdict="approve", digest=harmless.digest, reason="Fine."
    )
    version = next_version(owner, team, takes_it_out, number="1.2.0")

    evaluated(owner, version, model, FALLS)

    assert "case-2 (1.0.0)" in regression_gate(version).text


def test_a_kept_case_counts_in_no_rate_and_has_no_baseline(owner, team, before, model):
    version = next_version(owner, team, takes_it_out)

    run = evaluated(owner, version, model, ALL_PASS)

    assert not run.trials.filter(case=FALLEN, arm="baseline").exists()
    figures = run.evaluation.models[0]
    assert figures.rates["candidate"].cases == 1 and figures.change.cases == 2


def test_a_reviewer_lets_a_wrong_case_go_with_a_reason(owner, mate, team, before, model):
    version = next_version(owner, team, takes_it_out)
    run = evaluated(owner, version, model, FALLS)
    assert not regression_gate(version).passed

    waive_case(actor=actor(mate), version=version, key=FALLEN, reason="It asked for a name that nobody has.")

    run.refresh_from_db()
    assert regression_gate(version).passed and not run.evaluation.regressions
    assert Event.objects.get(act="case.waive").detail["reason"] == "It asked for a name that nobody has."
    unwaive_case(actor=actor(mate), version=version, key=FALLEN)
    assert not regression_gate(version).passed


def test_authors_waive_nothing_and_nobody_waives_without_a_reason_or_a_case(owner, mate, team, before, model):
    version = next_version(owner, team, takes_it_out)
    evaluated(owner, version, model, FALLS)

    for who, key, reason, kind in (
        (owner, FALLEN, "x", Forbidden),
        (mate, FALLEN, " ", Refused),
        (mate, "0" * 64, "x", Missing),
    ):
        with pytest.raises(kind):
            waive_case(actor=actor(who), version=version, key=key, reason=reason)
    waive_case(actor=actor(mate), version=version, key=FALLEN, reason="x")
    with pytest.raises(Conflict):
        waive_case(actor=actor(mate), version=version, key=FALLEN, reason="x")


def test_cases_that_an_earlier_release_did_not_keep_have_to_run(owner, team, before, model):
    evaluated(owner, before, model, ALL_PASS)
    version = next_version(owner, team, takes_it_out)
    run = evaluated(owner, version, model, ALL_PASS)
    Run.objects.filter(pk=run.pk).update(cases=[case for case in run.cases if "kept_from" not in case])

    text = "Cases of the approved 1.0.0 have not run with this version: case-2."

    assert regression_gate(version).text.startswith(text)


def test_another_text_does_not_make_a_fall_forgotten(owner, team, before, model):
    """Whoever submits again and again until the case happens to pass has to show it in fresh repeats."""
    fallen = evaluated(owner, next_version(owner, team, keeps_it), model, FALLS)
    control.cancel(actor=actor(owner), run=fallen.reruns.get())
    lucky = next_version(owner, team, keeps_it, number="1.1.1")

    run = evaluated(owner, lucky, model, ALL_PASS)

    assert "case-2 on scripted-large" in regression_gate(lucky).text
    while run.reruns.exclude(state="done").exists():
        worker.work(holder="w", engine=ALL_PASS)
    assert regression_gate(lucky).passed


def test_a_fall_that_came_to_light_later_is_looked_at_again(owner, team, before, model):
    other = next_version(owner, team, keeps_it)
    lucky = next_version(owner, team, keeps_it, number="1.1.1")
    evaluated(owner, lucky, model, ALL_PASS)
    evaluated(owner, other, model, FALLS)

    gate = regression_gate(lucky)

    assert not gate.passed and "Another version since the approved 1.0.0 did worse: case-2" in gate.text


def test_reviewers_see_kept_cases_on_the_page_and_waive_them_by_api(owner, mate, team, before, model, client):
    version = next_version(owner, team, weakens_it)
    evaluated(owner, version, model, FALLS)
    client.force_login(mate)
    address = f"/api/v1/skills/crew/greet-people/versions/{version.number}/kept-cases"

    [case] = client.get(address).json()["items"]

    assert (case["label"], case["changed"], case["has_run"]) == ("case-2 (1.0.0)", True, True)
    assert case["falls"] == [{"model": "scripted-large", "status": "suspected"}]
    page = client.get(f"/reviews/{version.pk}/?tab=evals").content.decode()
    assert "case-2 (1.0.0)" in page and "Why was this case wrong?" in page
    key = create_token(actor=actor(mate), owner=mate, name="t", scopes=["read", "review"])[1]
    waived = client.put(
        f"{address}/{case['key']}/waiver",
        {"reason": "It was wrong."},
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert waived.status_code == 204
    assert client.get(address).json()["items"][0]["waiver"] == "It was wrong."
    assert "It was wrong." in client.get(f"/reviews/{version.pk}/?tab=evals").content.decode()
