"""What evaluations, gates, prices and holds promise: simulated, seeds fixed, by the rules of the product."""

from bench import advice, gates, holds, limits, prices, queueing, regressions
from bench.report import Figure


def measure() -> list[Figure]:
    parts = (limits, gates, regressions, advice, prices, holds, queueing)
    return [figure for part in parts for figure in part.measure()]
