"""Whether every price is what genai-prices itself calculates for the same call."""

from bench.report import Figure
from tests.portfolio.priced_calls import CALLS, differences, known_models


def measure() -> list[Figure]:
    models = known_models()
    wrong = [difference for model in models for difference in differences(*model)]
    note = f"{len(models):,} models, {len(CALLS)} kinds of calls in each service that has a price of its own"
    return [Figure("calls booked at another price than the package's", len(wrong), most=0, note=note)]
