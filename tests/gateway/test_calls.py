"""Calls that go well, in each protocol: passed through as they are, and booked as the provider says."""

import json

import httpx
import pytest

from skills.budgets.models import HoldState, LedgerEntry
from tests.gateway.conftest import SECRETS
from tests.gateway.provider import SENT, WRITTEN

pytestmark = pytest.mark.django_db
MESSAGE = {"max_tokens": 100, "messages": [{"role": "user", "content": "Hi"}]}
CALLS = {
    "messages": ("/v1/messages", {"model": "good", **MESSAGE}),
    "messages streamed": ("/v1/messages", {"model": "good", "stream": True, **MESSAGE}),
    "chat": ("/v1/chat/completions", {"model": "oai-good", "messages": []}),
    "chat streamed": ("/v1/chat/completions", {"model": "oai-good", "stream": True, "messages": []}),
    "responses": ("/v1/responses", {"model": "oai-good", "input": "Hi"}),
    "responses streamed": ("/v1/responses", {"model": "oai-good", "input": "Hi", "stream": True}),
    "gemini": ("/v1beta/models/gem-good:generateContent", {"contents": []}),
    "gemini events": ("/v1beta/models/gem-good:streamGenerateContent?alt=sse", {"contents": []}),
    "gemini array": ("/v1beta/models/gem-good:streamGenerateContent", {"contents": []}),
}


@pytest.mark.parametrize("call", CALLS)
def test_what_the_provider_says_is_booked_to_person_team_and_instance(desk, call):
    path, body = CALLS[call]

    answer = desk.post(path, body)

    assert answer.status_code == 200, answer.text
    hold = desk.hold
    assert (hold.state, hold.used_tokens) == (HoldState.SETTLED, SENT + WRITTEN)
    assert hold.role == "work"
    assert LedgerEntry.objects.filter(hold=hold).count() == 3


def test_embeddings_hold_their_input_alone(desk):
    answer = desk.post("/v1/embeddings", {"model": "oai-good", "input": "Hi"})

    assert answer.status_code == 200
    assert (desk.hold.state, desk.hold.used_tokens, desk.hold.output_tokens) == (HoldState.SETTLED, SENT, 0)


def test_counting_tokens_costs_nothing(desk):
    answer = desk.post("/v1/messages/count_tokens", {"model": "good", "messages": []})

    assert answer.json() == {"input_tokens": SENT}
    assert desk.holds == []


def test_every_field_reaches_the_provider_byte_for_byte_but_the_name_of_the_model(desk):
    body = '{"model": "oai-good", "max_tokens": 7, "seed": 1.50, "note": "\\u00e9é", "stream":false}'

    httpx.post(
        f"{desk.url}/v1/chat/completions", content=body, headers={"Authorization": f"Bearer {desk.key}"}
    )

    assert desk.provider.seen == [json.loads(body) | {"model": "good"}]


def test_where_the_client_sets_no_cap_the_model_s_own_is_set(desk):
    for path, body in (CALLS["chat"], CALLS["responses"], CALLS["gemini"]):
        desk.post(path, body)

    chat, responses, gemini = desk.provider.seen
    assert chat["max_completion_tokens"] == 1000
    assert responses["max_output_tokens"] == 1000
    assert gemini["generationConfig"] == {"maxOutputTokens": 1000}


def test_usage_is_asked_for_in_a_chat_and_shown_only_to_whom_asked(desk):
    hidden = desk.chat(stream=True)
    shown = desk.chat(stream=True, stream_options={"include_usage": True})

    assert [seen["stream_options"] for seen in desk.provider.seen] == [{"include_usage": True}] * 2
    assert '"prompt_tokens"' not in hidden.text
    assert '"prompt_tokens"' in shown.text
    assert hidden.text.endswith("data: [DONE]\n\n")


def test_a_stream_passes_as_the_provider_writes_it(desk):
    whole = desk.messages(stream=True)

    assert whole.headers["content-type"].startswith("text/event-stream")
    assert [line for line in whole.text.splitlines() if line.startswith("event:")] == [
        "event: message_start",
        *["event: content_block_delta"] * 3,
        "event: message_delta",
        "event: message_stop",
    ]


def test_the_provider_gets_its_own_key_and_nothing_of_the_client_s(desk):
    headers = {"anthropic-beta": "x-1", "anthropic-version": "2023-06-01", "cookie": "a=b", "x-mine": "1"}
    desk.post("/v1/messages?beta=true", CALLS["messages"][1], headers=headers)
    desk.post(f"{CALLS['gemini'][0]}?key={desk.key}", CALLS["gemini"][1])

    first, second = desk.provider.headers
    assert first["x-api-key"] == SECRETS["anthropic"]
    assert (first["anthropic-beta"], first["anthropic-version"]) == ("x-1", "2023-06-01")
    assert not {"cookie", "x-mine", "authorization"} & set(first)
    assert second["x-goog-api-key"] == SECRETS["google"]
    assert not any(desk.key in url for url in desk.provider.urls)


def test_the_client_is_told_the_model_and_no_secret_of_the_account(desk):
    answer = desk.messages()

    assert answer.headers["x-skillhub-model"] == "good"
    assert answer.headers["request-id"] == "req_1"
    assert "anthropic-organization-id" not in answer.headers
    assert desk.hold.request_id == "req_1"


@pytest.mark.parametrize(
    ("user_agent", "body", "known"),
    [
        (
            "claude-cli/2.1.197 (external, cli)",
            {"metadata": {"user_id": "user_a_account_b_session_0a1b2c3d-1"}},
            ("claude-code", "0a1b2c3d-1"),
        ),
        (
            "claude-cli/2.2",
            {"metadata": {"user_id": '{"device_id":"x","session_id":"0a1b2c3d-2"}'}},
            ("claude-code", "0a1b2c3d-2"),
        ),
        ("Mine 1.0", {}, ("mine", "")),
        ("", {"metadata": None}, ("", "")),
    ],
)
def test_agent_and_session_are_kept_as_the_client_says_them(desk, user_agent, body, known):
    desk.post("/v1/messages", CALLS["messages"][1] | body, headers={"User-Agent": user_agent})

    assert (desk.hold.agent, desk.hold.session) == known
    assert (desk.hold.token_id, desk.hold.team_id) == (desk.token.pk, desk.team.pk)


def test_money_is_booked_with_what_the_cache_saved(desk):
    desk.chat()

    assert desk.hold.used_micros == 40 * 3 + 3 + 5 * 15


def test_what_is_kept_in_the_cache_for_an_hour_is_held_and_booked_at_twice_the_input(desk):
    system = [{"type": "text", "text": "Hi", "cache_control": {"type": "ephemeral", "ttl": "1h"}}]
    desk.messages()
    ordinary = desk.hold.micros

    desk.messages(system=system)

    hour = desk.holds[-1]
    assert (hour.written_tokens, hour.used_micros) == (50, 50 * 6 + 5 * 15)
    assert hour.micros > 1.5 * ordinary


def test_each_protocol_lists_the_models_that_the_key_may_call(desk):
    headers = {"Authorization": f"Bearer {desk.key}"}
    openai = httpx.get(f"{desk.url}/v1/models", headers=headers).json()
    anthropic = httpx.get(f"{desk.url}/v1/models", headers=headers | {"anthropic-version": "1"}).json()
    gemini = httpx.get(f"{desk.url}/v1beta/models?key={desk.key}").json()

    listed = {row["id"] for row in openai["data"]}
    assert {"good", "oai-good"} <= listed
    assert not {"weighty", "gem-good"} & listed  # they speak another protocol
    assert "status-429" in [row["id"] for row in anthropic["data"]]
    assert "models/gem-good" in [row["name"] for row in gemini["models"]]
