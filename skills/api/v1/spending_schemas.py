"""The JSON that says what was spent: serializers for the schema."""

from datetime import date

from rest_framework import serializers as s

from skills.budgets.calls import GroupOfCalls
from skills.budgets.models import HoldState
from skills.budgets.spending import Amount, Measure
from skills.budgets.spending_models import Grain
from skills.flows.outlook import Outlook
from skills.flows.spending_names import UNSEEN, NamedCall

_AMOUNTS = (
    *("calls", "lost", "unpriced", "tokens", "micros"),
    *("input_tokens", "cached_tokens", "written_tokens", "output_tokens"),
)
_OF_CALL = (
    *("agent", "session", "request_id", "model", "instead_of", "state"),
    *("team_id", "token_id", "skill_id", "version_id", "price_id"),
    *("input_tokens", "cached_tokens", "written_tokens", "output_tokens", "ended_at"),
)


class AmountShape(s.Serializer[object]):
    """What calls came to; `lost` were charged in full, `unpriced` cost what nobody knows."""

    calls = s.IntegerField()
    lost = s.IntegerField()
    unpriced = s.IntegerField()
    tokens = s.IntegerField()
    micros = s.IntegerField(help_text="Millionths of a dollar, of the calls that have a price.")
    input_tokens = s.IntegerField()
    cached_tokens = s.IntegerField()
    written_tokens = s.IntegerField()
    output_tokens = s.IntegerField()


class StepShape(AmountShape):
    day = s.DateField(help_text="Of a month its first.")


class PartShape(AmountShape):
    key = s.CharField(allow_null=True, help_text="An id or a word; null for the calls that name none.")
    name = s.CharField()


class ForecastShape(s.Serializer[object]):
    """Where the period ends: nine times in ten from `low` to `high`; `over` is the chance of the limit."""

    likely = s.IntegerField()
    low = s.IntegerField()
    high = s.IntegerField()
    over = s.FloatField(allow_null=True)
    days = s.IntegerField(help_text="That it is learnt from.")


class OutlookShape(s.Serializer[object]):
    budget = s.IntegerField()
    starts_at = s.DateTimeField()
    ends_at = s.DateTimeField()
    measure = s.ChoiceField(choices=[(one.value, one.value) for one in Measure])
    spent = s.IntegerField()
    limit = s.IntegerField(allow_null=True)
    forecast = ForecastShape(allow_null=True, help_text="Null with too few days to tell.")


class SpendingShape(s.Serializer[object]):
    """Spending over time and by one thing after another, the most first; days are those of UTC."""

    since = s.DateField()
    until = s.DateField()
    grain = s.ChoiceField(choices=Grain.choices)
    total = AmountShape()
    steps = StepShape(many=True)
    by = s.CharField()
    parts = PartShape(many=True)
    outlook = OutlookShape(allow_null=True, help_text="Null where only some calls are asked for.")
    late = s.BooleanField(help_text="Whether ended calls wait to be counted for more than a minute.")


class CallShape(s.Serializer[object]):
    """One call; names are null where there is none, or it is not for the caller to see."""

    id = s.UUIDField()
    began_at = s.DateTimeField()
    ended_at = s.DateTimeField()
    state = s.ChoiceField(choices=HoldState.choices)
    team = s.CharField(allow_null=True)
    person = s.CharField(allow_null=True)
    token = s.CharField(allow_null=True)
    agent = s.CharField(allow_blank=True)
    session = s.CharField(allow_blank=True)
    request_id = s.CharField(allow_blank=True)
    run = s.IntegerField(allow_null=True)
    skill = s.CharField(allow_null=True, help_text="team/name, with @version where it is known.")
    model = s.CharField()
    instead_of = s.CharField(allow_blank=True, help_text="The model that was to answer first, and was away.")
    purpose = s.CharField()
    held_tokens = s.IntegerField()
    tokens = s.IntegerField(allow_null=True)
    input_tokens = s.IntegerField()
    cached_tokens = s.IntegerField()
    written_tokens = s.IntegerField()
    output_tokens = s.IntegerField()
    micros = s.IntegerField(allow_null=True, help_text="Null where no price is known.")
    team_id = s.IntegerField(allow_null=True)
    person_id = s.IntegerField(allow_null=True)
    token_id = s.IntegerField(allow_null=True)
    skill_id = s.IntegerField(allow_null=True)
    version_id = s.IntegerField(allow_null=True)
    price_id = s.IntegerField(allow_null=True)


class CallGroupShape(AmountShape):
    """A session or a run; or the calls of a `day` that name neither."""

    run = s.IntegerField(allow_null=True)
    session = s.CharField(allow_blank=True)
    day = s.DateField(allow_null=True)
    person = s.CharField(allow_null=True)
    agent = s.CharField(allow_blank=True)
    first_at = s.DateTimeField()
    last_at = s.DateTimeField()


def amount(of: Amount) -> dict[str, object]:
    return {name: getattr(of, name) for name in _AMOUNTS}


def step(day: date, of: Amount) -> dict[str, object]:
    return {"day": day} | amount(of)


def outlook(one: Outlook) -> dict[str, object]:
    forecast = one.forecast
    return {
        "budget": one.budget.pk,
        "starts_at": one.period.starts_at,
        "ends_at": one.ends_at,
        "measure": one.measure.value,
        "spent": one.spent,
        "limit": one.limit,
        "forecast": forecast
        and {name: getattr(forecast, name) for name in ("likely", "low", "high", "over", "days")},
    }


def call(named: NamedCall) -> dict[str, object]:
    row = named.call
    return {name: getattr(row, name) for name in _OF_CALL} | {
        "id": row.pk,
        "began_at": row.created_at,
        "team": named.team if row.team_id else None,
        "person": named.person if row.account_id else None,
        "token": named.token if row.token_id else None,
        "run": row.run_id,
        "skill": named.skill if row.skill_id and named.skill != UNSEEN else None,
        "purpose": row.role,
        "held_tokens": row.tokens,
        "tokens": row.used_tokens,
        "micros": row.used_micros,
        "person_id": row.account_id,
    }


def group(one: GroupOfCalls, person: str) -> dict[str, object]:
    same = ("session", "day", "agent", "first_at", "last_at")
    facts = {"run": one.run_id, "person": person if one.account_id else None}
    return facts | {name: getattr(one, name) for name in same} | amount(one.amount)
