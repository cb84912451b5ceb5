"""Which models a team's agents may call, and under which names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skills.gateway.kept import Lookups
from skills.gateway.refusals import no_model
from skills.people.models import Team
from skills.portfolio.credentials import BadKey
from skills.portfolio.kinds import KINDS, NativeApi
from skills.portfolio.model_plan import ModelPlan, model_plan
from skills.portfolio.models import ModelAlias, PortfolioModel
from skills.portfolio.provider_keys import key_of
from skills.portfolio.selectors import available
from skills.usage.keeping import days_kept

_SECONDS = 5.0  # before a team's portfolio is read again
Names = Mapping[str, Sequence[ModelPlan]]


@dataclass(frozen=True)
class Offers:
    """Names → the models that answer under them, the first that can; of one protocol."""

    names: Mapping[NativeApi, Names]
    keeps_calls: bool = False  # whether the team keeps what is said, see usage/keeping.py

    def of(self, name: str, api: NativeApi) -> Sequence[ModelPlan]:
        """The models called NAME; raises Refusal where the team has none."""
        if found := self.names.get(api, {}).get(name):
            return found
        spoken = [other for other, names in self.names.items() if name in names]
        if spoken:
            raise no_model(f"The model {name} speaks another protocol: that of {spoken[0]}.")
        known = ", ".join(sorted(self.names.get(api, {}))[:20])
        raise no_model(f"The team has no model {name[:120]}. It has {known or 'none for this protocol'}.")


class TeamOffers:
    """The offers of each team, read again every few seconds."""

    def __init__(self) -> None:
        self._kept = Lookups[int | None, Offers](offers_of, seconds=_SECONDS)

    async def of(self, team_id: int | None) -> Offers:
        return await self._kept.get(team_id)


def offers_of(team_id: int | None) -> Offers:
    """What the team has chosen: by its own names, by label, and by the provider's own name."""
    team = Team.objects.filter(pk=team_id).first() if team_id else None
    plans = {plan.id: plan for row in available(team) if (plan := _plan(row)) is not None}
    names: dict[NativeApi, dict[str, list[ModelPlan]]] = {}
    for plan in plans.values():
        names.setdefault(_api(plan), {})[plan.label] = [plan]
    for plan in plans.values():
        # A name that several providers have is the one of the first label, and a label goes before it.
        names[_api(plan)].setdefault(plan.name, [plan])
    # A team's own name goes before all: a model that staff add later does not take it over.
    for alias in ModelAlias.objects.filter(team=team) if team else ():
        named = [plans[pk] for pk in alias.model_ids if pk in plans]
        for api in {_api(plan) for plan in named}:
            names[api][alias.name] = [plan for plan in named if _api(plan) == api]
    return Offers(names, keeps_calls=days_kept(team_id) > 0)


def _api(plan: ModelPlan) -> NativeApi:
    way = KINDS[plan.kind].passed_through
    assert way is not None
    return way.api


def _plan(row: PortfolioModel) -> ModelPlan | None:
    """The model with its key; None where it cannot be passed through to."""
    if KINDS[row.provider.kind].passed_through is None:
        return None
    try:
        return model_plan(row, key_of(row.provider))
    except BadKey:
        return None
