"""What is known of a skill before any question: its proven lift, shown on cards and in the order."""

import uuid
from datetime import timedelta

import pytest

from skills.budgets import rollup
from skills.budgets.report import ReportedCall, book_report
from skills.budgets.reserve import Caller
from skills.budgets.settle import Attribution, Usage
from skills.budgets.spending_models import Spending
from skills.catalog.models import Skill
from skills.evals.models import Run, RunState
from skills.flows import published
from skills.lib.clock import now
from skills.people.actor import VISITOR
from skills.portfolio.kinds import OPENAI, SCRIPTED
from skills.search.query import Filters, search
from skills.usage import field_people
from tests.evals.making import a_report
from tests.factories import an_approved, files, reload

TEXT = "Wave to everybody who comes in."


@pytest.fixture
def pair(owner, mate, team):
    """Two skills that say the same, but for their names, and of the same age."""
    made = [
        an_approved(
            owner, mate, team, name, wanted="public", content=files(name, description="Greets.", body=TEXT)
        )
        for name in ("one-hello", "two-hello")
    ]
    Skill.objects.update(updated_at=now())
    return made


def evaluated(version, *lifts: float, state: str = "improves", kind: str = OPENAI.code) -> None:
    """A finished run over one model for each of LIFTS, and what follows from it."""
    Run.objects.create(
        team=version.skill.team,
        skill=version.skill,
        version=version,
        name=version.skill.name,
        digest=version.digest,
        requested_by=version.author,
        state=RunState.DONE,
        arms=["candidate", "baseline"],
        repeats=3,
        cases=[],
        total=0,
        worst_tokens=0,
        fingerprint="",
        sandbox="",
        portfolio=[{"id": n, "label": f"model-{n}", "kind": kind} for n in range(len(lifts))],
        report=a_report(*lifts, state=state),
    )
    published.reindex(reload(version.skill))


def first_of(text: str) -> str:
    return search(VISITOR, text).hits[0].skill.name


def test_a_proven_lift_decides_between_equals(pair, client):
    assert first_of("wave to everybody") == "one-hello"

    evaluated(pair[1], 0.3, 0.5)

    assert first_of("wave to everybody") == "two-hello"
    assert "lift ▲ 40" in client.get("/?q=wave").content.decode()
    listed = {hit["name"]: hit["lift"] for hit in client.get("/api/v1/search?q=wave").json()["results"]}
    assert listed == {"one-hello": None, "two-hello": 0.4}
    assert [hit.skill.lift for hit in search(VISITOR, "", filters=Filters(model="model-1")).hits] == [0.4]


@pytest.mark.parametrize(
    "told",
    [
        {"kind": SCRIPTED.code},
        {"state": "mixed"},
        {"state": "no_clear_effect"},
    ],
)
def test_what_is_not_proven_is_not_shown(pair, client, told):
    evaluated(pair[1], 0.4, **told)

    assert first_of("wave to everybody") == "one-hello"
    assert "lift" not in client.get("/?q=wave").content.decode()


def test_a_new_version_has_to_prove_itself_again(pair, owner, mate, team):
    evaluated(pair[0], 0.4)
    assert reload(pair[0].skill).lift == 0.4

    an_approved(
        owner, mate, team, "one-hello", number="1.1.0", content=files("one-hello", body="Wave to nobody.")
    )

    assert reload(pair[0].skill).lift is None


def test_people_at_work_with_a_skill_decide_between_equals_and_old_work_does_not(pair, owner, mate):
    skill = pair[1].skill
    for person in (owner, mate):
        told(person, skill, at=now())
    rollup.roll_up()

    assert field_people.count_people() == 1

    assert (reload(skill).field_people, reload(skill).field_uses, reload(skill).field_micros) == (2, 2, None)
    assert field_people.count_people() == 0
    assert first_of("wave to everybody") == "two-hello"
    Spending.objects.update(day=now() - timedelta(days=40))
    field_people.count_people()
    assert first_of("wave to everybody") == "one-hello"


def told(person, skill, at):
    caller = Caller(account_id=person.pk, agent="codex", session="s")
    call = ReportedCall(
        id=uuid.uuid4(),
        model="m",
        usage=Usage(10),
        micros=None,
        at=at,
        caller=caller,
        attribution=Attribution(skill_id=skill.pk),
    )
    book_report(call, [])


def test_the_newer_of_two_equals_comes_first(pair):
    Skill.objects.filter(pk=pair[0].skill_id).update(updated_at="2020-01-01T00:00:00Z")

    assert first_of("wave to everybody") == "two-hello"
