"""What providers do wrong, in each protocol and both as a stream and as one document: booked, never free."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from skills.budgets.models import HoldState
from tests.gateway.test_bad_input import sentence, settled

pytestmark = pytest.mark.django_db
MESSAGES = [{"role": "user", "content": "Hi"}]
STREAMED = {"stream": True}
PROTOCOLS = ("messages", "chat", "responses", "gemini")


def address_and_body(protocol: str, model: str, *, stream: bool) -> tuple[str, dict]:
    flag = STREAMED if stream else {}
    if protocol == "gemini":
        verb = "streamGenerateContent?alt=sse" if stream else "generateContent"
        return f"/v1beta/models/gem-{model}:{verb}", {"contents": []}
    if protocol == "messages":
        return "/v1/messages", {"model": model, "max_tokens": 100, "messages": MESSAGES, **flag}
    if protocol == "chat":
        return "/v1/chat/completions", {"model": f"oai-{model}", "messages": MESSAGES, **flag}
    return "/v1/responses", {"model": f"oai-{model}", "input": "Hi", **flag}


EVERY = [
    pytest.param(protocol, stream, id=f"{protocol}{' streamed' if stream else ''}")
    for protocol in PROTOCOLS
    for stream in (False, True)
]


@contextmanager
def begun(desk, protocol: str, model: str) -> Iterator[httpx.Response]:
    """A stream of which the client has the first bytes."""
    path, body = address_and_body(protocol, model, stream=True)
    headers = {"Authorization": f"Bearer {desk.key}"}
    with httpx.stream("POST", desk.url + path, json=body, headers=headers, timeout=10) as answer:
        next(answer.iter_raw())
        yield answer


@pytest.mark.parametrize("model", ["mute", "negative", "huge"])
@pytest.mark.parametrize(("protocol", "stream"), EVERY)
def test_an_answer_without_figures_that_are_possible_is_charged_in_full(protocol, stream, model, desk):
    path, body = address_and_body(protocol, model, stream=stream)

    answer = desk.post(path, body)

    assert answer.status_code == 200
    assert (settled(desk).state, desk.hold.used_tokens) == (HoldState.LOST, desk.hold.tokens)


@pytest.mark.parametrize("model", ["html", "redirect"])
@pytest.mark.parametrize(("protocol", "stream"), EVERY)
def test_an_answer_that_is_no_model_s_is_refused_and_charged_in_full(protocol, stream, model, desk):
    path, body = address_and_body(protocol, model, stream=stream)

    answer = desk.post(path, body)

    assert (answer.status_code, settled(desk).state) == (502, HoldState.LOST)
    assert sentence(answer)


@pytest.mark.parametrize(("protocol", "stream"), EVERY)
def test_the_provider_s_own_words_are_passed_on_in_each_protocol(protocol, stream, desk):
    path, body = address_and_body(protocol, "status-400", stream=stream)

    answer = desk.post(path, body)

    assert (answer.status_code, sentence(answer)) == (400, "The provider's own words.")
    assert desk.hold.state == HoldState.RELEASED


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_stream_that_is_cut_off_ends_cut_off(protocol, desk):
    path, body = address_and_body(protocol, "cut", stream=True)

    with pytest.raises(httpx.RemoteProtocolError):
        desk.post(path, body)

    assert settled(desk).state == HoldState.LOST


def test_clients_that_leave_streams_without_end_are_charged_in_full(desk):
    with ExitStack() as clients:
        for protocol in PROTOCOLS:
            clients.enter_context(begun(desk, protocol, "endless"))

    until = time.monotonic() + 5
    while any(hold.state == HoldState.HELD for hold in desk.holds) and time.monotonic() < until:
        time.sleep(0.05)
    assert [hold.state for hold in desk.holds] == [HoldState.LOST] * len(PROTOCOLS)


def test_providers_that_say_nothing_are_left_and_charged(desk):
    def call(protocol: str) -> int:
        path, body = address_and_body(protocol, "silent", stream=True)
        return desk.post(path, body).status_code

    with ThreadPoolExecutor(len(PROTOCOLS)) as threads:
        statuses = list(threads.map(call, PROTOCOLS))

    assert statuses == [502] * len(PROTOCOLS)
    assert [hold.state for hold in desk.holds] == [HoldState.LOST] * len(PROTOCOLS)
