"""What one call costs by a price list: its tier, its service, its moment; and what it costs at most."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.budgets.settle import Usage
from skills.portfolio.price_lists import (
    LongPrice,
    PriceList,
    Rates,
    Service,
    Tariff,
    flat,
    with_long_inputs,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def rates(input: int, above: int = 0) -> Rates:
    """Micros per million tokens: cached a tenth, written a quarter more, output five times."""
    return Rates(
        above=above,
        input=Decimal(input),
        cached=Decimal(input) / 10,
        written=Decimal(input) * 5 / 4,
        output=Decimal(input) * 5,
    )


TIERED = Tariff(rates=(rates(1_000_000), rates(2_000_000, above=200_000)))


@pytest.mark.parametrize(
    ("usage", "micros"),
    [
        (Usage(input=200_000), 200_000),
        (Usage(input=200_001), 400_002),
        (Usage(input=1, cached=200_000), 40_002),
        (Usage(written=200_000), 250_000),
        (Usage(written=200_000, hour=100_000), 325_000),
        (Usage(output=300_000), 1_500_000),
    ],
    ids=[
        "up to the tier",
        "above it",
        "cached input counts",
        "written costs more",
        "for an hour twice",
        "output does not count",
    ],
)
def test_the_whole_input_of_a_call_decides_its_tier(usage, micros):
    assert TIERED.cost(usage) == micros


def test_fractions_of_a_micro_are_rounded_up():
    assert flat(1, 1, 1).tariff(Service.STANDARD, NOON).cost(Usage(input=1)) == 1
    assert flat(1, 1, 1).tariff(Service.STANDARD, NOON).cost(Usage()) == 0


def test_a_fee_for_each_call_is_added():
    assert Tariff(rates=(rates(1_000_000),), call=Decimal("5000.5")).cost(Usage(input=10)) == 5_011


tokens = st.integers(min_value=0, max_value=1_000_000)


@given(tokens, tokens, tokens, tokens, st.integers(min_value=0, max_value=10**6))
def test_no_call_within_its_bounds_costs_more_than_the_most(fresh, cached, written, output, spare):
    usage = Usage(input=fresh, cached=cached, output=output, written=written)

    assert TIERED.cost(usage) <= TIERED.most(input_tokens=usage.sent + spare, output_tokens=output)


def test_the_most_of_a_call_that_keeps_for_an_hour_is_that_of_the_hour():
    usage = Usage(written=100_000, hour=100_000)

    assert TIERED.cost(usage) == TIERED.most(input_tokens=100_000, output_tokens=0, for_an_hour=True)


def test_the_most_is_that_of_the_worst_tier_within_reach():
    assert TIERED.most(input_tokens=200_000, output_tokens=0) == 250_000
    assert TIERED.most(input_tokens=200_001, output_tokens=0) == 500_003


def test_of_several_tariffs_the_last_that_applies_counts():
    dearer = Tariff(rates=(rates(2),), since=date(2026, 3, 1))
    cheap_at_night = Tariff(rates=(rates(1),), since=date(2026, 3, 1), hours=(time(22), time(0)))
    found = PriceList((Tariff(rates=(rates(3),)), dearer, cheap_at_night))

    chosen = [
        found.tariff(Service.STANDARD, datetime(2026, month, 1, hour, tzinfo=UTC)).rates[0].input
        for month, hour in ((2, 12), (3, 0), (3, 21), (3, 22), (3, 23), (4, 1))
    ]

    assert chosen == [3, 2, 2, 1, 1, 2]


def test_a_list_is_the_same_after_a_change_that_has_come():
    found = PriceList((Tariff(rates=(rates(3),)), Tariff(rates=(rates(2),), since=date(2026, 3, 1))))

    assert found.as_of(date(2026, 2, 28)) == found
    assert found.as_of(date(2026, 3, 1)) == PriceList((Tariff(rates=(rates(2),)),))


def test_a_list_comes_back_from_json_as_it_was():
    found = PriceList(
        (
            TIERED,
            Tariff(rates=(rates(7),), service=Service.BATCH, since=date(2027, 1, 1), call=Decimal("0.5")),
            Tariff(rates=(rates(1),), hours=(time(0, 30), time(16, 30))),
        )
    )

    assert PriceList.from_json(found.to_json()) == found


def test_three_numbers_of_an_earlier_release_are_read():
    assert PriceList.from_json([3, 1, 15]) == flat(3, 1, 15)


def test_a_price_by_hand_has_a_second_tier_for_long_inputs():
    found = with_long_inputs(flat(100, 10, 500, 125), LongPrice(above=9, input=200, cached=20, output=750))

    long = found.tariffs[0].rates[1]
    assert (long.above, long.input, long.cached, long.written, long.output) == (9, 200, 20, 250, 750)
