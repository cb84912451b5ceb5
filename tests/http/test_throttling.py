"""Rate limits: counted by account or address and by kind, told in headers, honest when Valkey is away."""

import pytest
from django.test import RequestFactory

from skills.http.refusals import TooMany
from skills.http.throttling import LimiterAway, throttle
from skills.lib import counters
from skills.people.actor import VISITOR, Actor
from skills.people.models import Account

SOMEBODY, ANOTHER = Actor(Account(pk=1)), Actor(Account(pk=2))


@pytest.fixture(autouse=True)
def _clean_counters():
    client = counters.client()

    def clear():
        for key in client.scan_iter("rate:*"):
            client.delete(key)
        counters._shares.clear()

    clear()
    yield
    clear()


@pytest.fixture(autouse=True)
def _three_a_minute(settings):
    settings.RATES = {"read": 3, "search": 3, "write": 3, "publish": 0}


def ask(actor=VISITOR, rate="read", ip="192.0.2.1", **headers):
    return throttle(RequestFactory().get("/", headers=headers, REMOTE_ADDR=ip), actor, rate)


def use_up(actor=VISITOR, rate="read", **more):
    for _ in range(3):
        ask(actor, rate, **more)


def test_each_answer_says_what_is_left():
    remaining = [ask()["RateLimit-Remaining"] for _ in range(3)]

    assert remaining == ["2", "1", "0"]


def test_the_headers_say_the_limit_and_when_it_starts_anew():
    headers = ask()

    assert headers["RateLimit-Limit"] == "3"
    assert 1 <= int(headers["RateLimit-Reset"]) <= 60


def test_the_limit_itself_is_allowed_and_one_more_is_not():
    use_up()

    with pytest.raises(TooMany) as refusal:
        ask()

    headers = refusal.value.headers
    assert (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == ("3", "0")
    assert headers["Retry-After"] == headers["RateLimit-Reset"]
    (problem,) = refusal.value.problems
    assert problem.code == "too_many_requests"
    assert problem.remedy == f"Wait {headers['Retry-After']} seconds."


def test_accounts_are_counted_apart_wherever_they_come_from():
    use_up(SOMEBODY)

    assert ask(ANOTHER)["RateLimit-Remaining"] == "2"
    with pytest.raises(TooMany):
        ask(SOMEBODY, ip="198.51.100.7")


def test_visitors_are_counted_by_their_address():
    use_up(ip="192.0.2.1")

    assert ask(ip="192.0.2.2")["RateLimit-Remaining"] == "2"
    with pytest.raises(TooMany):
        ask(ip="192.0.2.1")


def test_a_visitor_cannot_claim_another_address():
    use_up(ip="192.0.2.1")

    with pytest.raises(TooMany):
        ask(ip="192.0.2.1", x_forwarded_for="203.0.113.9")


def test_behind_a_proxy_the_address_that_it_saw_counts(settings):
    settings.TRUSTED_PROXIES = 1
    use_up(ip="10.0.0.1", x_forwarded_for="203.0.113.9")

    assert ask(ip="10.0.0.1", x_forwarded_for="203.0.113.10")["RateLimit-Remaining"] == "2"
    with pytest.raises(TooMany):
        ask(ip="10.0.0.1", x_forwarded_for="198.51.100.1, 203.0.113.9")


def test_kinds_of_requests_are_counted_apart():
    use_up(SOMEBODY, "read")

    assert ask(SOMEBODY, "write")["RateLimit-Remaining"] == "2"


def test_a_limit_of_zero_is_no_limit():
    assert [ask(SOMEBODY, "publish") for _ in range(5)] == [{}] * 5


def test_a_large_limit_is_never_passed_though_it_is_dealt_in_shares(settings):
    settings.RATES = {"read": 250}

    for _ in range(250):
        ask()

    with pytest.raises(TooMany):
        ask()


@pytest.fixture
def _valkey_away(settings):
    location = "unix:///nowhere/valkey.sock"
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": location}}


@pytest.mark.parametrize("rate", ["read", "search"])
@pytest.mark.usefixtures("_valkey_away")
def test_without_valkey_reads_go_on_uncounted(rate):
    assert [ask(rate=rate) for _ in range(5)] == [{}] * 5


@pytest.mark.usefixtures("_valkey_away")
def test_without_valkey_writes_are_refused():
    with pytest.raises(LimiterAway) as refusal:
        ask(rate="write")

    assert refusal.value.problems[0].code == "limiter_away"
