"""Names of a team's own for models: `fast` may be another model tomorrow, and no agent is changed for it.

A name stands for up to three models. The first answers; the next does where those before it are away and
nothing was billed (`gateway/call.py`).
"""

import re
from collections.abc import Iterable, Sequence

from django.db import transaction

from skills.audit.record import record
from skills.lib.errors import missing, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Team
from skills.portfolio.kinds import KINDS
from skills.portfolio.models import ModelAlias, PortfolioModel
from skills.portfolio.selectors import available

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_MOST_MODELS = 3
_MOST_NAMES = 20  # of one team


def nameable(team: Team) -> list[PortfolioModel]:
    """The models of TEAM that agents may call, by label."""
    return [row for row in available(team) if KINDS[row.provider.kind].passed_through is not None]


@transaction.atomic
def set_alias(*, actor: Actor, team: Team, name: str, models: Sequence[PortfolioModel]) -> ModelAlias:
    """From now on NAME stands for MODELS, the first that can answer; raises Refused."""
    by = rules.team_admin(actor, team)
    # Two who set the same name at once take turns.
    Team.objects.select_for_update().get(pk=team.pk)
    _check(team, name, models)
    alias, _ = ModelAlias.objects.update_or_create(
        team=team, name=name, defaults={"model_ids": [model.pk for model in models]}
    )
    labels = [model.label for model in models]
    record("alias.set", by=by, target=team, team_id=team.pk, name=name, models=labels)
    return alias


@transaction.atomic
def remove_alias(*, actor: Actor, team: Team, name: str) -> None:
    """From now on NAME is no model; raises Missing where it is none already."""
    by = rules.team_admin(actor, team)
    removed, _ = ModelAlias.objects.filter(team=team, name=name).delete()
    if not removed:
        raise missing()
    record("alias.remove", by=by, target=team, team_id=team.pk, name=name)


def labels_of(alias: ModelAlias, offered: Iterable[PortfolioModel]) -> list[str]:
    """The labels of the models behind ALIAS that are still OFFERED, in the order in which they are asked."""
    labels = {model.pk: model.label for model in offered}
    return [labels[pk] for pk in alias.model_ids if pk in labels]


def _check(team: Team, name: str, models: Sequence[PortfolioModel]) -> None:
    if not _NAME.fullmatch(name):
        text = f"{name[:60]!r} cannot be a name for models."
        raise refuse("bad_alias", text, "Up to 40 small letters, digits and hyphens, a letter first.")
    if not 1 <= len(models) <= _MOST_MODELS or len({model.pk for model in models}) < len(models):
        raise refuse("bad_alias", f"{name} stands for one to three different models.")
    offered = nameable(team)
    known = {model.pk for model in offered}
    for model in models:
        if model.pk not in known:
            text = f"Agents of {team.handle} cannot call {model.label}."
            raise refuse("bad_alias", text, "Take one of the team's models that the gateway passes through.")
    if any(name in (model.label, model.name) for model in offered):
        raise refuse("alias_taken", f"{name} is the name of a model.", "Choose another name.")
    others = ModelAlias.objects.filter(team=team).exclude(name=name)
    if others.count() >= _MOST_NAMES:
        raise refuse("too_many_aliases", f"A team has at most {_MOST_NAMES} names.", "Remove one first.")
