"""Charges calls to the budgets of instance, team and person, each at the price of its moment."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.conf import settings

from skills.budgets import reserve, settle
from skills.budgets.call_roles import CallRole
from skills.budgets.measure import Density, density_of
from skills.budgets.reserve import Call, Caller
from skills.lib.clock import now
from skills.lib.remembered import Remembered
from skills.portfolio.call_bounds import CallBound
from skills.portfolio.model_plan import ModelPlan
from skills.portfolio.models import PortfolioModel
from skills.portfolio.price_lists import PriceList, Service, Tariff

_KEPT_SECONDS = 30.0  # before periods, prices and densities are looked up again
_MOST_KEPT = 1_000  # models of one run, and more


@dataclass(frozen=True)
class PriceInForce:
    """The price list in force, and the row it stands in."""

    price_id: int | None
    prices: PriceList | None

    def tariff(self, service: Service) -> Tariff | None:
        """What a call of this moment costs; None without a price."""
        return self.prices.tariff(service, now()) if self.prices else None


class CallLedger:
    """Holds before a call and books after it; for one payer, used by one thread."""

    def __init__(
        self,
        *,
        team_id: int | None = None,
        account_id: int | None = None,
        run_id: int | None = None,
        skill_id: int | None = None,
    ) -> None:
        self.run_id, self.skill_id = run_id, skill_id
        self._caller = Caller(account_id=account_id, team_id=team_id)
        self._charged = partial(reserve.charged, team_id=team_id, account_id=account_id, run_id=run_id)
        self._periods = Remembered[list[int]](_MOST_KEPT, _KEPT_SECONDS)
        self._prices = Remembered[PriceInForce | None](_MOST_KEPT, _KEPT_SECONDS)
        self._densities = Remembered[Density | None](_MOST_KEPT, _KEPT_SECONDS)
        # What each call under way will be booked at: the price when it began.
        self._tariffs: dict[UUID, Tariff | None] = {}

    def reserve(self, model: ModelPlan, role: CallRole, bound: CallBound) -> UUID:
        """Hold what a call within BOUND may use; raises budgets' OutOfBudget or Busy."""
        priced = self._prices.get(model.id, lambda: price_in_force(model.id))
        priced = priced or PriceInForce(None, model.price)
        tariff = priced.tariff(model.service)
        call = bounded_call(
            model,
            bound,
            role=role,
            density=self._density(model),
            tariff=tariff,
            price_id=priced.price_id,
            run_id=self.run_id,
            skill_id=self.skill_id,
            caller=self._caller,
            seconds=settings.EVAL_HOLD_SECONDS,
        )
        hold = reserve.reserve(self.periods(model.label), call)
        self._tariffs[hold] = tariff
        return hold

    def periods(self, label: str) -> list[int]:
        """Ids of the periods that calls to a model are charged to; one may end while its calls go on."""
        return self._periods.get(label, lambda: self._charged(model=label))

    def _density(self, model: ModelPlan) -> Density | None:
        return self._densities.get(model.tokenizer, lambda: density_of(model.tokenizer))

    def settle(self, hold: UUID, model: ModelPlan, usage: settle.Usage, bound: CallBound) -> int | None:
        """Book what the provider says, and return what it cost; None without a price.

        More than was held is booked too, and teaches the next call at once. A provider that says more than
        is possible is not asked again.
        """
        tariff = self._tariffs.pop(hold, None)
        micros = tariff.cost(usage) if tariff else None
        settle.settle(hold, usage, micros)
        if usage.sent > bound.input_tokens(self._density(model)):
            self._densities.forget(model.tokenizer)
        if bound.is_broken_by(usage):
            block_model(model.id, usage, bound)
        return micros

    def release(self, hold: UUID) -> None:
        self._tariffs.pop(hold, None)
        settle.release(hold)

    def lose(self, hold: UUID, why: str) -> None:
        self._tariffs.pop(hold, None)
        settle.lose(hold, why)


def block_model(model_id: int, usage: settle.Usage, bound: CallBound) -> None:
    """Stop a model whose provider said more than was possible: budgets cannot hold what has no bound."""
    text = f"It reported {usage.total:,} tokens for a call that could use {bound.most:,} at most."
    PortfolioModel.objects.filter(pk=model_id, blocked="").update(blocked=text)


def price_in_force(model_id: int) -> PriceInForce | None:
    """The approved price of this moment: it may be another one than when a run was asked for."""
    row = PortfolioModel.objects.select_related("price").filter(pk=model_id).first()
    if row is None or row.price is None:
        return None
    return PriceInForce(row.price.pk, row.price.price_list)


def bounded_call(
    model: ModelPlan,
    bound: CallBound,
    *,
    role: CallRole,
    density: Density | None,
    tariff: Tariff | None,
    price_id: int | None,
    caller: Caller,
    seconds: int,
    run_id: int | None = None,
    skill_id: int | None = None,
    instead_of: str = "",
) -> Call:
    """What a call within BOUND holds, by what earlier ones taught, and its worst case beside."""
    input_tokens = bound.input_tokens(density)
    return Call(
        model=model.label,
        role=role,
        tokens=input_tokens + bound.output_tokens,
        micros=_most_micros(tariff, input_tokens, bound),
        most_tokens=bound.most,
        most_micros=_most_micros(tariff, bound.sent_bytes, bound),
        price_id=price_id,
        tokenizer=model.tokenizer,
        sent_bytes=bound.sent_bytes,
        run_id=run_id,
        skill_id=skill_id,
        caller=caller,
        instead_of=instead_of,
        seconds=seconds,
    )


def _most_micros(tariff: Tariff | None, input_tokens: int, bound: CallBound) -> int | None:
    """Micros of the dearest call within BOUND that sends INPUT_TOKENS; None without a price."""
    if tariff is None:
        return None
    return tariff.most(
        input_tokens=input_tokens, output_tokens=bound.output_tokens, for_an_hour=bound.for_an_hour
    )
