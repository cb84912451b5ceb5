"""What has overrun budgets elsewhere: calls side by side, first calls, refusals that hold, unknown prices."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from skills.budgets import verify
from skills.budgets.models import Budget, HoldState, Period
from skills.gateway import exchange
from tests.gateway.test_bad_input import begun, sentence, settled

pytestmark = pytest.mark.django_db


def side_by_side(call, times):
    with ThreadPoolExecutor(times) as threads:
        return [done.result() for done in [threads.submit(call) for _ in range(times)]]


def test_of_five_calls_that_each_use_the_whole_limit_one_is_served(desk):
    desk.limit(310_000)
    messages = [{"role": "user", "content": "a" * 300_000}]

    answers = side_by_side(lambda: desk.messages("weighty", messages=messages), 5)

    assert sorted(answer.status_code for answer in answers) == [200, 429, 429, 429, 429]
    assert Period.objects.get(budget__account=desk.person).spent_tokens == 300_005
    assert verify.differences() == []


def test_eight_first_calls_of_a_person_are_charged_to_one_budget(desk):
    answers = side_by_side(desk.messages, 8)

    assert [answer.status_code for answer in answers] == [200] * 8
    [budget] = Budget.objects.filter(account=desk.person)
    assert budget.periods.get().spent_tokens == 8 * 55


def test_calls_that_are_refused_hold_nothing_and_a_higher_limit_is_had_at_once(desk):
    desk.limit(150)
    sessions = [{"user_id": f"user_a_session_{number:08x}"} for number in range(3)]

    refused = [desk.messages(metadata=session) for session in sessions]

    assert [answer.status_code for answer in refused] == [429] * 3
    assert Period.objects.get(budget__account=desk.person).held_tokens == 0
    desk.limit(10_000)
    assert desk.messages(metadata=sessions[0]).status_code == 200


def test_a_call_that_waits_goes_on_as_soon_as_the_limit_is_raised(desk, monkeypatch):
    monkeypatch.setattr(desk.gateway.desk.tools.ledger, "_patience", 30.0)
    desk.limit(400)

    with begun(desk, "endless"), ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(desk.messages)
        with pytest.raises(TimeoutError):
            waiting.result(0.5)
        desk.limit(10_000)
        answer = waiting.result(20)

    assert answer.status_code == 200
    while any(hold.state == HoldState.HELD for hold in desk.holds):
        time.sleep(0.02)
    assert verify.differences() == []


def test_a_short_call_needs_little_more_room_than_it_may_use(desk):
    desk.messages()

    bytes_and_cap = 84 + 100
    assert desk.hold.tokens < 1.5 * bytes_and_cap + 128


def test_what_has_no_price_is_not_called_where_money_is_limited(desk):
    desk.limit(None, limit_micros=10**9)

    answer = desk.messages("slow")

    assert answer.status_code == 429
    assert "no approved price" in sentence(answer)
    assert desk.provider.seen == []


def test_a_client_that_takes_nothing_is_gone_and_charged_what_the_provider_says(desk, monkeypatch):
    monkeypatch.setattr(exchange, "STALL_SECONDS", 0.3)
    body = b'{"model": "flood", "max_tokens": 100, "stream": true, "messages": []}'
    lines = [
        "POST /v1/messages HTTP/1.1",
        "Host: x",
        f"x-api-key: {desk.key}",
        f"Content-Length: {len(body)}",
    ]
    head = "\r\n".join([*lines, "", ""])

    with socket.create_connection(("127.0.0.1", urlsplit(desk.url).port)) as client:
        client.sendall(head.encode() + body)
        client.recv(100)
        while not desk.holds:
            time.sleep(0.02)
        hold = settled(desk)

    assert (hold.state, hold.used_tokens) == (HoldState.SETTLED, 55)
