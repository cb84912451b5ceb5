"""Addresses and amounts on the pages of spending: each keeps what the page was asked for already."""

from datetime import date

from django import template
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from skills.budgets.calls import GroupOfCalls
from skills.budgets.models import Hold
from skills.lib import money

register = template.Library()


def _query(context: Context) -> QueryDict:
    query: QueryDict = context["request"].GET.copy()
    query.pop("cursor", None)
    return query


def _address(query: QueryDict, **changes: object) -> str:
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def query_with(context: Context, name: str, value: object) -> str:
    """The page with the condition NAME set to VALUE, None to drop it."""
    return _address(_query(context), **{str(name): value})


@register.simple_tag(takes_context=True)
def calls_of_day(context: Context, day: date) -> str:
    """The calls of one day."""
    changes = {"since": day, "until": day, "list": "calls", "days": None, "by": None, "measure": None}
    return _address(_query(context), **changes)


@register.simple_tag(takes_context=True)
def calls_of_group(context: Context, group: GroupOfCalls) -> str:
    """The calls of one run or session, those before the days that are shown too."""
    return _address(
        _query(context),
        list="calls",
        since=group.first_at.date(),
        until=group.last_at.date(),
        run=group.run_id,
        session=group.session or None,
        person=group.account_id or 0,
    )


@register.simple_tag(takes_context=True)
def kept_words(context: Context, *but: str) -> SafeString:
    """Hidden fields for what the page was asked for, except BUT."""
    pairs = [(name, value) for name, value in _query(context).items() if name not in but]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag
def parts_of_call(call: Hold) -> str:
    """What the tokens of CALL were."""
    return f"in {call.input_tokens:,}, cache {call.cached_tokens:,}, out {call.output_tokens:,}"


@register.simple_tag
def measured(value: int, measure: str) -> str:
    """Tokens, or micros as money."""
    return money.in_words(value) if measure == "money" else format_html("{} tokens", f"{value:,}")
