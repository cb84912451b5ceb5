"""Pages about agents at work."""

import re

import pytest

from skills.audit.models import Event
from skills.budgets.rollup import roll_up
from skills.budgets.settle import Usage
from skills.usage.models import UnreviewedSkill
from skills.usage.telemetry_models import TelemetryWish
from tests.factories import a_team, an_approved
from tests.usage.making import a_report

pytestmark = pytest.mark.django_db
FIELD = "/@crew/greet-people/field/"


@pytest.fixture
def version(owner, mate, team):
    return an_approved(owner, mate, team)


def text_of(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_a_skill_that_no_agent_used_says_so(client, owner, version):
    client.force_login(owner)

    assert "No agent was seen with this skill" in text_of(client.get(FIELD))


def test_uses_stand_by_version_and_agent_with_the_older_versions_still_in_use(
    client, owner, mate, stranger, team, version
):
    newer = an_approved(owner, mate, team, number="1.1.0", body="Say hello twice.")
    for account, of, session in ((owner, version, "a"), (stranger, newer, "b"), (owner, newer, "c")):
        a_report(account, team, of, session=session, micros=2_000)
    a_report(owner, team, version, session="a", micros=4_000)
    roll_up()
    client.force_login(owner)

    page = text_of(client.get(FIELD))

    assert "1.0.0 older claude-code 1 2" in page
    assert "1.1.0 newest claude-code 2 2" in page
    assert "67 % of them by members of crew" in page
    assert "1.0.0 is still in use" in page


def test_the_tab_asks_the_database_as_often_for_many_uses_as_for_one(
    client, owner, team, version, django_assert_max_num_queries
):
    client.force_login(owner)
    a_report(owner, team, version, session="a")
    roll_up()
    with django_assert_max_num_queries(30) as few:
        client.get(FIELD)
    for number in range(5):
        a_report(owner, team, version, session=f"s{number}", agent=f"agent-{number}")
    roll_up()

    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(FIELD)


def test_visitors_and_those_who_may_not_read_see_no_uses(client, stranger, version):
    assert client.get(FIELD).status_code in (302, 404)
    client.force_login(stranger)

    assert client.get(FIELD).status_code == 404


def test_unreviewed_skills_are_listed_for_admins_and_forgotten_by_them(client, owner, mate, team):
    for number in range(3):
        UnreviewedSkill.objects.create(team=team, name=f"from-the-web-{number}", digest="sha256:" + "0" * 64)
    client.force_login(owner)

    page = text_of(client.get("/@crew/-/unreviewed/"))
    client.post(f"/@crew/-/unreviewed/{UnreviewedSkill.objects.first().pk}/forget/")

    assert page.count("Import it for review") == 3
    assert UnreviewedSkill.objects.count() == 2
    assert Event.objects.filter(act="unreviewed.forget").exists()
    client.force_login(mate)
    assert client.get("/@crew/-/unreviewed/").status_code == 403


def test_an_altered_copy_of_a_skill_that_the_admin_may_not_read_names_no_skill(
    client, owner, stranger, mate, team
):
    other = a_team("other", admin=stranger, reviewer=mate)
    secret = an_approved(stranger, mate, other, "secret-work")
    UnreviewedSkill.objects.create(team=team, name="copied", digest="", near=secret.skill)
    client.force_login(owner)

    page = text_of(client.get("/@crew/-/unreviewed/"))

    assert "copied" in page
    assert "secret-work" not in page


def test_an_admin_has_telemetry_count(client, owner, team):
    client.force_login(owner)

    client.post("/@crew/-/telemetry/", {"counts": "1"})

    assert TelemetryWish.objects.get(team=team).counts
    assert "counts against the budgets" in text_of(client.get("/@crew/-/unreviewed/"))


def test_the_page_of_agents_has_the_address_of_this_instance_and_what_was_heard(
    client, owner, team, version, settings
):
    client.force_login(owner)
    assert "No agent of yours told anything" in text_of(client.get("/account/agents/"))
    a_report(owner, team, version, session="a", usage=Usage(input=1_234))

    page = text_of(client.get("/account/agents/"))

    assert f"{settings.PUBLIC_URL}/otlp" in page
    assert "claude-code 1 1,234" in page
