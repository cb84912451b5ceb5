import json

import msgspec
import pytest

from skills.budgets.reserve import Caller
from skills.budgets.settle import UNKNOWN
from skills.gateway.asked import Asked, Protocol
from skills.gateway.attribution import found_in
from skills.people.models import Token
from skills.usage import attribute, of_calls
from skills.usage.models import UnreviewedSkill
from tests.factories import a_secret, a_team, an_approved, skill_md
from tests.usage.texts import a_body, anthropic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh():
    attribute.attributor.cache_clear()
    of_calls.forget()
    yield
    attribute.attributor.cache_clear()


def asked(request: dict) -> Asked:
    fields = {name: msgspec.Raw(json.dumps(value).encode()) for name, value in request.items()}
    return Asked(protocol=Protocol.MESSAGES, model="m", fields=fields)


def by_token(account, *teams) -> Caller:
    a_secret(account, "publish", team_limits=teams)
    token = Token.objects.order_by("-pk")[0]
    return Caller(account_id=account.pk, token_id=token.pk, team_id=teams[0].pk if teams else None)


def text(name: str = "close-month", seed: int = 1) -> dict:
    return anthropic(skill_md(name, body=a_body(seed)))


def test_a_call_of_the_gateway_is_booked_to_the_version_in_its_conversation(owner, mate, team):
    version = an_approved(owner, mate, team, "close-month", body=a_body(1))

    found = found_in(asked(text()), by_token(owner))

    assert (found.skill_id, found.version_id) == (version.skill_id, version.pk)


def test_a_token_for_one_team_names_no_skill_of_another(owner, mate, team):
    an_approved(owner, mate, team, "close-month", body=a_body(1))
    other = a_team("other", admin=owner)

    assert found_in(asked(text()), by_token(owner, other)) == UNKNOWN


def test_unreviewed_skills_of_a_call_are_counted_for_its_team(owner, team):
    caller = by_token(owner, team)
    for _ in range(3):
        found_in(asked(text("from-the-web", 500)), caller)
    found_in(asked(text("from-the-web", 501)), caller)

    rows = UnreviewedSkill.objects.filter(team=team).order_by("calls")
    assert [(row.name, row.calls) for row in rows] == [("from-the-web", 1), ("from-the-web", 3)]


def test_a_conversation_that_cannot_be_read_is_of_no_skill(owner):
    broken = Asked(protocol=Protocol.CHAT, model="m", fields={"messages": msgspec.Raw(b"[" * 50_000)})
    long = Asked(protocol=Protocol.CHAT, model="m", fields={"messages": msgspec.Raw(b" " * 17_000_000)})

    assert [found_in(request, by_token(owner)) for request in (broken, long)] == [UNKNOWN, UNKNOWN]


def test_a_caller_that_is_gone_names_no_skill(owner, mate, team):
    an_approved(owner, mate, team, "close-month", body=a_body(1), wanted="public")

    assert found_in(asked(text()), Caller(account_id=None)) == UNKNOWN
    assert found_in(asked(text()), Caller(account_id=owner.pk, token_id=999_999)) == UNKNOWN
