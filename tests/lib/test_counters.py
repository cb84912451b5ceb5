"""Counters in Valkey: windows, shares of a limit, tables that are set aside, lists."""

import threading

import pytest

from skills.lib import counters

KEY, TABLE = "test:counters:key", "test:counters:table"


@pytest.fixture(autouse=True)
def _nothing_counted():
    client = counters.client()

    def clear():
        for key in client.scan_iter("test:counters:*"):
            client.delete(key)
        counters._shares.clear()

    clear()
    yield
    clear()


def another_process():
    """What one process has reserved, no other knows of."""
    counters._shares.clear()


def test_hits_are_counted_within_a_window():
    hits = [counters.hit(KEY, 60) for _ in range(3)]

    assert [count for count, _ in hits] == [1, 2, 3]
    assert all(1 <= left <= 60 for _, left in hits)


def test_keys_are_counted_apart():
    counters.hit(KEY, 60)

    assert counters.hit(f"{KEY}:other", 60)[0] == 1


def test_the_window_starts_with_the_first_hit_and_later_ones_do_not_extend_it():
    counters.hit(KEY, 60)
    counters.client().expire(KEY, 10)

    _, left = counters.hit(KEY, 60)

    assert left <= 10


def test_a_window_that_ended_starts_anew():
    counters.hit(KEY, 60)
    counters.client().delete(KEY)
    another_process()

    assert counters.hit(KEY, 60)[0] == 1


def test_a_share_is_counted_at_once_and_used_hit_by_hit():
    counts = [counters.hit(KEY, 60, share=3)[0] for _ in range(3)]

    assert counts == [1, 2, 3]
    assert int(counters.client().get(KEY)) == 3
    assert counters.hit(KEY, 60, share=3)[0] == 4
    assert int(counters.client().get(KEY)) == 6


def test_what_one_process_reserved_counts_for_the_others():
    counters.hit(KEY, 60, share=10)
    another_process()

    assert counters.hit(KEY, 60, share=10)[0] == 11


def test_threads_never_get_the_same_hit_of_a_share():
    hits = []

    def ask():
        hits.extend(counters.hit(KEY, 60, share=50)[0] for _ in range(50))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(hits) == len(set(hits)) == 200


def test_shares_that_ended_are_dropped_when_there_are_many(monkeypatch):
    monkeypatch.setattr(counters, "_MOST_SHARES", 2)
    for number in range(3):
        counters.hit(f"{KEY}:{number}", 60)
    for share in counters._shares.values():
        share.until = 0.0

    counters.hit(KEY, 60)

    assert list(counters._shares) == [KEY]


def test_a_table_adds_up_and_is_set_aside_once():
    for field in ("a", "b", "a"):
        counters.add(TABLE, field)

    assert counters.take(TABLE) == {"a": 2, "b": 1}


def test_what_is_added_meanwhile_waits_until_the_rest_is_dealt_with():
    counters.add(TABLE, "a")
    counters.take(TABLE)
    counters.add(TABLE, "a")

    assert counters.take(TABLE) == {"a": 1}
    counters.done(TABLE, "a")

    assert counters.take(TABLE) == {"a": 1}
    counters.done(TABLE, "a")
    assert counters.take(TABLE) == {}


def test_what_was_not_dealt_with_comes_again():
    counters.add(TABLE, "a")
    counters.add(TABLE, "b")
    counters.take(TABLE)

    counters.done(TABLE, "a")

    assert counters.take(TABLE) == {"b": 1}


def test_a_table_that_nobody_added_to_is_empty():
    assert counters.take(TABLE) == {}


def test_a_list_gives_its_oldest_lines_first():
    for line in ("one", "two", "three"):
        counters.push(TABLE, line)

    assert counters.pop(TABLE, 2) == [b"one", b"two"]
    assert counters.pop(TABLE, 2) == [b"three"]
    assert counters.pop(TABLE, 2) == []


def test_one_client_serves_the_process():
    assert counters.client() is counters.client()


def test_a_valkey_that_is_away_raises_what_away_names(settings):
    location = "unix:///nowhere/valkey.sock"
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": location}}

    with pytest.raises(counters.away()):
        counters.hit(f"{KEY}:away", 60)
