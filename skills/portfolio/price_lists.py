"""What a call costs: by kind of token, by how long its input is, by service, and by the moment it is made.

Money is in micros, millionths of a US dollar; rates are micros per million tokens and may have fractions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Any

from skills.budgets.settle import Usage

_MILLION = 1_000_000


class Service(StrEnum):
    """How a provider serves a call. Stored in price lists, so the values never change."""

    STANDARD = "standard"
    BATCH = "batch"  # answered within a day
    FLEX = "flex"  # slower and cheaper
    PRIORITY = "priority"  # faster and dearer


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Micros per million tokens of each kind, for calls with more than `above` tokens of input."""

    above: int = 0
    input: Decimal
    cached: Decimal
    written: Decimal
    output: Decimal
    hour: Decimal | None = None  # of what is written to stay for an hour, where the list says it

    def cost(self, usage: Usage) -> Decimal:
        """Micros of USAGE."""
        millionths = (
            usage.input * self.input
            + usage.cached * self.cached
            + (usage.written - usage.hour) * self.written
            + usage.hour * self.hour_rate
            + usage.output * self.output
        )
        return millionths / _MILLION

    @property
    def hour_rate(self) -> Decimal:
        """Anthropic, the one that has such a cache, charges twice the input for it."""
        return max(self.written, 2 * self.input) if self.hour is None else self.hour

    @property
    def dearest_input(self) -> Decimal:
        return max(self.input, self.cached, self.written)


@dataclass(frozen=True, kw_only=True)
class Tariff:
    """The rates of one service at some time: from a day on, and within some hours of each day (UTC)."""

    rates: tuple[Rates, ...]  # by `above`, the base tier first
    call: Decimal = Decimal(0)  # micros of a call, whatever it uses
    service: Service = Service.STANDARD
    since: date | None = None
    hours: tuple[time, time] | None = None

    def applies_at(self, moment: datetime) -> bool:
        """Whether a call of MOMENT costs this, unless a later tariff applies too."""
        at = moment.astimezone(UTC)
        if self.since is not None and at.date() < self.since:
            return False
        if self.hours is None:
            return True
        starts, ends = self.hours
        clock = at.time()
        # An end at midnight is the end of the day.
        return starts <= clock and (clock < ends or ends == time.min)

    @property
    def dearest(self) -> Decimal:
        """The highest rate of any tier and kind of token."""
        return max(max(rates.dearest_input, rates.output) for rates in self.rates)

    def cost(self, usage: Usage) -> int:
        """Micros of one call, rounded up: a budget in money is never overrun by fractions.

        Providers price all tokens of a call by the length of its whole input.
        """
        reached = (rates for rates in reversed(self.rates) if usage.sent > rates.above)
        rates = next(reached, self.rates[0])
        return _rounded_up(rates.cost(usage) + self.call)

    def most(self, *, input_tokens: int, output_tokens: int, for_an_hour: bool = False) -> int:
        """Micros of the dearest call within bounds: by the worst tier it can reach and kind of input.

        Only what asks for it is kept in the cache for an hour.
        """
        reachable = [rates for rates in self.rates if rates.above == 0 or input_tokens > rates.above]
        millionths = max(
            input_tokens * (max(rates.dearest_input, rates.hour_rate) if for_an_hour else rates.dearest_input)
            + output_tokens * rates.output
            for rates in reachable
        )
        return _rounded_up(millionths / _MILLION + self.call)


@dataclass(frozen=True)
class PriceList:
    """Everything one model costs; of the tariffs that apply the last one counts."""

    tariffs: tuple[Tariff, ...]

    def tariff(self, service: Service, moment: datetime) -> Tariff:
        """What a call costs then; a service without a price of its own costs what the standard one does."""
        of_service = [tariff for tariff in self.tariffs if tariff.service == service]
        candidates = of_service or [tariff for tariff in self.tariffs if tariff.service == Service.STANDARD]
        return next(
            (tariff for tariff in reversed(candidates) if tariff.applies_at(moment)),
            candidates[0],
        )

    def as_of(self, day: date) -> "PriceList":
        """The same from DAY on, without what is over: two lists are then equal where they cost the same."""
        last_change: dict[Service, date] = {}
        for tariff in self.tariffs:
            if tariff.since is not None and tariff.since <= day:
                last_change[tariff.service] = max(tariff.since, last_change.get(tariff.service, tariff.since))
        kept = []
        for tariff in self.tariffs:
            begun = last_change.get(tariff.service)
            if begun is None or (tariff.since is not None and tariff.since > begun):
                kept.append(tariff)
            elif tariff.since == begun:
                kept.append(replace(tariff, since=None))
        return PriceList(tuple(kept))

    def to_json(self) -> list[dict[str, Any]]:
        return [_tariff_to_json(tariff) for tariff in self.tariffs]

    @staticmethod
    def from_json(value: Iterable[Any]) -> "PriceList":
        """The reverse of `to_json`; runs of earlier releases remember three numbers."""
        rows = list(value)
        if isinstance(rows[0], int):
            return flat(*rows)
        return PriceList(tuple(_tariff_from_json(row) for row in rows))


def flat(input: int, cached: int, output: int, written: int | None = None) -> PriceList:
    """One price for calls of every length; writing to the cache costs what input does, where not said."""
    rates = Rates(
        input=Decimal(input),
        cached=Decimal(cached),
        written=Decimal(input if written is None else written),
        output=Decimal(output),
    )
    return PriceList((Tariff(rates=(rates,)),))


@dataclass(frozen=True, kw_only=True)
class LongPrice:
    """What calls with more than `above` tokens of input cost, in whole micros per million tokens."""

    above: int
    input: int
    cached: int
    output: int

    @property
    def amounts(self) -> list[int]:
        return [self.input, self.cached, self.output]


def with_long_inputs(prices: PriceList, long: LongPrice | None) -> PriceList:
    """PRICES of one tier, and a second one above LONG. Writing to the cache grows dearer as input does."""
    if long is None:
        return prices
    (tariff,) = prices.tariffs
    base = tariff.rates[0]
    factor = long.input / base.input if base.input else Decimal(1)
    above = Rates(
        above=long.above,
        input=Decimal(long.input),
        cached=Decimal(long.cached),
        written=base.written * factor,
        output=Decimal(long.output),
    )
    return PriceList((replace(tariff, rates=(base, above)),))


def _rounded_up(micros: Decimal) -> int:
    return int(micros.to_integral_value(ROUND_CEILING))


def _tariff_to_json(tariff: Tariff) -> dict[str, Any]:
    return {
        "service": tariff.service.value,
        "since": tariff.since.isoformat() if tariff.since else None,
        "hours": [hour.isoformat("minutes") for hour in tariff.hours] if tariff.hours else None,
        "call": str(tariff.call),
        "rates": [_rates_to_json(rates) for rates in tariff.rates],
    }


def _rates_to_json(rates: Rates) -> dict[str, int | str | None]:
    # As text, because JSON's numbers would lose the fractions.
    return {
        "above": rates.above,
        "input": str(rates.input),
        "cached": str(rates.cached),
        "written": str(rates.written),
        "output": str(rates.output),
        "hour": None if rates.hour is None else str(rates.hour),
    }


def _tariff_from_json(row: Mapping[str, Any]) -> Tariff:
    starts_ends = [time.fromisoformat(hour) for hour in row["hours"] or ()]
    return Tariff(
        rates=tuple(
            Rates(
                above=rates["above"],
                input=Decimal(rates["input"]),
                cached=Decimal(rates["cached"]),
                written=Decimal(rates["written"]),
                output=Decimal(rates["output"]),
                hour=Decimal(rates["hour"]) if rates.get("hour") else None,
            )
            for rates in row["rates"]
        ),
        call=Decimal(row["call"]),
        service=Service(row["service"]),
        since=date.fromisoformat(row["since"]) if row["since"] else None,
        hours=(starts_ends[0], starts_ends[1]) if starts_ends else None,
    )
