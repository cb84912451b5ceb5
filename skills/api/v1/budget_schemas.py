"""The JSON that sets budgets: serializers for the schema."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers as s

from skills.budgets.board import BoardRow
from skills.budgets.bulk import BudgetChange, BudgetPlan
from skills.budgets.models import DefaultBudget, DefaultFor, Each, Window
from skills.budgets.terms import MOST, Terms
from skills.budgets.webhook_models import BudgetWebhook


class TermsShape(s.Serializer[object]):
    window = s.ChoiceField(choices=Window.choices, required=False)
    time_zone = s.CharField(max_length=60, required=False, help_text="A name of the IANA list.")
    starts_on = s.IntegerField(
        min_value=1, max_value=28, required=False, help_text="Of a week 1 (Monday) to 7, of a month 1 to 28."
    )
    limit_tokens = s.IntegerField(min_value=0, max_value=MOST, allow_null=True, required=False)
    limit_micros = s.IntegerField(
        min_value=0, max_value=MOST, allow_null=True, required=False, help_text="Millionths of a dollar."
    )
    marks = s.ListField(
        child=s.IntegerField(min_value=1, max_value=100),
        max_length=10,
        required=False,
        help_text="The percentages that people are told at.",
    )
    hard = s.BooleanField(required=False, help_text="Whether calls stop at the limit.")


class TermsChange(TermsShape):
    follow_default = s.BooleanField(
        required=False, help_text="True takes back what was set; the default holds again. Staff alone."
    )


class GrantIn(s.Serializer[object]):
    tokens = s.IntegerField(min_value=0, max_value=MOST, default=0)
    micros = s.IntegerField(min_value=0, max_value=MOST, default=0)
    note = s.CharField(max_length=300)
    expires_at = s.DateTimeField(
        allow_null=True, default=None, help_text="At most until the period ends; null for that."
    )


class PartIn(s.Serializer[object]):
    member = s.CharField(required=False, help_text="A handle; of a team's budget.")
    model = s.CharField(required=False, help_text="A label; of a team's budget.")
    each = s.ChoiceField(choices=Each.choices, required=False)
    token = s.IntegerField(required=False, help_text="An id; of a person's budget.")


class DefaultShape(TermsShape):
    whom = s.ChoiceField(choices=DefaultFor.choices)


class PersonBudgetShape(s.Serializer[object]):
    person = s.CharField()
    budget = s.IntegerField(allow_null=True, help_text="Null before the first call: the default will hold.")
    follows_default = s.BooleanField()
    spent_tokens = s.IntegerField()
    spent_micros = s.IntegerField()
    left_tokens = s.IntegerField(allow_null=True)
    left_micros = s.IntegerField(allow_null=True)
    forecast_tokens = s.IntegerField(
        allow_null=True, help_text="At the end of the period, if it goes on like this."
    )
    terms = TermsShape()


class BudgetWebhookIn(s.Serializer[object]):
    address = s.CharField(max_length=300, help_text="A public http(s) address.")


class BudgetWebhookShape(s.Serializer[object]):
    """The program that is told of marks, and how the last message went."""

    address = s.CharField(allow_blank=True)
    last_at = s.DateTimeField(allow_null=True)
    last_answer = s.CharField(allow_blank=True)
    last_arrived = s.BooleanField()


class BudgetWebhookMade(s.Serializer[object]):
    address = s.CharField()
    secret = s.CharField(help_text="That messages are signed with; it is told this once.")


class BulkIn(s.Serializer[object]):
    csv = s.CharField(
        trim_whitespace=False, help_text="With the columns person, tokens, dollars, period, stop."
    )
    digest = s.CharField(
        required=False, help_text="That of the plan that was answered before; without it nothing is changed."
    )


class BulkLine(s.Serializer[object]):
    line = s.IntegerField()
    person = s.CharField()
    before = TermsShape()
    after = TermsShape()
    changes = s.BooleanField()


class BulkShape(s.Serializer[object]):
    digest = s.CharField()
    done = s.BooleanField()
    lines = BulkLine(many=True)


def changed(terms: Terms, wanted: Mapping[str, Any]) -> Terms:
    """TERMS with what was sent instead."""
    values = terms.as_columns() | {name: wanted[name] for name in terms.as_columns() if name in wanted}
    if "window" in wanted and "starts_on" not in wanted:
        values["starts_on"] = 1
    return Terms(**values | {"marks": tuple(values["marks"])})  # type: ignore[arg-type]


def default(row: DefaultBudget) -> dict[str, object]:
    return {"whom": row.whom} | row.terms.as_columns()


def person(row: BoardRow) -> dict[str, object]:
    period = row.period
    return {
        "person": str(row.owner),
        "budget": row.budget.pk,
        "follows_default": row.budget.follows_default,
        "spent_tokens": period.spent_tokens,
        "spent_micros": period.spent_micros,
        "left_tokens": period.left_tokens,
        "left_micros": period.left_micros,
        "forecast_tokens": row.forecast_tokens,
        "terms": row.budget.terms.as_columns(),
    }


def webhook(row: BudgetWebhook) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("address", "last_at", "last_answer", "last_arrived")}


def bulk(plan: BudgetPlan, *, done: bool) -> dict[str, object]:
    return {"digest": plan.digest, "done": done, "lines": [_line(change) for change in plan.changes]}


def _line(change: BudgetChange) -> dict[str, object]:
    return {
        "line": change.line,
        "person": change.account.username,
        "before": change.before.as_columns(),
        "after": change.after.as_columns(),
        "changes": change.changes,
    }
