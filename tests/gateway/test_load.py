"""What one caller may take of the gateway: connections, the loop that all share, memory."""

import socket
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from skills.gateway import connections
from skills.gateway.body_shares import BodyShares
from skills.gateway.fields import sizes
from skills.gateway.refusals import Refusal

WHOLE = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.django_db
@pytest.mark.parametrize("sent", [b"", b"GET /hea", WHOLE[:-2], WHOLE + WHOLE[:-2]])
def test_a_connection_without_a_whole_head_is_ended(desk, sent, monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    address = urlsplit(desk.url)

    with socket.create_connection((address.hostname, address.port), timeout=3) as client:
        client.sendall(sent)
        answered = b"".join(iter(lambda: client.recv(65_536), b""))

    assert answered.count(b"200 OK") == sent.count(WHOLE)


@pytest.mark.django_db
def test_a_connection_between_two_requests_is_kept(desk, monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    client = HTTPConnection(urlsplit(desk.url).netloc, timeout=10)
    client.connect()
    client.auto_open = 0  # one that was ended stays ended

    for _ in range(2):
        client.request("GET", "/health")
        answer = client.getresponse()
        assert (answer.status, answer.read()) == (200, b"ok")
        time.sleep(0.6)
    client.close()


@pytest.mark.parametrize("length", [1, 700, 1_023])
def test_words_that_are_nearly_media_take_no_time(length):
    body = (b"x" * length + b" ") * (8_000_000 // (length + 1))
    started = time.process_time()

    assert sizes(body, names=()) == (len(body), 0)
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "around",
    [
        '"data:image/png;base64,WORD", "more"',
        '{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "WORD"}}',
        '{"type":"image","source":{"data":"WORD==","media_type":"image/png","type":"base64"}}',
        '{"inlineData":{"mimeType":"audio/wav","data":"WORD"}}',
        '{"inlineData": {"data": "WORD=", "mimeType": "application/vnd.ms-excel"}}',
        '{"type":"input_audio","input_audio":{"data":"WORD","format":"mp3"}}',
        '{"input_audio": {"format": "mp3", "data": "WORD"}}',
    ],
)
def test_media_are_told_from_text_wherever_they_stand(around):
    text, tokens = sizes(around.replace("WORD", "A" * 2_048).encode(), names=())

    assert text == len(around) - len("WORD")
    assert tokens > 0


@pytest.mark.parametrize(
    "around",
    [
        '{"type":"tool_use","name":"save","input":{"data":"WORD"}}',
        '{"type": "report", "data": "WORD"}',
        '{"data":"WORD","format":"text"}',
        '{"functionCall":{"name":"save","args":{"data":"WORD","name":"a/b"}}}',
    ],
)
def test_a_long_word_among_the_arguments_of_a_tool_is_text(around):
    body = around.replace("WORD", "A" * 2_048).encode()

    assert sizes(body, names=()) == (len(body), 0)


def test_an_account_has_so_much_memory_for_its_requests_and_gets_it_back():
    shares = BodyShares(100)

    with shares.of(1) as take, shares.of(1) as take_more, shares.of(2) as take_of_another:
        take(300)
        take_more(100)
        take_of_another(400)
        with pytest.raises(Refusal) as refused:
            take_more(1)

    assert (refused.value.status, refused.value.code) == (429, "too_much_under_way")
    with shares.of(1) as take:
        take(400)
