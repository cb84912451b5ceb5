"""The outgoing client against real servers on this machine: what it sends, what it takes from an answer."""

import contextlib
import http.client
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from skills.lib import ip_addresses
from skills.lib.outgoing import NotAllowed, Target, get_loopback_json, parse_url, post_json


@contextlib.contextmanager
def server(status=200, body=b'{"a": 1}', headers=()):
    """A server that answers once in its own way; gives its address and the requests it got."""
    requests = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            length = int(self.headers.get("Content-Length", 0))
            requests.append((self.command, self.path, dict(self.headers), self.rfile.read(length)))
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 -- the name that http.server calls

        def log_message(self, *_):
            """Nothing on the screen of the tests."""

    running = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}", requests
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


@pytest.fixture
def _loopback_counts_as_public(monkeypatch):
    """No test reaches the world: the check itself is tested in test_ip_addresses.py."""
    monkeypatch.setattr(ip_addresses, "is_public", lambda ip: ip.is_loopback)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://a.example", Target("http", "a.example", 80, "/")),
        ("https://a.example/x?y=1#z", Target("https", "a.example", 443, "/x?y=1")),
        ("https://A.Example:8443/", Target("https", "a.example", 8443, "/")),
        ("http://[::1]:8080/v1", Target("http", "::1", 8080, "/v1")),
    ],
)
def test_an_address_has_its_parts(url, target):
    assert parse_url(url) == target


def test_json_of_this_machine_is_read():
    with server() as (url, requests):
        assert get_loopback_json(f"{url}/v1/models?all=1") == {"a": 1}

    ((method, path, headers, _),) = requests
    assert (method, path) == ("GET", "/v1/models?all=1")
    assert headers["User-Agent"] == "SkillHub"
    assert "Authorization" not in headers


@pytest.mark.parametrize("status", [201, 204, 301, 404, 500])
def test_any_other_status_is_no_answer(status):
    with server(status, b"") as (url, _), pytest.raises(OSError, match=f"answered {status}"):
        get_loopback_json(url)


def test_a_redirect_is_not_followed():
    with server() as (goal, reached):
        with server(302, b"", [("Location", goal)]) as (url, _), pytest.raises(OSError, match="answered 302"):
            get_loopback_json(url)

        assert reached == []


@pytest.mark.parametrize("body", [b"", b"<html>", b"{"])
def test_an_answer_that_is_no_json_is_a_value_error(body):
    with server(body=body) as (url, _), pytest.raises(ValueError, match="Expecting"):
        get_loopback_json(url)


def test_of_a_large_answer_a_megabyte_is_read():
    with (
        server(body=b'"' + b"x" * 1_000_100 + b'"') as (url, _),
        pytest.raises(ValueError, match="Unterminated"),
    ):
        get_loopback_json(url)


def test_a_port_where_nobody_listens_is_an_os_error():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    with pytest.raises(OSError, match="refused"):
        get_loopback_json(f"http://127.0.0.1:{port}/")


def test_a_server_that_does_not_speak_http_is_an_os_error():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = listening.getsockname()

        def babble():
            connection, _ = listening.accept()
            connection.recv(1_000)
            connection.sendall(b"hello, this is no http\r\n\r\n")
            connection.close()

        thread = threading.Thread(target=babble)
        thread.start()
        with pytest.raises(OSError, match="hello") as error:
            get_loopback_json(f"http://127.0.0.1:{address[1]}/")
        thread.join()

    assert isinstance(error.value.__cause__, http.client.HTTPException)


def test_a_name_that_nobody_knows_is_not_allowed(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror("Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    with pytest.raises(NotAllowed, match=r"models\.example cannot be found"):
        get_loopback_json("http://models.example/")


@pytest.mark.usefixtures("_loopback_counts_as_public")
@pytest.mark.parametrize("status", [200, 204, 302, 500])
def test_a_hook_is_sent_json_and_its_status_told(status):
    with server(status, b"") as (url, requests):
        assert post_json(f"{url}/hook?a=b", {"text": "é"}) == status

    ((method, path, headers, body),) = requests
    assert (method, path, headers["Content-Type"]) == ("POST", "/hook?a=b", "application/json")
    assert json.loads(body) == {"text": "é"}


@pytest.mark.usefixtures("_loopback_counts_as_public")
def test_a_hook_behind_tls_must_show_its_name():
    with server() as (url, requests), pytest.raises(OSError, match=r"(?i)ssl"):
        post_json(url.replace("http:", "https:"), {})

    assert requests == []


def test_no_hook_of_this_machine_is_reached():
    with server() as (url, requests), pytest.raises(NotAllowed, match="not a public address"):
        post_json(url, {})

    assert requests == []
