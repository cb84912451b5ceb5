"""Names near to one that is there ask for staff: teams before they are made, skills before approval."""

import json

import pytest

from skills.audit.models import Event
from skills.flows import access, names, release
from skills.flows.gates import gates
from skills.lib.errors import Conflict, Forbidden, Missing, Refused
from skills.management.importing import Importer, open_path
from skills.notices.models import Notice
from skills.people import teams
from skills.people.models import NameRequest, Team
from skills.people.names import check_personal_handle
from tests.factories import a_person, a_team, a_version, actor, an_approved, skill_md


@pytest.fixture
def boss(db):
    return a_person("boss", staff=True)


@pytest.fixture
def finance(owner, mate):
    return a_team("finance", admin=owner, reviewer=mate)


@pytest.fixture
def squatter(db):
    return a_person("squatter")


def make(account, handle, name=""):
    return teams.create_team(actor=actor(account), handle=handle, name=name)


@pytest.mark.parametrize(
    ("handle", "name"),
    [
        ("finanace", ""),
        ("f1nance", ""),
        ("fin-ance", ""),
        ("money", "Finance"),
        ("money", "Fin\u0430nce"),
        ("money", "ＦＩＮＡＮＣＥ"),
    ],
)
def test_a_team_that_may_be_taken_for_another_is_not_made_without_staff(finance, squatter, handle, name):
    with pytest.raises(Refused) as refusal:
        make(squatter, handle, name)

    (problem,) = refusal.value.problems
    assert problem.code == "near_name"
    assert "finance" in problem.text
    assert not Team.objects.filter(handle=handle).exists()


def test_other_teams_are_made_by_anybody(finance, squatter):
    assert make(squatter, "marketing").handle == "marketing"


def test_staff_make_a_near_team_and_the_log_says_so(finance, boss):
    make(boss, "finances")

    event = Event.objects.get(act="team.create", target="finances")
    assert event.detail["near"] == ["finance"]


def test_staff_allow_a_handle_and_whoever_asked_makes_the_team(finance, squatter, boss):
    asked = names.ask_for_team(actor=actor(squatter), handle="finances", name="Finances")
    assert Notice.objects.filter(account=boss, text__contains="finances").exists()

    names.decide(actor=actor(boss), request_id=asked.pk, allowed=True)

    assert Notice.objects.filter(account=squatter, text__contains="allowed the name finances").exists()
    with pytest.raises(Refused):
        make(a_person("another"), "finances")
    assert make(squatter, "finances").handle == "finances"
    acts = Event.objects.filter(target="finances").values_list("act", flat=True)
    assert {"name.ask", "name.allow", "team.create"} <= set(acts)


def test_a_refused_handle_stays_refused(finance, squatter, boss):
    asked = names.ask_for_team(actor=actor(squatter), handle="finances", name="")
    names.decide(actor=actor(boss), request_id=asked.pk, allowed=False)

    with pytest.raises(Refused):
        make(squatter, "finances")
    with pytest.raises(Conflict):
        names.decide(actor=actor(boss), request_id=asked.pk, allowed=True)


def test_only_staff_decide(finance, squatter, owner):
    asked = names.ask_for_team(actor=actor(squatter), handle="finances", name="")

    with pytest.raises(Forbidden):
        names.decide(actor=actor(owner), request_id=asked.pk, allowed=True)
    with pytest.raises(Missing):
        names.decide(actor=actor(a_person("chief", staff=True)), request_id=0, allowed=True)


def test_a_team_does_not_take_the_display_name_of_another(finance, squatter):
    team = make(squatter, "money")

    with pytest.raises(Refused) as refusal:
        teams.change_team(actor=actor(squatter), team=team, name="F1nance", description="")

    assert refusal.value.problems[0].code == "near_name"


def test_a_person_takes_no_handle_that_looks_like_a_team(finance):
    with pytest.raises(Refused):
        check_personal_handle("f1nance")
    check_personal_handle("fiona")


@pytest.fixture
def known(owner, mate, finance):
    """A skill that everybody signed in knows."""
    return an_approved(owner, mate, finance, "invoice-reader", wanted="public")


@pytest.fixture
def copy(known, squatter, third):
    team = a_team("money", admin=squatter, reviewer=third)
    return a_version(squatter, team, "invoice-raeder")


@pytest.fixture
def third(db):
    return a_person("third")


def approve(version, by):
    return release.decide(actor=actor(by), version_id=version.pk, verdict="approve", digest=version.digest)


def test_a_skill_with_a_near_name_is_approved_once_staff_allow_it(copy, third, boss):
    with pytest.raises(Conflict) as refusal:
        approve(copy, third)
    assert [problem.code for problem in refusal.value.problems] == ["gate_name"]
    assert "invoice-reader" in refusal.value.problems[0].text

    asked = NameRequest.objects.get(name="money/invoice-raeder")
    names.decide(actor=actor(boss), request_id=asked.pk, allowed=True)

    assert approve(copy, third).state == "approved"


def test_a_skill_with_a_refused_name_is_not_approved(copy, third, boss):
    asked = NameRequest.objects.get(name="money/invoice-raeder")
    names.decide(actor=actor(boss), request_id=asked.pk, allowed=False)

    with pytest.raises(Conflict):
        approve(copy, third)


def test_a_move_to_another_team_does_not_shake_the_question_off(copy, squatter):
    release.withdraw(actor=actor(squatter), version_id=copy.pk)
    other = a_team("purse", admin=squatter)

    skill = access.transfer(actor=actor(squatter), skill=copy.skill, to=other)

    assert NameRequest.objects.get().name == "purse/invoice-raeder"
    assert names.name_gate(skill)[0].passed is False


def test_names_of_one_team_and_equal_names_of_two_ask_nobody(known, owner, finance, squatter):
    a_version(owner, finance, "invoice-readers")
    a_version(squatter, a_team("money", admin=squatter), "invoice-reader")

    assert not NameRequest.objects.exists()


def test_a_private_name_is_given_away_to_nobody(owner, mate, finance, squatter):
    an_approved(owner, mate, finance, "secret-plan", wanted="team")

    version = a_version(squatter, a_team("money", admin=squatter), "secret-plam")

    assert not NameRequest.objects.exists()
    assert [gate.name for gate in gates(version, version.scan)] == ["scan", "findings"]


def test_a_skill_is_not_renamed_to_a_near_name_without_staff(known, squatter, boss, third):
    skill = a_version(squatter, a_team("money", admin=squatter), "bank-notes").skill

    with pytest.raises(Refused) as refusal:
        access.rename(actor=actor(squatter), skill=skill, name="invoicereader")

    assert refusal.value.problems[0].code == "near_name"
    assert access.rename(actor=actor(boss), skill=skill, name="invoicereader").name == "invoicereader"


def test_an_import_says_which_name_is_near_and_asks_staff(known, squatter, tmp_path):
    team = a_team("money", admin=squatter)
    importer = Importer(actor(squatter), team, approve=True)

    path = tmp_path / "skills.jsonl"
    row = {"owner": "ann", "slug": "invoices", "skill_md": skill_md("invoice-raeder")}
    path.write_text(json.dumps(row))

    (line,) = importer.bring_in(*open_path(path))

    assert line.notes == ("the name 'invoice-raeder' is near to invoice-reader; staff are asked about it",)
    assert NameRequest.objects.get().name == "money/invoice-raeder"
