import gzip
import json
from datetime import timedelta

import pytest
from google.protobuf import json_format
from google.rpc.status_pb2 import Status

from skills.budgets import allowances, reserve, settle
from skills.budgets.models import Hold, HoldState, LedgerEntry
from skills.budgets.reserve import Call, Caller
from skills.budgets.selectors import standing, standing_of
from skills.budgets.settle import Attribution, Usage
from skills.budgets.verify import differences
from skills.people.models import Token
from skills.usage import ingest
from skills.usage.models import UnreviewedSkill
from skills.usage.otlp import REQUESTS, Signal
from skills.usage.telemetry_models import TelemetryWish, WaitingUsage
from tests.factories import a_person, a_team, actor, an_approved, bearer
from tests.usage.telemetry import api_request, counter, logs, nano, recorded, spans, token_usage

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(client, owner, team):
    headers = bearer(owner, "report")

    def post(body, signal="logs", **more):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"content_type": "application/json", "headers": headers} | more
        return client.post(f"/otlp/v1/{signal}", data, **given)

    return post


def reported() -> list[Hold]:
    return list(Hold.objects.filter(state=HoldState.REPORTED).order_by("created_at"))


def time_passes(monkeypatch) -> None:
    later = ingest.now() + timedelta(minutes=5)
    monkeypatch.setattr(ingest, "now", lambda: later)


def test_a_call_that_claude_code_tells_is_booked(send, owner, team):
    answer = send(logs(api_request(request_id="req_1")))

    [hold] = reported()
    assert (answer.status_code, answer.json()) == (200, {})
    assert (hold.agent, hold.model, hold.session) == ("claude-code", "claude-opus-4-8", "s-1")
    assert (hold.account_id, hold.team_id, hold.role) == (owner.pk, team.pk, "told")
    tokens = (hold.input_tokens, hold.cached_tokens, hold.written_tokens, hold.output_tokens)
    assert tokens == (1200, 300, 20, 40)
    assert (hold.used_tokens, hold.used_micros, hold.request_id) == (1560, 7000, "req_1")


def test_an_export_that_comes_again_is_booked_once(send):
    export = logs(api_request(1), api_request(2))

    send(export)
    send(export)

    assert len(reported()) == 2


def test_a_call_of_the_gateway_is_not_booked_again(send, owner, team):
    periods = reserve.charged(team_id=team.pk, account_id=owner.pk)
    caller = Caller(account_id=owner.pk, team_id=team.pk, session="s-2")
    for request_id in ("req_1", "req_2"):
        hold = reserve.reserve(periods, Call(model="m", role="work", tokens=9, micros=None, caller=caller))
        settle.settle(hold, Usage(input=5), None, Attribution(request_id=request_id))

    send(logs(api_request(1, request_id="req_1"), api_request(2, session="s-2"), api_request(3, "s-3")))

    assert [hold.session for hold in reported()] == ["s-3"]


def test_totals_wait_and_are_left_out_where_the_session_is_told_call_by_call(send, monkeypatch):
    send(token_usage("s-1", input=1200, output=40), "metrics")
    send(token_usage("s-2", input=7, output=3, cacheRead=2), "metrics")
    send(logs(api_request(1, "s-1")))
    send(token_usage("s-1", input=900), "metrics")

    assert [hold.session for hold in reported()] == ["s-1"]

    time_passes(monkeypatch)
    ingest.book_waiting()
    assert sorted((hold.session, hold.used_tokens) for hold in reported()) == [("s-1", 1560), ("s-2", 12)]
    assert not WaitingUsage.objects.exists()


def test_a_total_that_names_no_session_is_left_out_where_its_agent_tells_its_calls(send, monkeypatch):
    facts = {"model": "claude-opus-4-8", "type": "input"}
    send(logs(api_request(1, "s-1")))
    send(counter("claude_code.token.usage", (facts, 1200.0)), "metrics")
    send(counter("claude_code.token.usage", (facts, 77.0), service="codex"), "metrics")

    time_passes(monkeypatch)
    ingest.book_waiting()

    assert sorted((hold.agent, hold.input_tokens) for hold in reported()) == [
        ("claude-code", 1200),
        ("codex", 77),
    ]


def test_many_calls_of_one_export_share_what_is_looked_up(send, team, django_assert_max_num_queries):
    TelemetryWish.objects.create(team=team, counts=True)
    export = logs(*(api_request(number, **{"skill.name": "nobodys"}) for number in range(50)))

    with django_assert_max_num_queries(50 * 2 + 80):
        send(export)

    assert len(reported()) == 50


def test_a_total_that_comes_again_after_it_was_booked_is_booked_once(send, monkeypatch):
    export = token_usage("s-2", at=nano(), input=7)
    send(export, "metrics")
    time_passes(monkeypatch)
    ingest.book_waiting()

    send(export, "metrics")
    later = ingest.now() + timedelta(minutes=9)
    monkeypatch.setattr(ingest, "now", lambda: later)
    ingest.book_waiting()

    assert len(reported()) == 1


def test_a_counter_that_only_grows_is_booked_by_what_it_grew(send, monkeypatch):
    facts = {"openclaw.token": "input", "openclaw.model": "gpt-5", "openclaw.sessionKey": "main"}
    for at, value in (("1", 100.0), ("2", 100.0), ("3", 250.0)):
        export = counter(
            "openclaw.tokens", (facts, value), service="openclaw-gateway", grows=True, at=nano(float(at))
        )
        send(export, "metrics")
    time_passes(monkeypatch)
    ingest.book_waiting()

    assert [hold.used_tokens for hold in reported()] == [100, 150]
    assert {hold.agent for hold in reported()} == {"openclaw"}


def test_codex_tells_its_whole_input(send):
    event = {
        "event.name": "codex.sse_event",
        "event.kind": "response.completed",
        "event.timestamp": "2026-11-28T10:00:00Z",
        "conversation.id": "c-1",
        "model": "gpt-5-codex",
        "input_token_count": 1000,
        "cached_token_count": 400,
        "output_token_count": 50,
    }

    send(logs(event, service="codex_cli_rs"))

    [hold] = reported()
    assert (hold.agent, hold.input_tokens, hold.cached_tokens, hold.used_tokens) == ("codex", 600, 400, 1050)


def test_what_the_real_codex_sends_is_understood(send):
    export = recorded("codex_logs")

    send(export)
    send(export)

    [hold] = reported()
    assert (hold.agent, hold.model, hold.input_tokens, hold.output_tokens) == ("codex", "gpt-5", 1500, 20)


def test_spans_of_the_conventions_are_booked_without_those_around_them(send):
    usage = {"gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 5}
    usage["gen_ai.request.model"] = "gpt-5"

    send(spans({**usage, "gen_ai.operation.name": "invoke_agent"}, usage), "traces")

    assert [(hold.agent, hold.model, hold.used_tokens) for hold in reported()] == [("my-agent", "gpt-5", 15)]


def test_a_skill_that_telemetry_names_is_booked(send, owner, mate, team):
    version = an_approved(owner, mate, team, "close-month")
    activated = {"event.name": "skill_activated", "session.id": "s-9", "skill.name": "close-month"}

    send(logs(api_request(1, "s-8", **{"skill.name": "close-month"}), activated, api_request(2, "s-9")))
    send(logs(api_request(3, "s-9"), api_request(4, "s-7", **{"skill.name": "from-the-web"})))

    skills = {hold.session: (hold.skill_id, hold.version_id) for hold in reported()}
    ours = (version.skill_id, version.pk)
    assert skills == {"s-8": ours, "s-9": ours, "s-7": (None, None)}
    assert UnreviewedSkill.objects.get().name == "from-the-web"


def test_a_call_that_began_before_a_skill_was_loaded_is_not_of_the_skill(send, owner, mate, team):
    version = an_approved(owner, mate, team, "close-month")

    send(recorded("claude_code_logs"))

    assert [hold.skill_id for hold in reported()] == [None, version.skill_id]


def test_what_claude_code_counts_is_what_it_tells_call_by_call(send, monkeypatch):
    send(recorded("claude_code_metrics"), "metrics")
    time_passes(monkeypatch)
    ingest.book_waiting()

    # The first call is told without the skill, six more with it.
    totals = [(hold.input_tokens, hold.output_tokens, hold.used_micros) for hold in reported()]
    assert sorted(totals) == [(1200, 40, 7000), (7200, 240, 42000)]


def test_telemetry_counts_against_budgets_where_the_team_wishes_so(send, team):
    send(logs(api_request(1)))
    assert standing(team=team).period.spent_tokens == 0
    TelemetryWish.objects.create(team=team, counts=True)

    export = logs(api_request(2))
    send(export)
    send(export)

    period = standing(team=team).period
    assert (period.spent_tokens, period.spent_micros) == (1560, 7000)
    assert LedgerEntry.objects.count() == 3
    assert differences() == []


def test_a_told_call_is_charged_to_the_parts_of_its_model_and_its_token(client, owner, team):
    boss = a_person("boss", staff=True)
    TelemetryWish.objects.create(team=team, counts=True)
    headers = bearer(owner, "report")
    parts = [
        allowances.part_of(actor=actor(owner), team=team, model="claude-opus-4-8"),
        allowances.of_token(actor=actor(boss), token=Token.objects.get(account=owner)),
    ]

    body = json.dumps(logs(api_request(1)))
    client.post("/otlp/v1/logs", body, content_type="application/json", headers=headers)

    assert [standing_of(part).period.spent_tokens for part in parts] == [1560, 1560]


def test_who_is_in_several_teams_says_which_one_and_none_is_taken_at_random(client, owner, team):
    second = a_team("second", admin=owner)

    for number, named in enumerate(({}, {"X-SkillHub-Team": "second"}), 1):
        body = json.dumps(logs(api_request(number)))
        headers = bearer(owner, "report") | named
        client.post("/otlp/v1/logs", body, content_type="application/json", headers=headers)
    refused = client.post(
        "/otlp/v1/logs",
        json.dumps(logs(api_request(3))),
        content_type="application/json",
        headers=bearer(owner, "report") | {"X-SkillHub-Team": "nobody"},
    )

    assert [hold.team_id for hold in reported()] == [None, second.pk]
    assert (refused.status_code, "no team nobody" in refused.json()["message"]) == (400, True)


def test_protobuf_and_gzip_are_read(send):
    export = json_format.ParseDict(logs(api_request()), REQUESTS[Signal.LOGS]())
    body = gzip.compress(export.SerializeToString())

    kind = "application/x-protobuf"
    answer = send(body, content_type=kind, HTTP_CONTENT_ENCODING="gzip")

    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, kind, b"")
    assert len(reported()) == 1


def test_numbers_that_make_no_sense_are_said_to_be_left_out(send):
    odd = [{"input_tokens": -1}, {"input_tokens": "many"}, {"cost_usd": 1e300}, {"output_tokens": 2**60}]

    answer = send(logs(*(api_request(index, **facts) for index, facts in enumerate(odd)), api_request(9)))

    assert answer.json()["partialSuccess"]["rejectedLogRecords"] == "4"
    assert len(reported()) == 1


@pytest.mark.parametrize(
    ("body", "more", "status"),
    [
        (b"{", {}, 400),
        (b"[]", {}, 400),
        (b'{"resourceLogs": 7}', {}, 400),
        (b"[" * 50_000, {}, 400),
        (b"\xff" * 99, {"content_type": "application/x-protobuf"}, 400),
        (b"{}", {"HTTP_CONTENT_ENCODING": "gzip"}, 400),
        (gzip.compress(b"{}", mtime=0)[:-4], {"HTTP_CONTENT_ENCODING": "gzip"}, 400),
        (gzip.compress(b" " * 9_000_000, mtime=0), {"HTTP_CONTENT_ENCODING": "gzip"}, 413),
        (b" " * 2_100_000, {}, 413),
        (b"{}", {"HTTP_CONTENT_ENCODING": "br"}, 415),
        (b"<x/>", {"content_type": "text/xml"}, 415),
        (b"{}", {"headers": {}}, 401),
        (b"{}", {"headers": {"Authorization": "Bearer skh_wrong"}}, 401),
    ],
)
def test_what_cannot_be_taken_is_refused_in_the_shape_of_otlp(send, body, more, status):
    answer = send(body, **more)

    assert answer.status_code == status
    if answer["Content-Type"] == "application/json":
        assert answer.json()["message"]
    else:
        assert Status.FromString(answer.content).message
    assert not Hold.objects.exists()


def test_a_token_needs_the_scope(client, owner):
    answer = client.post(
        "/otlp/v1/logs", b"{}", content_type="application/json", headers=bearer(owner, "read")
    )

    assert (answer.status_code, answer.json()["code"]) == (403, 7)


def test_no_text_of_an_export_is_kept(send, owner):
    secret = "the secret of the prompt"
    event = api_request(prompt=secret, **{"gen_ai.input.messages": secret})
    event["event.name"] = "api_request"

    send(logs(event, {"event.name": "user_prompt", "prompt": secret}))

    tables = (Hold, WaitingUsage, LedgerEntry)
    rows = [row for table in tables for row in table.objects.values_list()]
    assert rows
    assert secret not in repr(rows)
    assert actor(owner).account == owner
