"""How long a worker waits for its turn when much is waiting, and how long a report of a large run takes."""

import statistics
import time
from datetime import timedelta

from bench.report import Figure

TEAMS, WAITING, ENDED, CLAIMS = 50, 1_000, 20_000, 60
CASES, MODELS, REPEATS = 100, 5, 5
MOST_CLAIM, MOST_REPORT = 0.020, 1.0  # seconds


def measure() -> list[Figure]:
    return [_claiming(), _reporting()]


def _claiming() -> Figure:
    from django.db import connection

    from skills.evals import runs
    from skills.evals.models import Run
    from skills.lib.clock import now
    from tests.evals.making import REAL, a_finished_run
    from tests.factories import a_person, a_team, a_version

    for number in range(TEAMS):
        owner = a_person(f"queue-{number}")
        run = a_finished_run(a_version(owner, a_team(f"queue-team-{number}", admin=owner)), REAL)
        facts = {field.attname: getattr(run, field.attname) for field in Run._meta.concrete_fields}
        del facts["id"]
        ended = facts | {"started_at": now() - timedelta(minutes=number)}
        waiting = facts | {"state": "queued", "report": None}
        Run.objects.bulk_create(Run(**ended) for _ in range(ENDED // TEAMS))
        Run.objects.bulk_create(Run(**waiting) for _ in range(WAITING // TEAMS))
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze skills_run")
    took, teams = [], []
    for number in range(CLAIMS):
        start = time.perf_counter()
        run = runs.claim(f"bench-{number}")
        took.append(time.perf_counter() - start)
        assert run is not None
        teams.append(run.team_id)
        Run.objects.filter(pk=run.pk).update(state="done")
    assert len(set(teams[:TEAMS])) == TEAMS, "each team in its turn"
    p50 = statistics.median(took)
    return Figure(
        "a claim, 1,000 waiting, 20,000 ended",
        p50 / MOST_CLAIM,
        most=1.0,
        note=f"p50 {p50 * 1000:.1f} ms, longest {max(took) * 1000:.0f} ms, of 20 ms; 50 teams in turn",
    )


def _reporting() -> Figure:
    from django.db import transaction

    from skills.evals.models import Run
    from skills.flows.evaluation.reporting import draft_of, locked_run, write_report

    run = a_large_run()
    took, locked = [], []
    for _ in range(3):
        start = time.perf_counter()
        draft = draft_of(Run.objects.get(pk=run.pk))
        middle = time.perf_counter()
        with transaction.atomic():
            write_report(locked_run(run.pk), draft)
        end = time.perf_counter()
        took.append(end - start)
        locked.append(end - middle)
    p50 = statistics.median(took)
    return Figure(
        "the report of 7,500 trials",
        p50 / MOST_REPORT,
        most=1.0,
        note=f"{p50:.2f} s, of which {statistics.median(locked) * 1000:.0f} ms under the row's lock, of 1 s",
    )


def a_large_run():
    """A run of 7,500 trials that have ended, with grades that quote as real ones do."""
    import random

    from skills.evals.models import Run, Trial
    from skills.portfolio.models import PortfolioModel, Provider
    from tests.evals.making import a_finished_run
    from tests.factories import a_person, a_team, a_version

    owner = a_person("large")
    provider = Provider.objects.create(name="Large", kind="openai")
    models = [
        PortfolioModel.objects.create(provider=provider, name=f"large-{n}", label=f"large-{n}")
        for n in range(MODELS)
    ]
    assertions = [{"kind": "judge", "text": f"Says {n}", "value": None} for n in range(3)]
    cases = [
        {
            "key": f"{n:064d}",
            "label": f"case-{n}",
            "prompt": "Say it.",
            "files": [],
            "assertions": assertions,
            "trigger": None,
            "hidden": False,
        }
        for n in range(CASES)
    ]
    records = [{"id": model.pk, "label": model.label, "kind": "openai"} for model in models]
    run = a_finished_run(a_version(owner, a_team("large-team", admin=owner)), records, report=None)
    arms = ["candidate", "baseline", "previous"]
    total = CASES * MODELS * REPEATS * len(arms)
    Run.objects.filter(pk=run.pk).update(arms=arms, repeats=REPEATS, cases=cases, total=total)
    draw = random.Random(0)
    Trial.objects.bulk_create(
        (
            _trial(draw, run=run, case=case["key"], arm=arm, model=model, repeat=repeat)
            for case in cases
            for model in models
            for arm in arms
            for repeat in range(1, REPEATS + 1)
        ),
        batch_size=1_000,
    )
    assert run.trials.count() == total
    return run


def _trial(draw, **place):
    from skills.evals.models import Trial

    passes = [draw.random() < (0.9 if place["arm"] == "candidate" else 0.6) for _ in range(3)]
    return Trial(
        **place,
        outcome="scored",
        passed=all(passes),
        grades=[
            {"text": f"Says {n}", "kind": "judge", "passed": passed, "evidence": "words " * 30}
            for n, passed in enumerate(passes)
        ],
        output="An answer. " * 300,
        input_tokens=3_000,
        output_tokens=800,
        micros=9_000,
        seconds=4.2,
        fingerprint="f" * 64,
    )
