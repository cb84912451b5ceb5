"""Idempotency-Key: work is done once for an account, a key and a body, and answered the same."""

import pytest
from django.core.cache import cache
from django.http import JsonResponse

from skills.http.idempotency import once
from skills.lib.errors import Conflict, Refused

pytestmark = pytest.mark.usefixtures("_clean_cache")


class Work:
    """Counts how often it was done; each answer is another."""

    def __init__(self, status=201):
        self.times = 0
        self.status = status

    def __call__(self):
        self.times += 1
        return JsonResponse({"time": self.times}, status=self.status)


def code_of(refusal):
    return refusal.value.problems[0].code


def test_the_second_request_gets_the_first_answer_and_a_mark():
    work = Work()

    first = once("key", 1, b"body", work)
    again = once("key", 1, b"body", work)

    assert work.times == 1
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers


def test_without_a_key_work_is_done_each_time():
    work = Work()

    once("", 1, b"body", work)
    once("", 1, b"body", work)

    assert work.times == 2


@pytest.mark.parametrize(("key", "account"), [("other", 1), ("key", 2)])
def test_another_key_or_account_is_another_request(key, account):
    work = Work()
    once("key", 1, b"body", work)

    answer = once(key, account, b"body", work)

    assert work.times == 2
    assert "Idempotent-Replayed" not in answer.headers


def test_a_key_stands_for_one_body():
    work = Work()
    once("key", 1, b"body", work)

    with pytest.raises(Conflict) as refusal:
        once("key", 1, b"another body", work)

    assert code_of(refusal) == "idempotency_key_reused"
    assert work.times == 1


def test_a_second_request_during_the_first_is_told_to_wait():
    inner = Work()

    def work():
        with pytest.raises(Conflict) as refusal:
            once("key", 1, b"body", inner)
        assert code_of(refusal) == "idempotency_key_running"
        return JsonResponse({})

    assert once("key", 1, b"body", work).status_code == 200
    assert inner.times == 0


@pytest.mark.parametrize("error", [Refused([]), RuntimeError("no"), KeyboardInterrupt()])
def test_work_that_failed_may_be_tried_again_with_the_same_key(error):
    work = Work()

    def fail():
        raise error

    with pytest.raises(type(error)):
        once("key", 1, b"body", fail)

    assert once("key", 1, b"body", work).status_code == 201
    assert work.times == 1


@pytest.mark.parametrize(("length", "done"), [(200, True), (201, False)])
def test_a_key_has_up_to_two_hundred_characters(length, done):
    work = Work()

    if done:
        once("k" * length, 1, b"body", work)
    else:
        with pytest.raises(Refused) as refusal:
            once("k" * length, 1, b"body", work)
        assert code_of(refusal) == "bad_idempotency_key"
    assert work.times == int(done)


@pytest.mark.parametrize("key", ["schlüssel", "a b", "\n", "a:b"])
def test_a_key_may_be_any_text(key):
    work = Work()

    once(key, 1, b"body", work)
    once(key, 1, b"body", work)

    assert work.times == 1


def test_an_answer_is_remembered_for_a_day():
    once("key", 1, b"body", Work())

    (slot,) = cache._cache.get_client().keys("skillhub:1:*")
    assert 86_000 < cache._cache.get_client().ttl(slot) <= 86_400


def test_the_key_itself_is_not_stored():
    once("a-secret-key", 1, b"body", Work())

    assert cache._cache.get_client().keys("*a-secret-key*") == []
