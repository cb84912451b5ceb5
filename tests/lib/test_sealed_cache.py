"""No text that is put into the cache or a list can be read where Valkey keeps it."""

import json

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings

from skills.lib import counters, sealed_cache
from skills.people.actor import VISITOR
from skills.search import log

pytestmark = pytest.mark.usefixtures("_clean_cache")
SECRET = "skh_a-secret-that-nobody-may-read"


def all_that_is_stored() -> bytes:
    """What Valkey has written to its files."""
    files = list((settings.DATA_DIR / "valkey" / "appendonlydir").iterdir())
    assert files
    return b"".join(path.read_bytes() for path in files)


@pytest.mark.parametrize("value", [SECRET, {"token": SECRET}, [SECRET], json.dumps({"secret": SECRET})])
def test_a_value_is_read_back_and_not_readable_where_it_lies(value):
    cache.set("device", value, 60)

    assert cache.get("device") == value
    assert SECRET.encode() not in all_that_is_stored()


def test_the_name_of_an_entry_is_not_readable_either():
    cache.set(f"device:{SECRET}", "pending", 60)

    stored = all_that_is_stored()

    assert cache.get(f"device:{SECRET}") == "pending"
    assert SECRET.encode() not in stored


def test_a_code_of_the_device_login_and_its_token_are_not_readable(client):
    asked = client.post("/api/cli/device/code", {"label": "x"}, content_type="application/json").json()

    stored = all_that_is_stored()

    assert asked["device_code"].encode() not in stored
    assert asked["user_code"].encode() not in stored


def test_a_search_is_not_readable_before_it_is_written_down(db):
    log.note_search(VISITOR, "redundancies in march", [], 0)

    assert b"redundancies" not in all_that_is_stored()
    assert log.flush() == 1


def test_numbers_are_counted_up():
    cache.set("hits", 1)
    cache.set("below", -3)

    assert (cache.incr("hits"), cache.get("hits"), cache.get("below")) == (2, 2, -3)


def test_what_somebody_else_wrote_counts_as_absent():
    cache.set("ours", "x", 60)
    (name,) = counters.client().keys("*")

    for foreign in (b"cos\nsystem\n(S'true'\ntR.", b"gAAAAAB", b""):
        counters.client().set(name, foreign)
        assert cache.get("ours") is None


@override_settings()
def test_under_another_secret_key_nothing_is_found():
    cache.set("ours", SECRET, 60)
    sealed = sealed_cache.seal(b"x")

    settings.SECRET_KEY = "another"

    assert cache.get("ours") is None
    assert sealed_cache.unseal(sealed) is None


def test_a_line_that_cannot_be_opened_is_left_out():
    counters.client().rpush("lines", b"in plain text")
    counters.push("lines", "sealed")

    assert counters.pop("lines", 10) == [b"sealed"]
