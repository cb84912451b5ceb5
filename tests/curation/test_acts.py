"""Stars, follows, labels and reports."""

import pytest

from skills.catalog.models import Skill
from skills.curation import follow, labels, reports
from skills.curation.models import Label, Report
from skills.lib.errors import Conflict, Forbidden, Refused
from skills.notices.models import Notice
from tests.factories import a_person, actor, an_approved, reload


@pytest.fixture
def skill(owner, mate, team):
    an_approved(owner, mate, team, wanted="internal")
    return reload(Skill.objects.get())


def test_a_star_counts_once(skill, stranger):
    assert follow.star(actor=actor(stranger), skill=skill, on=True) == 1
    assert follow.star(actor=actor(stranger), skill=skill, on=True) == 1
    assert follow.star(actor=actor(stranger), skill=skill, on=False) == 0
    assert follow.star(actor=actor(stranger), skill=skill, on=False) == 0


def test_labels_are_set_by_admins_of_the_team(skill, owner, mate):
    labels.set_labels(actor=actor(owner), skill=skill, names=["Recommended", "month-end", ""])
    assert sorted(label.name for label in Label.objects.all()) == ["month-end", "recommended"]

    with pytest.raises(Forbidden):
        labels.set_labels(actor=actor(mate), skill=skill, names=["x"])
    with pytest.raises(Refused):
        labels.set_labels(actor=actor(owner), skill=skill, names=["not a label!"])

    labels.set_labels(actor=actor(owner), skill=skill, names=[])
    assert not Label.objects.exists()


def test_a_report_reaches_admins_and_gets_an_answer(skill, owner, stranger):
    boss = a_person("boss", staff=True)
    report = reports.report(
        actor=actor(stranger), skill=skill, version=None, reason="broken", text="It fails."
    )
    assert {notice.account for notice in Notice.objects.filter(kind="reported")} == {owner, boss}

    with pytest.raises(Conflict):
        reports.report(actor=actor(stranger), skill=skill, version=None, reason="other", text="Again.")
    with pytest.raises(Forbidden):
        reports.close_report(actor=actor(stranger), report=report, answer="No.")

    reports.close_report(actor=actor(owner), report=report, answer="Mended in 1.1.0.")
    assert Report.objects.get().answer == "Mended in 1.1.0."
    assert Notice.objects.filter(account=stranger, kind="reported").count() == 1
