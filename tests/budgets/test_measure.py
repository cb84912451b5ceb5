"""How many tokens a byte makes is learnt from settled calls, tokenizer by tokenizer."""

import pytest

from skills.budgets import settle
from skills.budgets.measure import Density, density_of
from skills.budgets.settle import Usage
from tests.budgets.making import hold


def a_call(sent_bytes: int, sent_tokens: int, tokenizer: str = "t") -> None:
    settle.settle(hold(None, None, 10, tokenizer=tokenizer, sent_bytes=sent_bytes), Usage(sent_tokens), None)


@pytest.mark.django_db
def test_nothing_is_known_before_twenty_calls():
    for _ in range(19):
        a_call(4_000, 1_064)
    assert density_of("t") is None

    a_call(4_000, 1_064)

    assert density_of("t") == Density(20, 0.25)


@pytest.mark.django_db
def test_the_densest_call_counts_and_tokenizers_do_not_mix():
    for _ in range(20):
        a_call(4_000, 1_064)
    a_call(1_000, 564)
    a_call(1_000, 964, tokenizer="another")

    assert density_of("t").tokens_per_byte == 0.5


@pytest.mark.django_db
def test_calls_that_are_lost_released_or_under_way_teach_nothing():
    for end in (settle.release, lambda pk: settle.lose(pk, "gone"), lambda _: None):
        for _ in range(20):
            end(hold(None, None, 10, tokenizer="t", sent_bytes=100))

    assert density_of("t") is None


@pytest.mark.parametrize(
    ("calls", "sent_bytes", "tokens"),
    [(20, 4_000, 1_264), (500, 4_000, 1_164), (500, 40, 40)],
    ids=["a wide margin", "a narrow one", "never more than bytes"],
)
def test_a_bound_has_a_margin_that_narrows(calls, sent_bytes, tokens):
    assert Density(calls, 0.25).most_tokens(sent_bytes) == tokens
