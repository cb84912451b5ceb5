"""An endpoint that does not answer is broken off for all workers, and tried again by one call."""

import uuid

import pytest

from skills.lib import counters
from skills.portfolio import circuit as module
from skills.portfolio.circuit import Circuit, EndpointAway


@pytest.fixture
def where() -> str:
    return f"http://{uuid.uuid4().hex}.example/v1"


@pytest.fixture
def at_once(monkeypatch):
    """No failure is too fresh to count."""
    monkeypatch.setattr(module, "_LEAST_SECONDS", 0.0)


def circuit(where: str) -> Circuit:
    """As another worker has it: nothing of it is kept in the process."""
    return Circuit("openai_compatible", where)


def fail(where: str, times: int = module._LEAST_FAILURES) -> None:
    for _ in range(times):
        circuit(where).failed()


def end_of_pause(where: str) -> None:
    counters.client().delete(circuit(where)._open)


def test_an_endpoint_is_called_until_calls_fail_in_a_row(where, at_once):
    fail(where, module._LEAST_FAILURES - 1)

    circuit(where).check()


def test_what_fails_in_a_row_is_broken_off_for_every_worker(where, at_once):
    fail(where)

    with pytest.raises(EndpointAway, match="does not answer, so it is left alone"):
        circuit(where).check()


def test_failures_of_one_moment_break_nothing_off(where):
    fail(where, 50)

    circuit(where).check()


def test_a_region_that_is_down_says_nothing_of_another(at_once):
    kind, here, there = "bedrock", {"region": uuid.uuid4().hex}, {"region": uuid.uuid4().hex}
    for _ in range(module._LEAST_FAILURES):
        Circuit(kind, "", here).failed()

    Circuit(kind, "", there).check()
    with pytest.raises(EndpointAway, match=f"bedrock, {here['region']} does not answer"):
        Circuit(kind, "", here).check()


def test_an_answer_in_between_starts_the_row_anew(where, at_once):
    fail(where, module._LEAST_FAILURES - 1)
    circuit(where).succeeded()
    fail(where, module._LEAST_FAILURES - 1)

    circuit(where).check()


def test_another_endpoint_is_not_touched(where, at_once):
    fail(where)

    circuit(f"{where}/other").check()
    Circuit("anthropic", where).check()


def test_after_the_pause_one_call_tries(where, at_once):
    fail(where)
    end_of_pause(where)

    circuit(where).check()
    with pytest.raises(EndpointAway):
        circuit(where).check()


def test_a_try_that_succeeds_opens_the_way_for_all(where, at_once):
    fail(where)
    end_of_pause(where)
    circuit(where).check()

    circuit(where).succeeded()

    for _ in range(3):
        circuit(where).check()


def test_each_try_that_fails_makes_the_pause_longer(where, at_once):
    fail(where)
    pauses = []
    for _ in range(7):
        pauses.append(counters.client().ttl(circuit(where)._open))
        end_of_pause(where)
        circuit(where).check()
        circuit(where).failed()

    assert pauses == [30, 60, 120, 240, 480, 600, 600]


def test_only_an_endpoint_that_answered_lately_is_worth_waiting_for(where, at_once):
    fail(where)
    with pytest.raises(EndpointAway) as never_answered:
        circuit(where).check()
    circuit(where).succeeded()
    fail(where)
    with pytest.raises(EndpointAway) as answered:
        circuit(where).check()

    assert not never_answered.value.may_return
    assert answered.value.may_return


def test_without_valkey_nothing_is_broken_off(where, at_once, settings):
    fail(where)
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}

    circuit(where).check()
    circuit(where).failed()
    circuit(where).succeeded()
