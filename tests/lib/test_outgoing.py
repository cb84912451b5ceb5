"""The outgoing client: only public addresses, in whatever form, and the very address that was checked."""

import socket

import pytest

from skills.lib import outgoing


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "169.254.169.254", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "64:ff9b:1::7f00:1"]
)
def test_no_address_of_our_own_is_reached(address, monkeypatch):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(family, socket.SOCK_STREAM, 6, "", (address, 80))]
    )
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("it connected"))

    with pytest.raises(outgoing.NotAllowed, match="not a public address"):
        outgoing.post_json("http://hook.example/x", {})


def test_one_private_answer_among_public_ones_is_enough(monkeypatch):
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.215.14", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)

    with pytest.raises(outgoing.NotAllowed):
        outgoing.public_address("hook.example", 80)


def test_it_connects_to_the_address_that_was_checked(monkeypatch):
    asked, reached = [], []

    def once(*given, **_):
        asked.append(given)
        assert len(asked) == 1, "a second look-up could give another answer"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 80))]

    def connect(place, _timeout):
        reached.append(place)
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "getaddrinfo", once)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(OSError, match="no network"):
        outgoing.post_json("http://hook.example/x", {})
    assert reached == [("93.184.215.14", 80)]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example",
        "http://",
        "http://u:p@a.example/",
        "file:///etc/passwd",
        "http://a.example:99999/",
        "//a.example",
    ],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(outgoing.NotAllowed):
        outgoing.parse_url(url)


# The last two lead through a gateway, whose loopback is not ours.
@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "93.184.215.14", "169.254.169.254", "fe80::1", "64:ff9b::7f00:1", "2002:7f00:1::"],
)
def test_local_discovery_reaches_no_other_machine(address, monkeypatch):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(family, socket.SOCK_STREAM, 6, "", (address, 80))]
    )
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("it connected"))

    with pytest.raises(outgoing.NotAllowed, match="not an address of this machine"):
        outgoing.get_loopback_json("http://models.example/v1/models")
