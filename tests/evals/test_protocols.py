"""A skill with a script, evaluated over the real protocols of OpenAI, Anthropic and Google (aimock)."""

import json
import time

import pytest

from skills.budgets import verify
from skills.budgets.models import Hold
from skills.evals import sandbox
from skills.evals.models import Run, Trial
from skills.flows.evaluation.request import prepare_run, request_run
from skills.flows.evaluation.subject import subject_of_version
from skills.portfolio.models import PortfolioModel, Provider
from skills.portfolio.probe import try_provider
from tests.evals.aimock_server import HERE, KINDS, WHY_NOT, portfolio
from tests.evals.making import a_run
from tests.factories import a_version, actor, files

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT),
]
SCRIPT = (
    b"#!/usr/bin/env python3\nimport json, sys\n"
    b"print('TOTAL', sum(map(int, json.load(sys.stdin)['numbers'].split())))\n"
)


def a_skill(cases: int = 1, **assertion) -> dict[str, bytes]:
    tool = {
        "name": "add_up",
        "description": "Adds numbers.",
        "script": "scripts/add.py",
        "inputSchema": {
            "type": "object",
            "properties": {"numbers": {"type": "string"}},
            "required": ["numbers"],
        },
    }
    checks = [{"type": "contains", "value": "42"}, *([assertion] if assertion else [])]
    evals = [
        {"id": f"sum-{n}", "prompt": f"Add up 1, 2 and 39. ({n})", "assertions": checks} for n in range(cases)
    ]
    return files("add-numbers") | {
        "scripts/add.py": SCRIPT,
        "tools/add.json": json.dumps(tool).encode(),
        "evals/evals.json": json.dumps(evals).encode(),
    }


needs_sandbox = pytest.mark.skipif(
    bool(sandbox.why_unavailable("bwrap")), reason=f"no sandbox: {sandbox.why_unavailable('bwrap')}"
)


@needs_sandbox
def test_a_script_runs_on_every_protocol(aimock, owner, team):
    server = aimock()
    portfolio(server, "openai", "anthropic", "google", "openai_compatible")
    content = a_skill(5, type="tool_used", value="add_up")
    text = json.loads(content["evals/evals.json"])
    text[0]["assertions"].append("Names the total")
    content["evals/evals.json"] = json.dumps(text).encode()
    version = a_version(owner, team, "add-numbers", content=content)

    run = a_run(owner, version, repeats=1)

    run.refresh_from_db()
    assert run.state == "done", run.problem
    unscored = Trial.objects.exclude(outcome="scored").select_related("transcript")
    assert not unscored, [
        (row.model.label, row.arm, row.problem, row.transcript.messages) for row in unscored
    ][:2]
    assert {
        model["label"]: model["rates"]["candidate"]["value"] for model in run.report["models"]
    } == dict.fromkeys(KINDS, 1.0)
    assert {model["rates"]["baseline"]["value"] for model in run.report["models"]} == {0.0}
    trial = Trial.objects.filter(arm="candidate", model__label="google").first()
    assert [row.get("tool") for row in trial.transcript.messages if row.get("tool")] == ["skill", "add_up"]
    assert "TOTAL 42" in str(trial.transcript.messages)
    assert "evals" not in str(trial.transcript.messages)
    # the ledger has what the endpoint says, and not a call more
    assert verify.differences() == []
    assert Hold.objects.filter(state="settled").count() == server.served() == Hold.objects.count()


@pytest.mark.parametrize(
    "fault", ["--chaos-ratelimit", "--chaos-drop", "--chaos-disconnect", "--chaos-malformed"]
)
def test_faults_are_errors_or_survived_and_never_failures(aimock, owner, team, fault, settings):
    settings.SANDBOX = "none"
    server = aimock(fault, "0.25")
    portfolio(server, "openai")
    version = a_version(owner, team, "add-numbers", content=a_skill(3))

    run = a_run(owner, version, repeats=1)

    run.refresh_from_db()
    assert run.state == "done", run.problem
    assert Trial.objects.filter(run=run).count() == run.total
    for row in Trial.objects.filter(run=run):
        assert row.outcome in ("scored", "error"), row.problem
        assert row.outcome == "scored" or (row.problem and not row.passed and row.grades == [])
        assert "sk-test-secret" not in row.problem
    assert not Hold.objects.filter(state="held").exists()
    assert verify.differences() == []


def test_a_server_that_is_away_ends_in_errors(owner, team, settings):
    settings.SANDBOX, settings.EVAL_RETRIES = "none", 1
    provider = Provider.objects.create(
        name="gone", kind="openai_compatible", base_url="http://127.0.0.1:9/v1"
    )
    PortfolioModel.objects.create(provider=provider, name="m", label="m", max_output_tokens=64)
    version = a_version(owner, team, "add-numbers", content=a_skill(1))

    run = a_run(owner, version, repeats=1)

    run.refresh_from_db()
    assert run.report["state"] == "inconclusive"
    assert set(Hold.objects.values_list("state", flat=True)) == {"released"}

    try_provider(provider_id=provider.pk)
    provider.refresh_from_db()
    assert provider.problem and provider.tested_at


def test_a_provider_can_be_tried(aimock, db):
    server = aimock()
    portfolio(server, "openai")
    provider = Provider.objects.get()
    fixtures = json.loads((HERE / "fixtures.json").read_text())["fixtures"]
    assert fixtures

    try_provider(provider_id=provider.pk)

    provider.refresh_from_db()
    assert provider.tested_at and "sk-test-secret" not in provider.problem


def test_cancel_while_requests_are_in_flight_takes_less_than_two_seconds(aimock, owner, team, settings):
    import threading

    from django.db import connection

    settings.SANDBOX = "none"
    settings.CELERY_TASK_ALWAYS_EAGER = True
    server = aimock("--chaos-latency", "20000")
    portfolio(server, "openai")
    version = a_version(owner, team, "add-numbers", content=a_skill(3))
    prepared = prepare_run(actor=actor(owner), subject=subject_of_version(version))
    times: dict[str, float] = {}

    def cancel_later() -> None:
        while not Hold.objects.filter(state="held").exists():
            time.sleep(0.05)
        from django.utils import timezone

        time.sleep(0.5)
        Run.objects.update(cancel_asked_at=timezone.now())
        times["asked"] = time.monotonic()
        connection.close()

    thread = threading.Thread(target=cancel_later)
    thread.start()
    run = request_run(actor=actor(owner), prepared=prepared)
    ended = time.monotonic()
    thread.join()

    run.refresh_from_db()
    assert run.state == "cancelled"
    assert ended - times["asked"] < 2
    assert set(Hold.objects.values_list("state", flat=True)) == {"lost"}, (
        "what may have been billed is charged"
    )
    assert verify.differences() == []
