"""The front by real sockets: slow, large and odd clients take no thread and harm nobody else."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from django.urls import get_resolver

from skillhub.embedded import web_server
from skillhub.front.limits import DELIVERIES, UPLOADS
from tests.product.conftest import free_port

ROOT = Path(__file__).resolve().parents[2]
LARGE = 20_000_000  # bytes, as in `fronted.py`
OPEN = b"<open>"
CLOSED = b"<closed>"


@pytest.fixture(scope="module")
def front():
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian"),
        *web_server.options(host="127.0.0.1", port=port, workers=1),
        "tests.skillhub.fronted:application",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "LOG_LEVEL": "ERROR"})
    while not answers(port):
        assert process.poll() is None
        time.sleep(0.05)
    yield port
    process.terminate()
    process.wait(20)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def request(method: str = "GET", path: str = "/", *headers: str, body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def said(sock: socket.socket, wait: float = 1.0) -> bytes:
    """Everything that comes until the connection is closed or nothing came for WAIT seconds."""
    sock.settimeout(wait)
    data = bytearray()
    try:
        while part := sock.recv(65_536):
            data += part
    except TimeoutError:
        return bytes(data) + OPEN
    except ConnectionError:
        pass
    return bytes(data) + CLOSED


def status(answer: bytes) -> int:
    return int(re.match(rb"HTTP/1\.1 (\d+)", answer).group(1))


def seconds_of_health(port: int) -> float:
    """How long /healthz takes, in a connection of its own."""
    started = time.monotonic()
    with connected(port) as sock:
        sock.sendall(request("GET", "/healthz"))
        assert sock.recv(65_536).startswith(b"HTTP/1.1 200")
    return time.monotonic() - started


def trickle(sock: socket.socket, seconds: float) -> None:
    """Send a byte now and then, as long as the other side takes it."""
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            sock.sendall(b"x")
            time.sleep(0.2)
    except OSError:
        pass


def test_what_a_process_wishes_to_do_at_its_start_is_done(front):
    with connected(front) as sock:
        sock.sendall(request("GET", "/started"))

        assert b"True" in said(sock, 2)


def test_slow_bodies_and_a_huge_one_keep_nobody_else_waiting(front):
    slow = [connected(front) for _ in range(24)]
    uploads = [connected(front) for _ in range(8)]
    huge = connected(front)
    for sock in slow:
        sock.sendall(request("POST", "/mcp", "Content-Length: 1000"))
    for sock in uploads:
        sock.sendall(request("POST", "/api/v1/check", "Authorization: Bearer x", "Content-Length: 60000"))
    huge.sendall(request("POST", "/account/login/", "Content-Length: 200000000", body=b"x" * 60_000))
    for sock in [*slow, *uploads]:
        threading.Thread(target=trickle, args=(sock, 3), daemon=True).start()

    waits = [seconds_of_health(front) for _ in range(20)]
    answers = [said(sock, 5) for sock in [*slow, *uploads]]

    assert max(waits) <= 1
    assert {status(answer) for answer in answers} == {408}
    assert {answer[-len(CLOSED) :] for answer in answers} == {CLOSED}
    assert status(said(huge, 5)) == 413


@pytest.mark.parametrize("path", ["/", "/mcp", "/account/login/", "/api/v1/check", "/clawhub/api/v1/skills"])
def test_a_stranger_sends_no_more_than_a_form(path, front):
    with connected(front) as sock:
        sock.sendall(request("POST", path, "Content-Length: 65537"))

        answer = said(sock, 5)

    assert status(answer) == 413
    assert b"65,536 bytes" in answer
    assert answer.endswith(CLOSED)


def test_a_webhook_delivers_as_much_as_a_form_of_somebody_known(front):
    with connected(front) as sock:
        sock.sendall(request("POST", "/api/v1/webhooks/sources/1", "Content-Length: 1000001"))

        answer = said(sock, 5)

    assert status(answer) == 413
    assert b"1,000,000 bytes" in answer


def test_the_refusal_of_an_api_is_a_problem_and_that_of_a_page_a_page(front):
    with connected(front) as api, connected(front) as page:
        api.sendall(request("POST", "/api/v1/check", "Content-Length: 65537"))
        page.sendall(request("POST", "/account/login/", "Content-Length: 65537"))

        problem, text = said(api, 5), said(page, 5)

    assert b"application/problem+json" in problem and b'"body_too_large"' in problem
    assert b"text/html" in text and b"<h1>At most 65,536 bytes" in text


def test_a_body_in_chunks_is_counted(front):
    chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    with connected(front) as small, connected(front) as large:
        small.sendall(request("POST", "/", "Transfer-Encoding: chunked", body=chunk + b"0\r\n\r\n"))
        large.sendall(request("POST", "/", "Transfer-Encoding: chunked", body=3 * chunk))

        taken, refused = said(small), said(large, 5)

    assert taken.endswith(b"32768 of 32768" + OPEN)
    assert status(refused) == 413


def test_who_asks_first_is_told_before_sending_anything(front):
    expects = "Expect: 100-continue"
    with connected(front) as small, connected(front) as large:
        small.sendall(request("POST", "/", expects, "Content-Length: 2"))
        large.sendall(request("POST", "/", expects, "Content-Length: 200000000"))
        asked = small.recv(65_536)
        small.sendall(b"{}")

        assert asked == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert said(small).endswith(b"2 of 2" + OPEN)
        assert status(said(large, 5)) == 413


def test_nothing_after_a_refused_body_counts_as_a_request(front):
    smuggled = request("GET", "/headers")
    with connected(front) as sock:
        sock.sendall(request("POST", "/", "Content-Length: 70000", body=b"x" * 70_000 + smuggled))

        answer = said(sock, 5)

    assert answer.count(b"HTTP/1.1") == 1
    assert answer.endswith(CLOSED)


def test_a_connection_goes_on_after_an_ordinary_answer(front):
    with connected(front) as sock:
        sock.sendall(3 * request("POST", "/", "Content-Length: 3", body=b"abc"))

        assert said(sock).count(b"3 of 3") == 3


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 2", "Content-Length: 3"),
        ("Content-Length: +2",),
        ("Content-Length: 2, 2",),
        ("Content-Length: -1",),
        ("Transfer-Encoding: chunked, identity",),
    ],
)
def test_a_body_of_doubtful_length_is_refused(headers, front):
    with connected(front) as sock:
        sock.sendall(request("POST", "/", *headers, body=b"{}"))

        assert status(said(sock)) in (400, 413)


def test_a_client_that_leaves_in_the_middle_of_its_body_is_never_served(front):
    with connected(front) as sock:
        sock.sendall(request("POST", "/", "Content-Length: 100", body=b"x" * 50))
        sock.shutdown(socket.SHUT_WR)

        assert b"50 of" not in said(sock)


def test_slow_readers_hold_neither_threads_nor_files(front):
    everything = psutil.process_iter(["cmdline"])
    process = next(p for p in everything if f"{front}" in (p.info["cmdline"] or [])).children()[-1]
    readers = []
    for _ in range(20):
        sock = connected(front)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.sendall(request("GET", "/large"))
        readers.append(sock)

    waits = [seconds_of_health(front) for _ in range(10)]
    with connected(front) as sock:
        sock.sendall(request("GET", "/"))
        ordinary = said(sock)
    deadline = time.monotonic() + 20
    while len(process.open_files()) > 5 and time.monotonic() < deadline:
        time.sleep(0.2)

    assert max(waits) <= 1
    assert status(ordinary) == 200
    assert len(process.open_files()) <= 5


def test_a_large_answer_arrives_whole(front):
    with connected(front) as sock:
        sock.sendall(request("GET", "/large", "Connection: close"))

        head, _, body = said(sock, 10).partition(b"\r\n\r\n")

    assert status(head) == 200
    assert len(body) == LARGE + len(CLOSED)


@pytest.mark.parametrize("path", ["/", "/large", "/stream"])
def test_head_gets_the_headers_and_no_body(path, front):
    with connected(front) as sock:
        sock.sendall(request("HEAD", path, "Connection: close"))
        answer = said(sock, wait=5)

    assert status(answer) == 200
    assert answer.endswith(b"\r\n\r\n" + CLOSED)


def test_a_streamed_answer_begins_before_it_is_finished(front):
    started = time.monotonic()
    with connected(front) as sock:
        sock.sendall(request("GET", "/stream", "Connection: close"))
        first = b""
        while b"head\n" not in first:
            first += sock.recv(65_536)
        first_after = time.monotonic() - started

        rest = said(sock)

    assert first_after < 0.4
    assert rest.count(b"row\n") == 2


def test_whoever_watches_is_answered_while_every_thread_is_busy(front):
    with ThreadPoolExecutor(4) as pool:
        sleepers = [pool.submit(sleep, front) for _ in range(4)]
        time.sleep(0.2)
        wait = seconds_of_health(front)
        statuses = {status(sleeper.result()) for sleeper in sleepers}

    assert wait < 0.5
    assert statuses == {200}


def sleep(port: int) -> bytes:
    with connected(port) as sock:
        sock.sendall(request("GET", "/sleep", "Connection: close"))
        return said(sock, 10)


def test_who_has_waited_too_long_is_told_so(front):
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(sleep, [front] * 10))

    assert {status(answer) for answer in answers} == {200, 503}
    assert all(b"retry-after" in answer for answer in answers if status(answer) == 503)


def test_a_fault_is_a_500_and_the_next_request_is_answered(front):
    with connected(front) as sock:
        sock.sendall(request("GET", "/broken"))
        broken = said(sock, 5)

    assert status(broken) == 500
    assert seconds_of_health(front) < 1


def test_headers_arrive_as_wsgi_has_them_and_none_can_pass_for_another(front):
    sent = ("Cookie: a=1", "Cookie: b=2", "Accept: x", "Accept: y", "X_Forwarded_For: 6.6.6.6", "Referer: /é")
    with connected(front) as sock:
        sock.sendall(request("GET", "/headers", *sent, "Connection: close"))

        answer = said(sock).decode()

    assert "('HTTP_COOKIE', 'a=1; b=2')" in answer
    assert "('HTTP_ACCEPT', 'x,y')" in answer
    assert "FORWARDED" not in answer
    assert "('HTTP_REFERER', '/Ã©')" in answer


def test_every_address_that_takes_uploads_exists():
    assert set(get_resolver().reverse_dict) >= UPLOADS | DELIVERIES
