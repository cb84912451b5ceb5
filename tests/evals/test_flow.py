"""The flow around the engine: budgets, cancel, resume, lost workers, fairness, gates, hidden cases."""

import pytest

from skills.budgets import allowances, verify
from skills.budgets.models import Hold
from skills.evals import runs, selectors
from skills.evals.cases import hide, overrule
from skills.evals.engines.contract import StopReason
from skills.evals.models import Run, Transcript, Trial
from skills.flows import release
from skills.flows.evaluation import control, reporting, worker
from skills.flows.evaluation.request import prepare_run, request_run
from skills.flows.evaluation.subject import approved_before, subject_of_version
from skills.jobs.models import Job
from skills.lib.errors import Conflict, Forbidden, Refused
from skills.lib.plain_causes import UNFORESEEN
from skills.people.models import Policy
from skills.portfolio.models import PortfolioModel, Provider
from skills.portfolio.provider_keys import decrypt_key, encrypt_key
from skills.verdicts.arms import Arm
from tests.budgets.making import set_limits
from tests.evals.making import FakeEngine, a_run, files_with_evals
from tests.factories import a_person, a_team, a_version, actor, an_approved

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(owner, team, models, skill_files):
    return a_version(owner, team, content=skill_files)


def done(run, engine=None, holder="w"):
    worker.work(holder=holder, engine=engine or FakeEngine())
    run.refresh_from_db()
    return run


def set_limit(by, team, tokens):
    set_limits(by, allowances.budget_of(team=team), limit_tokens=tokens)


def test_the_impossible_is_refused_with_every_reason(owner, team, version):
    set_limit(owner, team, 10)
    PortfolioModel.objects.update(can_judge=False)

    prepared = prepare_run(actor=actor(owner), subject=subject_of_version(version), repeats=11)

    assert {problem.code for problem in prepared.problems} == {"out_of_budget", "no_judge", "bad_repeats"}
    with pytest.raises(Conflict):
        request_run(actor=actor(owner), prepared=prepared)
    assert not Run.objects.exists() and not Job.objects.filter(task="evaluate").exists()


def test_strangers_and_mere_readers_cannot_spend(stranger, version):
    with pytest.raises(Forbidden):
        a_run(stranger, version)


class Broke(FakeEngine):
    """Stops as the real engine does when the ledger says no."""

    def run(self, plan, ledger, sink, should_stop):
        from skills.budgets.reserve import OutOfBudget

        try:
            return super().run(plan, ledger, sink, should_stop)
        except OutOfBudget:
            return StopReason.OUT_OF_BUDGET


def test_an_empty_budget_ends_the_run_keeps_what_is_scored_and_it_resumes(owner, team, version):
    run = a_run(owner, version)
    set_limit(owner, team, 2_000)

    assert done(run, Broke()).state == "out_of_budget"
    scored = Trial.objects.filter(run=run).count()
    assert 0 < scored < run.total
    assert run.report["state"] == "inconclusive"

    set_limit(owner, team, 10_000_000)
    control.resume(actor=actor(owner), run=run)
    assert done(run).state == "done"
    assert Trial.objects.filter(run=run).count() == run.total
    assert verify.differences() == [] and not Hold.objects.filter(state="held").exists()


def test_cancel_stops_at_the_next_look_and_a_waiting_run_at_once(owner, version):
    waiting = a_run(owner, version)
    control.cancel(actor=actor(owner), run=waiting)
    waiting.refresh_from_db()
    assert waiting.state == "cancelled" and done(waiting).state == "cancelled"

    run = a_run(owner, version)

    def stop():
        return control.cancel(actor=actor(owner), run=Run.objects.get(pk=run.pk))

    assert done(run, FakeEngine(after=(5, stop))).state == "cancelled"
    assert Trial.objects.filter(run=run).count() == 5


def test_a_worker_that_lost_its_lease_writes_no_end(owner, version):
    run = a_run(owner, version)

    def steal():
        return Run.objects.filter(pk=run.pk).update(worker="another")

    assert done(run, FakeEngine(after=(5, steal))).state == "running"
    Run.objects.filter(pk=run.pk).update(worker="gone")
    assert done(run, holder="third").state == "done"
    assert Trial.objects.filter(run=run).count() == run.total


def test_a_run_whose_worker_dies_each_time_fails_in_the_end(owner, version):
    run = a_run(owner, version)
    for n in range(runs.MOST_TRIES):
        assert runs.claim(f"w{n}").pk == run.pk

    assert runs.claim("last") is None
    run.refresh_from_db()
    assert run.state == "failed" and "died too often" in run.problem


def test_an_engine_that_breaks_fails_the_run_without_the_words_of_its_exception(owner, version):
    def broken(*_):
        raise RuntimeError("the provider's client is missing")

    run = a_run(owner, version)
    engine = FakeEngine()
    engine.run = broken
    assert done(run, engine).state == "failed" and run.problem == UNFORESEEN


def test_teams_are_served_in_turn(owner, mate, team, models, skill_files):
    other_owner = a_person("else")
    others = a_team("others", admin=other_owner)
    first = a_version(owner, team, content=skill_files)
    theirs = a_version(other_owner, others, content=skill_files)
    run, late = a_run(owner, first), a_run(other_owner, theirs)
    for template, copies in ((run, 150), (late, 48)):  # two hundred wait, three quarters of them one team's
        facts = {field.attname: getattr(template, field.attname) for field in Run._meta.concrete_fields}
        del facts["id"]
        Run.objects.bulk_create(Run(**facts) for _ in range(copies))
    assert Run.objects.filter(state="queued").count() == 200

    order = []
    for n in range(40):
        claimed = runs.claim(f"w{n}")
        order.append(claimed.team_id)
        Run.objects.filter(pk=claimed.pk).update(state="done")

    assert order.count(team.pk) == order.count(others.pk) == 20
    assert all(order[n] != order[n + 1] for n in range(39)), "in turn, whoever asked more"


def test_the_sweeper_calls_for_runs_without_a_job(owner, version):
    run = a_run(owner, version)
    Job.objects.all().delete()

    assert runs.call_for_open_runs() == 1
    assert Job.objects.filter(task="evaluate", key=f"run:{run.pk}").exists()


def test_results_are_taken_once(owner, version):
    run = a_run(owner, version)
    done(run)
    Run.objects.filter(pk=run.pk).update(state="running", worker="gone")

    engine = FakeEngine()
    done(run, engine)

    assert engine.done == 0 and Trial.objects.filter(run=run).count() == run.total
    assert Transcript.objects.count() == run.total


def test_a_changed_judge_forces_a_new_baseline(owner, mate, team, models, version, skill_files):
    done(a_run(owner, version))
    again = a_run(owner, version)
    engine = FakeEngine()
    done(again, engine)
    assert Trial.objects.filter(run=again, reused=True).count() == 36

    PortfolioModel.objects.filter(label="large").update(can_judge=False)
    PortfolioModel.objects.filter(label="small").update(can_judge=True)
    other = a_run(owner, version)
    done(other)
    assert not Trial.objects.filter(run=other, reused=True).exists()


def gate(team, **policy):
    Policy.objects.filter(team=team).update(**policy)


def approve(mate, version):
    release.decide(actor=actor(mate), version_id=version.pk, verdict="approve", digest=version.digest)
    version.refresh_from_db()
    return version.state


def asked_as(models, kind):
    """The same models at a provider of another kind."""
    Provider.objects.filter(pk=models[0].provider_id).update(kind=kind)


def test_gates_refuse_without_evidence_and_let_pass_with_it(owner, mate, team, models, version, settings):
    settings.EVAL_REUSE_DAYS = 0  # the fake engine gives one baseline two results
    gate(team, evals_required=True, minimum_lift=20)
    with pytest.raises(Conflict, match="have not been evaluated"):
        approve(mate, version)

    asked_as(models, "scripted")
    done(a_run(owner, version))
    with pytest.raises(Conflict, match="replayed a script"):
        approve(mate, version)

    asked_as(models, "openai_compatible")
    done(a_run(owner, version), FakeEngine(passes=lambda trial: True))
    with pytest.raises(Conflict, match=r"is \+0 points, .*; \+20 is needed on every model"):
        approve(mate, version)

    # Running again does not make up for it; other bytes may.
    done(a_run(owner, version))
    with pytest.raises(Conflict, match=r"is \+50 points, .*; \+20 is needed on every model"):
        approve(mate, version)
    better = a_version(owner, team, number="1.0.1", content=files_with_evals(body="Better."))
    done(a_run(owner, better))
    assert approve(mate, better) == "approved"


def test_a_confirmed_regression_stops_an_approval(owner, mate, team, models, skill_files):
    an_approved(owner, mate, team, content=skill_files)
    gate(team, no_regression=True)
    worse = a_version(owner, team, number="1.1.0", content=files_with_evals(body="Worse."))

    def bad(trial):
        return trial.arm == "previous" or (trial.arm == "candidate" and trial.case != first)

    run = a_run(owner, worse)
    first = run.cases[0]["key"]
    done(run, FakeEngine(passes=bad))
    with pytest.raises(Conflict, match="Regressions: 2 to be run again"):
        approve(mate, worse)

    engine = FakeEngine(passes=lambda trial: True)
    done(run, engine)  # the re-run clears it
    assert engine.done == run.reruns.get().total
    assert {row["status"] for row in run.report["regressions"]} == {"cleared"}
    assert approve(mate, worse) == "approved"


@pytest.fixture
def suspicious(owner, mate, team, models, skill_files):
    """A run of two models, done, whose first case passed before and fails now."""
    an_approved(owner, mate, team, content=skill_files)
    run = a_run(owner, a_version(owner, team, number="1.1.0", content=files_with_evals(body="Worse.")))
    return done(run, FakeEngine(passes=falls(run)))


def falls(run):
    """A rule by which the first case always fails with the new version, and passes before."""
    first = run.cases[0]["key"]
    return lambda trial: trial.arm == "previous" or (trial.arm == "candidate" and trial.case != first)


def found_in(run):
    return [row["status"] for row in run.report["regressions"]]


def test_a_re_run_goes_on_until_every_cell_is_told(suspicious):
    engine = FakeEngine(passes=falls(suspicious))

    done(suspicious, engine)

    rerun = suspicious.reruns.get()
    assert found_in(suspicious) == ["confirmed", "confirmed"]
    assert (rerun.state, rerun.total, rerun.repeats) == ("done", engine.done, 8)


def test_a_re_run_that_tells_nothing_ends_undecided_and_opens_no_gate(suspicious, mate, team):
    gate(team, no_regression=True)

    done(suspicious, FakeEngine(passes=lambda trial: False, outcome=lambda trial: "error"))

    assert found_in(suspicious) == ["undecided", "undecided"]
    assert suspicious.reruns.get().state == "done"
    with pytest.raises(Conflict, match="Regressions: 2 undecided"):
        approve(mate, suspicious.version)


def test_a_re_run_that_was_stopped_leaves_the_suspicion_and_goes_on_where_it_was(owner, suspicious):
    rerun = suspicious.reruns.get()
    stop = (5, lambda: control.cancel(actor=actor(owner), run=rerun))
    engine = FakeEngine(passes=falls(suspicious), after=stop)
    done(suspicious, engine)
    rerun.refresh_from_db()
    assert (rerun.state, found_in(suspicious)) == ("cancelled", ["suspected", "suspected"])

    control.resume(actor=actor(owner), run=rerun)
    again = FakeEngine(passes=falls(suspicious))
    done(suspicious, again)

    rerun.refresh_from_db()
    assert found_in(suspicious) == ["confirmed", "confirmed"]
    assert rerun.trials.count() == rerun.total == engine.done + again.done


def test_a_short_budget_decides_some_cells_before_it_begins_others(owner, team, suspicious):
    rerun = suspicious.reruns.get()
    used = allowances.budget_of(team=team).periods.get().spent_tokens
    set_limit(owner, team, used + 1_500)
    seen = []

    def passes(trial):
        seen.append(trial.model)
        return falls(suspicious)(trial)

    done(suspicious, Broke(passes=passes))

    rerun.refresh_from_db()
    assert rerun.state == "out_of_budget"
    assert len(set(seen)) == 1


def test_fresh_repeats_that_a_person_asks_for_are_five_of_both(owner, suspicious):
    first = suspicious.cases[0]["key"]
    model = suspicious.portfolio[0]["id"]
    done(suspicious, FakeEngine(passes=falls(suspicious)))
    before = suspicious.report["regressions"][0]["again"][1]

    again = control.recheck(actor=actor(owner), run=suspicious, case=first, model=model)
    done(suspicious, FakeEngine(passes=falls(suspicious)))

    again.refresh_from_db()
    suspicious.refresh_from_db()
    assert (again.purpose, again.state, again.trials.count()) == ("recheck", "done", 10)
    assert suspicious.report["regressions"][0]["again"][1] == before + 5


def test_hidden_cases_run_and_stay_hidden_from_authors(owner, mate, team, models, skill_files, client):
    author = a_person("writer")
    from tests.factories import join

    join(team, author, "member")
    version = a_version(author, team, content=skill_files)
    hide(
        actor=actor(mate),
        skill=version.skill,
        name="trap",
        prompt="The hidden words",
        lines="Says the hidden thing",
    )
    run = a_run(author, version)
    done(run)
    key = next(case["key"] for case in run.cases if case["hidden"])
    assert Trial.objects.filter(run=run, case=key).exists()
    trial = Trial.objects.filter(run=run, case=key).first()

    client.force_login(author)
    pages = [
        f"/runs/{run.pk}/",
        f"/runs/{run.pk}/?filter=failing",
        f"/runs/{run.pk}/benchmark.json",
        "/@crew/greet-people/evals/",
        "/@crew/greet-people/v/1.0.0/evaluate/",
        f"/reviews/{version.pk}/?tab=evals",
        f"/api/v1/runs/{run.pk}",
        f"/api/v1/runs/{run.pk}/trials?limit=100",
        f"/api/v1/runs/{run.pk}/benchmark.json",
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert b"hidden words" not in answer.getvalue() and b"hidden thing" not in answer.getvalue(), page
    for page in (
        f"/runs/{run.pk}/cells/{key}/{trial.model_id}/",
        f"/runs/{run.pk}/trials/{trial.pk}/",
        f"/api/v1/runs/{run.pk}/trials/{trial.pk}/grading.json",
    ):
        assert client.get(page).status_code == 404, page
    assert client.get("/@crew/greet-people/hidden-cases/").status_code == 403

    client.force_login(mate)
    assert b"hidden words" in client.get(f"/runs/{run.pk}/cells/{key}/{trial.model_id}/").content
    assert b"hidden words" in client.get("/@crew/greet-people/hidden-cases/").content


def test_a_reviewer_overrules_the_judge_once_and_the_report_follows(owner, mate, team, version):
    run = done(a_run(owner, version))
    trial = Trial.objects.filter(run=run, arm="baseline").first()
    number = next(n for n, one in enumerate(trial.grades) if one["kind"] == "judge")

    with pytest.raises(Refused, match="Only what a judge"):
        overrule(actor=actor(mate), trial=trial, assertion=0, passed=True, reason="x")
    overrule(actor=actor(mate), trial=trial, assertion=number, passed=True, reason="It does say so.")
    reporting.refresh_report(run_id=run.pk)
    run.refresh_from_db()

    trial.refresh_from_db()
    assert trial.grades[number]["passed"] and trial.grades[number]["overruled"] == "mate"
    assert run.report["judge"] == {
        "labels": 1,
        "kappa": None,
        "false_passes": 0,
        "false_fails": 1,
        "advisory": False,
    }
    with pytest.raises(Refused, match="already"):
        overrule(actor=actor(mate), trial=trial, assertion=number, passed=False, reason="again")
    with pytest.raises(Forbidden):
        overrule(actor=actor(a_person("nobody")), trial=trial, assertion=number, passed=False, reason="x")


def test_the_previous_version_is_the_approved_one(owner, mate, team, models, skill_files):
    one = an_approved(owner, mate, team, number="1.0.0", content=skill_files)
    two = an_approved(owner, mate, team, number="1.1.0", content=files_with_evals(body="Two."))
    three = a_version(owner, team, number="2.0.0", content=files_with_evals(body="Three."))

    def before(version):
        return approved_before(version.skill, version)

    for version in (one, two, three):
        version.skill.refresh_from_db()
    assert before(three) == two and before(two) == one and before(one) == two


def test_keys_are_encrypted_and_never_shown(owner, client, models, caplog):
    owner.is_staff = True
    owner.save()
    client.force_login(owner)
    provider = models[0].provider
    client.post(
        f"/models/{provider.pk}/",
        {"name": "Hub", "kind": "openai", "base_url": "", "secret": "sk-very-secret", "enabled": "on"},
    )
    provider.refresh_from_db()

    assert b"sk-very" not in bytes(provider.secret) and decrypt_key(provider.secret) == "sk-very-secret"
    for page in (f"/models/{provider.pk}/", "/models/", "/audit/", "/api/v1/models", "/api/v1/audit"):
        assert b"sk-very-secret" not in client.get(page).content
    assert "sk-very-secret" not in caplog.text
    moved = client.post(
        f"/models/{provider.pk}/",
        {"name": "Hub", "kind": "openai", "base_url": "https://else.example/v1", "secret": ""},
        follow=True,
    )
    assert b"needs the key again" in moved.content
    with pytest.raises(ValueError, match="enter it again"):
        decrypt_key(encrypt_key("x")[:-4] + b"AAAA")


def test_old_transcripts_go_and_trials_stay(owner, version, settings):
    from skills.evals.results import delete_old_transcripts

    run = done(a_run(owner, version))
    settings.EVAL_TRANSCRIPT_DAYS = 0
    delete_old_transcripts()

    assert not Transcript.objects.exists() and Trial.objects.filter(run=run).count() == run.total


def test_costs_are_the_same_for_one_and_three_runs(
    owner, team, models, version, client, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(owner)
    client.get("/")
    counts = []
    for _ in range(3):
        done(a_run(owner, version, repeats=1))
        with CaptureQueriesContext(connection) as captured:
            for page in ("/runs/", "/@crew/greet-people/evals/", "/budgets/", "/api/v1/runs"):
                assert client.get(page).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[2]


def test_a_matrix_can_be_filtered(owner, version):
    run = done(a_run(owner, version))

    assert len(selectors.matrix(actor(owner), run, "all", Arm.BASELINE)) == 8
    assert len(selectors.matrix(actor(owner), run, "improved", Arm.BASELINE)) == 6
    assert len(selectors.matrix(actor(owner), run, "triggers", Arm.BASELINE)) == 2
    assert selectors.matrix(actor(owner), run, "not_scored", Arm.BASELINE) == []
