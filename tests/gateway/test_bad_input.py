"""What goes wrong is refused in the protocol's own shape, or booked as unknown: never free, never a crash."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from skills.budgets import verify
from skills.budgets.models import HoldState
from skills.people.models import Scope
from skills.people.tokens import revoke_token
from skills.portfolio.models import PortfolioModel
from tests.factories import a_team, actor
from tests.gateway.provider import LIES, WRITTEN
from tests.gateway.test_calls import CALLS

pytestmark = pytest.mark.django_db
PATHS = {
    "/v1/messages": "anthropic",
    "/v1/chat/completions": "openai",
    "/v1beta/models/m:generateContent": "gemini",
}


def sentence(answer):
    error = answer.json()["error"]
    return error["message"]


def settled(desk, seconds=5):
    """The hold of the test's one call, when it has ended."""
    until = time.monotonic() + seconds
    while desk.hold.state == HoldState.HELD and time.monotonic() < until:
        time.sleep(0.02)
    return desk.hold


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("key", ["none", "sk-ant-of-somebody", "skh_" + "a" * 43 + "00000000"])
def test_a_wrong_key_is_refused_before_anything_is_read(desk, path, key):
    answer = desk.post(path, {}, key=key)

    assert answer.status_code == 401
    assert "no SkillHub token" in sentence(answer)


@pytest.mark.parametrize("path", PATHS)
def test_an_address_that_says_too_much_is_refused(desk, path):
    answer = desk.post(path, {}, params={f"a{number}": "1" for number in range(21)})

    assert answer.status_code == 400
    assert "at most 20" in sentence(answer)


def test_each_protocol_says_a_refusal_in_its_own_shape(desk):
    anthropic, openai, gemini = (desk.post(path, {}, key="x").json() for path in PATHS)

    assert (anthropic["type"], anthropic["error"]["type"]) == ("error", "authentication_error")
    assert (openai["error"]["type"], openai["error"]["code"]) == ("authentication_error", "invalid_api_key")
    assert (gemini["error"]["code"], gemini["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_a_key_is_taken_wherever_a_client_puts_it(desk):
    path, body = CALLS["messages"]
    places = [
        {"headers": {"x-api-key": desk.key}},
        {"headers": {"x-goog-api-key": desk.key}},
        {"params": {"key": desk.key}},
    ]

    answers = [httpx.post(desk.url + path, json=body, **place) for place in places]

    assert [answer.status_code for answer in answers] == [200] * 3


def test_a_revoked_token_calls_nothing_from_then_on(desk):
    assert desk.messages().status_code == 200

    revoke_token(actor=actor(desk.person), token=desk.token)

    assert desk.messages().status_code == 401


def test_a_token_without_the_scope_calls_nothing(desk):
    answer = desk.post("/v1/messages", {"model": "good"}, key=desk.a_key(scopes=[Scope.READ]))

    assert answer.status_code == 403
    assert "scope models" in sentence(answer)


def test_who_has_several_teams_says_which_one_pays(desk):
    other = a_team(f"{desk.team.handle}-b", admin=desk.person)
    key = desk.a_key()
    body = CALLS["messages"][1]

    unclear = desk.post("/v1/messages", body, key=key)
    by_name = desk.post("/v1/messages", body | {"model": f"{other.handle}/good"}, key=key)
    by_header = desk.post("/v1/messages", body, key=key, headers={"X-SkillHub-Team": desk.team.handle})
    by_token = desk.post("/v1/messages", body, key=desk.a_key(teams=[other]))
    strange = desk.post("/v1/messages", body, key=key, headers={"X-SkillHub-Team": "nobodys"})

    assert (unclear.status_code, strange.status_code) == (400, 400)
    assert other.handle in sentence(unclear)
    assert [answer.status_code for answer in (by_name, by_header, by_token)] == [200] * 3
    assert [hold.team_id for hold in desk.holds] == [other.pk, desk.team.pk, other.pk]


@pytest.mark.parametrize("model", ["nothing", "oai-good", "", 7, "x" * 100_000, "a\x00b", "../good"])
def test_an_unknown_model_is_named_and_costs_nothing(desk, model):
    answer = desk.messages(model)

    assert answer.status_code in (400, 404)
    assert "model" in sentence(answer)
    assert desk.holds == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nothing",
        b"[]",
        b'{"model": "good", "max_tokens": "many"}',
        b'{"model": "good", "max_tokens": -1}',
        b'{"model": "good", "max_tokens": 99999999999999999999}',
        b'{"model": "good", "stream": "yes"}',
        b"[" * 100_000,
        b'{"model": "good", "messages": ' + b"[" * 100_000,
        b"\xff\xfe",
        b'{"model": "good"',
    ],
)
def test_a_body_that_cannot_be_read_is_refused(desk, content):
    answer = httpx.post(desk.url + "/v1/messages", content=content, headers={"x-api-key": desk.key})

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert desk.holds == []


def test_a_body_of_fifty_megabytes_is_refused_before_it_is_read(desk):
    address, port = desk.url.removeprefix("http://").split(":")
    with socket.create_connection((address, int(port))) as client:
        lines = [
            "POST /v1/messages HTTP/1.1",
            "Host: x",
            f"x-api-key: {desk.key}",
            "Content-Length: 52428800",
        ]
        client.sendall("\r\n".join([*lines, "", ""]).encode())
        client.settimeout(5)
        answer = client.recv(4096)

    assert b" 413 " in answer.splitlines()[0]


@pytest.mark.parametrize("model", ["negative", "text", "huge", "zero", "mute", "html", "redirect"])
def test_an_answer_that_does_not_say_what_was_used_is_charged_in_full(desk, model):
    answer = desk.messages(model)

    assert answer.status_code in (200, 502)
    hold = settled(desk)
    assert (hold.state, hold.used_tokens) == (HoldState.LOST, hold.tokens)
    assert hold.tokens > 100


def test_a_provider_that_says_more_than_is_possible_is_booked_and_not_asked_again(desk):
    desk.messages("unlikely")

    assert settled(desk).used_tokens == LIES["unlikely"] + WRITTEN
    assert "it reported 100,000,005 tokens" in PortfolioModel.objects.get(name="unlikely").blocked.lower()


def test_what_a_request_only_names_proves_nothing_against_a_provider(desk):
    picture = {"type": "image", "source": {"type": "url", "url": "https://pictures.example/a.png"}}

    desk.messages("beyond", messages=[{"role": "user", "content": [picture]}])

    assert settled(desk).used_tokens == LIES["beyond"] + WRITTEN
    assert PortfolioModel.objects.get(name="beyond").blocked == ""


@pytest.mark.parametrize(("model", "status"), [("status-400", 400), ("status-429", 429)])
def test_the_provider_s_own_refusal_is_passed_on_and_costs_nothing(desk, model, status):
    answer = desk.messages(model)

    assert (answer.status_code, sentence(answer)) == (status, "The provider's own words.")
    assert desk.hold.state == HoldState.RELEASED


def test_that_the_provider_refuses_our_key_is_no_fault_of_the_client_s_key(desk):
    answer = desk.messages("status-401")

    assert answer.status_code == 502
    assert "SkillHub's staff can mend that" in sentence(answer)
    assert desk.hold.state == HoldState.RELEASED


def test_a_provider_that_fails_is_asked_again_and_each_try_is_released(desk):
    answer = desk.messages("status-500")

    assert answer.status_code == 500
    assert [hold.state for hold in desk.holds] == [HoldState.RELEASED] * 3


def test_a_provider_that_nobody_reaches_costs_nothing(desk):
    answer = desk.messages("away")

    assert answer.status_code == 502
    assert {hold.state for hold in desk.holds} == {HoldState.RELEASED}


@contextmanager
def begun(desk, model: str) -> Iterator[None]:
    """A call of which the client has the first bytes, and no more once it leaves."""
    with httpx.stream(
        "POST",
        desk.url + "/v1/messages",
        json=CALLS["messages streamed"][1] | {"model": model},
        headers={"x-api-key": desk.key},
    ) as answer:
        next(answer.iter_raw())
        yield


def test_a_client_that_goes_away_is_charged_what_the_provider_says_at_its_end(desk):
    with begun(desk, "slow"):
        pass

    hold = settled(desk)
    assert (hold.state, hold.used_tokens) == (HoldState.SETTLED, 55)


def test_where_no_end_comes_after_the_client_has_gone_the_hold_is_charged(desk):
    with begun(desk, "endless"):
        pass

    hold = settled(desk)
    assert hold.state == HoldState.LOST
    assert "client went away" in hold.entries.first().note


def test_out_of_budget_says_which_budget_who_can_raise_it_and_when_it_starts_again(desk):
    desk.limit(150)

    answer = desk.messages()

    assert answer.status_code == 429
    assert answer.headers["x-should-retry"] == "false"
    assert int(answer.headers["retry-after"]) > 0
    text = sentence(answer)
    assert f"budget of {desk.person.username}" in text
    assert "SkillHub's staff can raise it." in text
    assert "This monthly usage limit resets on" in text
    assert desk.holds == []


def test_a_call_waits_a_while_for_those_under_way_and_is_then_told_to_come_again(desk):
    desk.limit(400)
    with begun(desk, "endless"):
        busy = desk.messages()

    assert busy.status_code == 429
    assert "under way" in sentence(busy)
    assert "x-should-retry" not in busy.headers
    settled(desk)


def test_after_all_of_this_the_counters_are_what_the_rows_say(desk):
    assert verify.differences() == []
