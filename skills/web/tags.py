"""How values are written: times, sizes, money, shares, marked text."""

import re
from datetime import datetime
from html import escape
from typing import TypedDict
from urllib.parse import urlencode

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma, naturaltime
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from skills.bundles.limits import human
from skills.evals.models import Trial
from skills.lib import money
from skills.lib.addresses import here
from skills.search.query import START, STOP, Answer
from skills.search.rank import COUNTED
from skills.verdicts.statistics import IntervalEstimate

register = template.Library()
_ACCOUNT_SECTIONS = {
    "profile",
    "tokens",
    "agents",
    "notifications",
    "email",
    "password",
    "two-factor",
    "sso",
    "sessions",
}
_BETWEEN_TICKS = re.compile(r"`([^`]+)`")


@register.simple_tag
def ago(moment: datetime | None) -> str:
    """A relative time whose title is the exact one."""
    if moment is None:
        return "never"
    exact = moment.strftime("%Y-%m-%d %H:%M UTC")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, naturaltime(moment)
    )


@register.filter
def short_digest(digest: str) -> str:
    """sha256:9f1c…e2b7: enough to recognise it."""
    return f"{digest[:11]}…{digest[-4:]}" if digest else ""


@register.filter
def size(count: int) -> str:
    return human(count)


class ToolSchema(TypedDict, total=False):
    """What is read here of the JSON Schema of a tool's input."""

    properties: dict[str, object]
    required: list[str]


@register.filter
def parameters(schema: ToolSchema) -> str:
    """The parameters of a tool's JSON Schema by name; a star marks those it needs."""
    needed = schema.get("required", ())
    return ", ".join(f"{name}*" if name in needed else name for name in schema.get("properties", {})) or "–"


@register.filter
def marked(snippet: str) -> SafeString:
    """A search snippet: everything escaped, then the matched words marked."""
    text = escape(snippet).replace(START, "<mark>").replace(STOP, "</mark>")
    return mark_safe(text)  # noqa: S308 - escaped above


@register.simple_tag
def marked_output(trial: Trial) -> SafeString:
    """A trial's output, with what its passed grades quote marked."""
    text = escape(trial.output)
    quotes = {escape(one["evidence"]) for one in trial.grades if one["passed"] and len(one["evidence"]) > 2}
    for quote in sorted(quotes, key=len, reverse=True):
        text = text.replace(quote, f"<mark>{quote}</mark>", 1)
    return mark_safe(text or "(nothing)")  # noqa: S308 - escaped above


@register.filter
def dollars(micros: int | None) -> str:
    """Micros of a dollar in the currency of the instance; "unknown" where no price is known."""
    return money.in_words(micros)


@register.simple_tag
def amount(tokens: int | None, micros: int | None, unlimited: str = "no limit") -> str:
    """Tokens and what they cost: "1,200 tokens, $0.4500". UNLIMITED stands for tokens that are None.

    The cost is left out where MICROS is None: money is not limited, or the price is unknown.
    """
    words = unlimited if tokens is None else f"{intcomma(tokens)} tokens"
    return words if micros is None else f"{words}, {dollars(micros)}"


@register.simple_tag
def account_section(request: HttpRequest) -> str:
    """The tab of the account pages that an address belongs to; the views of allauth name none."""
    part = request.path_info.removeprefix("/account/").partition("/")[0] or "profile"
    return part if part in _ACCOUNT_SECTIONS else ""


@register.filter
def percent(share: float) -> str:
    return f"{round(100 * share)} %"


@register.filter
def points(difference: IntervalEstimate | None) -> str:
    """A lift or a change in points, with a sign and a shape: colour is never the only one."""
    if difference is None or not difference.cases:
        return "–"
    return in_points(difference.value)


@register.filter
def in_points(share: float) -> str:
    """The same of a bare share."""
    value = round(100 * share)
    return f"{'▲' if value > 0 else '▼' if value < 0 else '='} {abs(value)}"


@register.simple_tag
def bar_top(height: float) -> float:
    return 100 - height


@register.filter
def total(answer: Answer) -> str:
    """How many skills a search found, in words; beyond COUNTED nobody counts."""
    if answer.capped:
        return f"{COUNTED:,}+ skills"
    return f"{answer.total} skill{'' if answer.total == 1 else 's'}"


@register.filter
def trusted(html: str) -> SafeString:
    """HTML that lib/markdown.py cleaned when the version was published."""
    return mark_safe(html)  # noqa: S308 - nh3 has cleaned it


@register.filter
def codes(text: str) -> SafeString:
    """Words between backticks, as docstrings have them, set as code."""
    return mark_safe(_BETWEEN_TICKS.sub(r"<code>\1</code>", escape(text)))  # noqa: S308 - escaped


@register.filter
def get(mapping: dict[object, object], key: object) -> object:
    return mapping.get(key, "")


@register.simple_tag
def querystring_home(request: HttpRequest, name: str, value: str | None) -> str:
    """The address of the search page with one parameter changed, from its first page."""
    # A copy of request.GET takes ten times as long, and a page has one of these for each value of each facet.
    kept = [(key, values) for key, values in request.GET.lists() if key not in ("cursor", name)]
    if value:
        kept.append((name, [value]))
    return f"{reverse('home')}?{urlencode(kept, doseq=True)}"


@register.simple_tag
def hub_start() -> str:
    """The address of the first page, where no request has said how addresses begin."""
    return here("/")


@register.filter(name="here")
def here_filter(path: str) -> str:
    """The address of a row, as a browser asks for it."""
    return here(path)
