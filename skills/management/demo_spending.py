"""Spending of demo agents, invented, so that reports of a demo are not empty.

It is booked as agents tell theirs: nothing here says that the gateway has metered it.
"""

import random
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from skills.budgets import reserve, rollup
from skills.budgets.models import Hold, Period
from skills.budgets.report import ReportedCall, book_report
from skills.budgets.reserve import Caller
from skills.budgets.settle import Attribution, Usage
from skills.catalog.models import Skill
from skills.lib.clock import now
from skills.people.models import Account

AGENTS = ("demo-agent (invented)", "demo-assistant (invented)")
_DAYS = 30
_MODELS = {
    "scripted-large": 3.0,
    "scripted-medium": 1.0,
    "scripted-small": 0.15,
}  # dollars a million of input
_OUTPUT_FACTOR = 5
_SEED = 16  # any; a demo looks the same each time


def invent(people: Sequence[Account]) -> None:
    """A month of work with the published skills of shared teams, more on working days than at weekends."""
    draw = random.Random(_SEED)  # noqa: S311 - nothing here is secret
    skills = list(Skill.objects.filter(published=True, team__personal_of=None).order_by("pk"))
    periods: dict[tuple[int, int], list[Period]] = {}
    for moment in _moments(draw):
        skill, account = draw.choice(skills), draw.choice(people)
        payers = skill.team_id, account.pk
        if payers not in periods:
            charged = reserve.charged(team_id=skill.team_id, account_id=account.pk)
            periods[payers] = list(Period.objects.filter(pk__in=charged))
        call = _call(draw, skill=skill, account=account, at=moment)
        # Of this period its team and person are charged, of earlier ones nobody is.
        book_report(call, [period.pk for period in periods[payers] if period.starts_at <= moment])
        Hold.objects.filter(pk=call.id).update(ended_at=moment)
    rollup.roll_up()


def _moments(draw: random.Random) -> Iterator[datetime]:
    """When sessions ended, the oldest first."""
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    for age in reversed(range(1, _DAYS)):
        day = today - timedelta(days=age)
        sessions = draw.randint(1, 4) if day.isoweekday() <= 5 else draw.randint(0, 1)
        for _ in range(sessions):
            yield day + timedelta(hours=8, minutes=draw.randrange(600))


def _call(draw: random.Random, *, skill: Skill, account: Account, at: datetime) -> ReportedCall:
    """One session of an agent at work with a skill."""
    model = draw.choice(list(_MODELS))
    usage = Usage(draw.randint(800, 3_000), draw.randint(0, 2_000), draw.randint(100, 900))
    return ReportedCall(
        id=uuid.uuid4(),
        model=model,
        usage=usage,
        micros=round(_MODELS[model] * (usage.input + usage.cached / 10 + _OUTPUT_FACTOR * usage.output)),
        at=at,
        caller=Caller(
            account_id=account.pk,
            team_id=skill.team_id,
            agent=draw.choice(AGENTS),
            session=f"demo-{at:%m%d-%H%M}",
        ),
        attribution=Attribution(skill_id=skill.pk, version_id=skill.shown_id),
    )
