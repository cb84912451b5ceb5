"""A Valkey that is frozen: its socket takes what is sent and says nothing."""

import socket
import time

import pytest
import redis

from skills.lib.valkey_patience import connection_options


@pytest.fixture
def frozen():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield redis.Redis(port=server.getsockname()[1], **connection_options())


def seconds_of(work) -> float:
    started = time.monotonic()
    with pytest.raises(redis.RedisError):
        work()
    return time.monotonic() - started


def test_a_frozen_valkey_is_waited_for_once(frozen):
    first = seconds_of(lambda: frozen.get("a"))
    others = [seconds_of(lambda: frozen.get("a")) for _ in range(5)]

    assert first < 3
    assert max(others) < 0.5


def test_one_that_refuses_is_asked_again_at_once():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    client = redis.Redis(port=port, **connection_options())

    assert sum(seconds_of(lambda: client.get("a")) for _ in range(20)) < 1
