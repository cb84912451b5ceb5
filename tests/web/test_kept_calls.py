"""Pages about prompts and answers that a team keeps."""

import re

import pytest

from tests.factories import bearer
from tests.usage.making import a_kept_call, keeps

pytestmark = pytest.mark.django_db


def text_of(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_a_person_is_told_before_and_while_a_team_keeps_calls(client, owner, mate, team):
    client.force_login(mate)
    before = text_of(client.get("/account/agents/"))
    client.force_login(owner)
    client.post("/@crew/-/kept-calls/days/", {"days": "7"})
    client.force_login(mate)
    announced = text_of(client.get("/account/agents/"))
    keeps(team)

    assert "No team of yours keeps what your agents say" in before
    assert re.search(r"From \d+ \w+ \d+, [\d:]+ UTC on crew keeps what your agents say", announced)
    assert "crew keeps what your agents say and are told" in text_of(client.get("/account/agents/"))


@pytest.mark.parametrize("number", [1, 3])
def test_kept_calls_are_listed_for_their_person_and_for_admins(number, client, owner, mate, team):
    keeps(team)
    calls = [a_kept_call(mate, team) for _ in range(number)]

    for reader, address in ((owner, "/@crew/-/kept-calls/"), (mate, "/account/agents/kept/")):
        client.force_login(reader)
        page = client.get(address).content.decode()
        assert all(str(call.pk) in page for call in calls)
        assert "six by nine" not in page


def test_a_call_is_shown_as_text_and_never_as_markup(client, owner, team):
    keeps(team)
    call = a_kept_call(owner, team, asked=b"<script>alert(1)</script>")
    client.force_login(owner)

    page = client.get(f"/account/agents/kept/{call.pk}/").content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("days", ["", "many", "-3", "91", "9" * 100])
def test_days_that_are_none_are_refused(days, client, owner, team):
    client.force_login(owner)

    page = client.post("/@crew/-/kept-calls/days/", {"days": days}, follow=True)

    assert "0 to 90 days" in text_of(page)


def test_the_api_says_and_changes_what_is_kept(client, owner, team):
    address, key = "/api/v1/teams/crew/call-keeping", bearer(owner, "admin")

    def put(days: int):
        return client.put(address, {"days": days}, content_type="application/json", headers=key)

    changed = put(7).json()

    assert (changed["days"], changed["next_days"]) == (0, 7)
    assert client.get(address, headers=key).json() == changed
    assert put(99).status_code == 400


def test_the_api_lists_calls_without_and_reads_one_with_its_text(client, owner, mate, team):
    keeps(team)
    call = a_kept_call(mate, team)
    key = bearer(owner, "admin")

    [row] = client.get("/api/v1/teams/crew/kept-calls", headers=key).json()["results"]
    one = client.get(f"/api/v1/kept-calls/{call.pk}", headers=key).json()

    assert (row["id"], row["account"], row["agent"]) == (str(call.pk), mate.username, "claude-code")
    assert "asked" not in row
    assert one["asked"] == "What is six by nine?"
