"""Stars, follows and reports: what the buttons do, who is told, who sees the queue."""

import pytest

from skills.curation.models import Follow, Report, Star
from skills.notices.models import Kind, Notice
from skills.people.teams import create_service
from tests.factories import a_person, a_team, actor, an_approved, reload
from tests.pages import outcome

pytestmark = pytest.mark.django_db
SKILL = "/@crew/greet-people/"
COMPLAINT = {"reason": "other", "text": "It deletes my files."}


@pytest.fixture
def skill(owner, mate, team):
    return an_approved(owner, mate, team, wanted="public").skill


@pytest.fixture
def reader(client, stranger, skill):
    client.force_login(stranger)
    return client


def told(kind):
    """Who has a notice of KIND, in order."""
    return sorted(Notice.objects.filter(kind=kind).values_list("account__username", flat=True))


def test_a_star_is_given_once_and_taken_back(reader, skill):
    for _ in range(2):
        assert outcome(reader.post(f"{SKILL}star/", {"on": "1"}))[:2] == (302, SKILL)
    assert (reload(skill).stars, Star.objects.count()) == (1, 1)

    for _ in range(2):
        answer = reader.post(f"{SKILL}star/")

    assert outcome(answer)[2][-1] == ("ok", "Star removed.")
    assert (reload(skill).stars, Star.objects.count()) == (0, 0)


def test_a_star_on_what_one_may_not_read_is_404(client, stranger, owner, mate, team):
    an_approved(owner, mate, team, "quiet")
    client.force_login(stranger)

    for path in ("star/", "follow/", "report/"):
        assert client.post(f"/@crew/quiet/{path}", {"on": "1"} | COMPLAINT).status_code == 404
    assert not Star.objects.exists() and not Follow.objects.exists() and not Report.objects.exists()


def test_a_service_account_gives_no_star(client, owner, team, skill):
    client.force_login(create_service(actor=actor(owner), team=team, handle="ci"))

    assert client.post(f"{SKILL}star/", {"on": "1"}).status_code == 403
    assert reload(skill).stars == 0


@pytest.mark.parametrize(
    ("path", "back", "on", "off"),
    [
        (f"{SKILL}follow/", SKILL, "You will hear of new versions.", "You no longer follow this skill."),
        ("/@crew/-/follow/", "/@crew/", "You will hear of new versions.", "You no longer follow this team."),
    ],
)
def test_following_is_switched_on_and_off(path, back, on, off, reader):
    first = reader.post(path, {"on": "1"})
    assert outcome(first) == (302, back, [("ok", on)])
    assert Follow.objects.count() == 1

    second = reader.post(path)

    assert outcome(second)[:2] == (302, back)
    assert outcome(second)[2][-1] == ("ok", off)
    assert not Follow.objects.exists()


def test_a_report_tells_admins_and_staff_and_not_reviewers(reader, skill):
    a_person("boss", staff=True)

    answer = reader.post(f"{SKILL}report/", COMPLAINT)

    assert outcome(answer) == (302, SKILL, [("ok", "Thank you. You will get an answer.")])
    report = Report.objects.get()
    assert (report.reporter.username, report.version.number, report.text) == (
        "stranger",
        "1.0.0",
        "It deletes my files.",
    )
    assert told(Kind.REPORTED) == ["boss", "owner"]


def test_a_second_report_waits_for_the_answer_to_the_first(reader):
    reader.post(f"{SKILL}report/", COMPLAINT)

    answer = reader.post(f"{SKILL}report/", COMPLAINT)

    words = "You have already reported this skill. Staff will answer."
    assert outcome(answer)[2][-1] == ("bad", words)
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": "boredom"}, "reason"),
        ({"reason": ""}, "reason"),
        ({"text": " "}, "text"),
        ({"text": "x" * 2001}, "text"),
    ],
)
def test_a_report_that_says_nothing_keeps_what_was_typed(change, field, reader):
    answer = reader.post(f"{SKILL}report/", COMPLAINT | change)

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert not Report.objects.exists()


def test_a_visitor_signs_in_before_reporting(client, skill):
    assert client.get(f"{SKILL}report/")["Location"] == "/account/login/?next=/%40crew/greet-people/report/"


@pytest.fixture
def report(skill, mate):
    return Report.objects.create(skill=skill, reporter=mate, reason="other", text="It deletes my files.")


def test_staff_see_all_reports_and_admins_those_on_their_skills(client, owner, mate, stranger, report):
    others = a_team("others", admin=stranger, reviewer=mate)
    theirs = an_approved(stranger, mate, others, "else", wanted="public").skill
    Report.objects.create(skill=theirs, reporter=mate, reason="other", text="x")

    seen = {}
    for account in (owner, stranger, a_person("boss", staff=True), a_person("eye", auditor=True)):
        client.force_login(account)
        rows = client.get("/reports/").context["reports"]
        seen[account.username] = sorted(str(row.skill) for row in rows)

    assert seen == {
        "owner": ["crew/greet-people"],
        "stranger": ["others/else"],
        "boss": ["crew/greet-people", "others/else"],
        "eye": ["crew/greet-people", "others/else"],
    }


def test_an_answer_closes_a_report_and_reaches_its_reporter_alone(client, owner, report):
    client.force_login(owner)

    answer = client.post(f"/reports/{report.pk}/close/", {"answer": " We mended it. "})

    assert outcome(answer) == (302, "/reports/", [("ok", "The reporter has been answered.")])
    report.refresh_from_db()
    assert (report.answer, report.closed_by) == ("We mended it.", owner)
    assert told(Kind.REPORTED) == ["mate"]
    assert list(client.get("/reports/").context["reports"]) == []
    assert list(client.get("/reports/?filter=closed").context["reports"]) == [report]


def test_a_report_is_not_closed_without_an_answer(client, owner, report):
    client.force_login(owner)

    answer = client.post(f"/reports/{report.pk}/close/", {"answer": "  "})

    assert outcome(answer)[2] == [("bad", "Say what was done. The reporter reads your answer.")]
    report.refresh_from_db()
    assert report.closed_at is None
    assert told(Kind.REPORTED) == []


def test_a_closed_report_is_not_closed_again(client, owner, report):
    client.force_login(owner)
    client.post(f"/reports/{report.pk}/close/", {"answer": "We mended it."})

    assert client.post(f"/reports/{report.pk}/close/", {"answer": "Again."}).status_code == 404

    report.refresh_from_db()
    assert report.answer == "We mended it."


@pytest.mark.parametrize("who", ["mate", "stranger", "eye"])
def test_a_report_is_answered_by_admins_and_staff_only(who, client, mate, stranger, report):
    people = {"mate": mate, "stranger": stranger, "eye": a_person("eye", auditor=True)}
    client.force_login(people[who])

    assert client.post(f"/reports/{report.pk}/close/", {"answer": "Mine."}).status_code in (403, 404)
    report.refresh_from_db()
    assert report.closed_at is None


def test_a_report_that_is_not_there_is_404(client, owner):
    client.force_login(owner)

    assert client.post("/reports/77/close/", {"answer": "x"}).status_code == 404
