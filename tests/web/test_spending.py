"""The pages of spending: who sees whose, over which time, and what leads on to what."""

import csv
import io

from skills.budgets import rollup, settle
from skills.budgets.reserve import Caller
from skills.budgets.settle import Attribution, Usage
from tests.budgets.making import hold

CREW, CREW_CALLS = "/spending/teams/crew/", "/spending/teams/crew/calls/"


def spend(account, team, tokens: int = 10, micros: int | None = 5, **more):
    """A call that has ended."""
    caller = Caller(
        account_id=account.pk,
        team_id=team.pk if team else None,
        agent=more.pop("agent", "codex"),
        session=more.pop("session", ""),
    )
    of = Attribution(skill_id=more.pop("skill_id", None), version_id=more.pop("version_id", None))
    pk = hold(team, account, tokens, micros, caller=caller, **({"role": "work"} | more))
    settle.settle(pk, Usage(tokens), micros, of)
    return pk


def text_of(client, account, address: str) -> str:
    client.force_login(account)
    response = client.get(address)
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


def rows_of(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


def test_a_person_sees_what_they_spent_themselves(client, owner, mate, team):
    spend(owner, team, 1_234)
    spend(mate, team, 7_777)
    rollup.roll_up()

    page = text_of(client, owner, "/spending/")

    assert "1,234" in page
    assert "7,777" not in page


def test_an_admin_sees_their_team_person_by_person(client, owner, mate, team):
    spend(owner, team, 1_234)
    spend(mate, team, 7_777)
    rollup.roll_up()

    page = text_of(client, owner, f"{CREW}?by=person")

    assert "mate" in page
    assert "9,011" in page


def test_a_mate_and_a_stranger_find_no_report_of_the_team(client, mate, stranger, team):
    for account in (mate, stranger):
        client.force_login(account)
        for path in ("?by=person", "calls/", "calls/?list=calls"):
            address = f"/spending/everybody/{path}"
            with django_assert_max_num_queries(40) as asked:
                client.get(address)
            counts.append((address, len(asked)))

    assert len(set(counts[3:])) == 3
