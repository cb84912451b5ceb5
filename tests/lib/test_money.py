"""Money is shown in the currency of the instance."""

import pytest

from skills.lib import money


@pytest.mark.parametrize(
    ("currency", "rate", "micros", "words"),
    [
        ("USD", 1, 1_250_000, "$1.25"),
        ("EUR", 0.8, 1_250_000, "€1.00"),
        ("EUR", 0.8, 12_500, "€0.0100"),
        ("JPY", 150, 2_000_000, "¥300.00"),
        ("CHF", 0.9, 2_000_000, "CHF 1.80"),
        ("EUR", 0.8, 0, "€0.00"),
        ("EUR", 0.8, None, "unknown"),
    ],
)
def test_a_sum_is_converted_by_the_rate_of_the_instance(currency, rate, micros, words, settings):
    settings.DISPLAY_CURRENCY, settings.DISPLAY_RATE = currency, rate

    assert money.in_words(micros) == words
