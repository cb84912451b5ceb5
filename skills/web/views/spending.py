"""Reports of spending, and the lists of calls behind them: one's own, a team's, everybody's."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from skills.budgets.calls import calls, groups, page_of_calls
from skills.budgets.spending import (
    NOBODY,
    NOTHING,
    Amount,
    CallFilter,
    Dimension,
    Measure,
    Reach,
    administered_teams,
    instance_reach,
    is_late,
    own_reach,
    report,
    team_reach,
)
from skills.budgets.spending_models import Grain
from skills.budgets.spending_query import dimension_of, filter_of, measure_of, span_of, within_of
from skills.catalog.selectors import find_team
from skills.flows.outlook import Outlook, outlook_of
from skills.flows.spending_exports import export_calls
from skills.flows.spending_names import named_calls, names_of
from skills.http.actors import HubRequest
from skills.http.csv_download import csv_download
from skills.lib.errors import refuse
from skills.people.actor import Actor
from skills.web.spending_charts import bar_chart, burn_up

_PAGE = 50
_PARTS = 100  # that a page lists of what a report is broken down by
_TABS = {
    Dimension.MODEL: "Models",
    Dimension.SKILL: "Skills",
    Dimension.VERSION: "Versions",
    Dimension.AGENT: "Agents",
    Dimension.PURPOSE: "Purposes",
    Dimension.TOKEN: "Tokens",
    Dimension.PERSON: "People",
    Dimension.TEAM: "Teams",
}
_LISTS = ("sessions", "runs", "days", "calls")


@dataclass(frozen=True, kw_only=True)
class _Subject:
    """Whose spending a page is about, and where its pages are."""

    reach: Reach
    title: str
    report_url: str
    calls_url: str

    @property
    def dimensions(self) -> list[Dimension]:
        """What there is more than one of."""
        single = Dimension.TEAM if self.reach.team else Dimension.PERSON if self.reach.account else None
        return [dimension for dimension in _TABS if dimension != single]


def _subject(actor: Actor, handle: str, *, everybody: bool) -> _Subject:
    if everybody:
        return _Subject(
            reach=instance_reach(actor),
            title="Spending of the instance",
            report_url=reverse("spending-all"),
            calls_url=reverse("spending-all-calls"),
        )
    if handle:
        return _Subject(
            reach=team_reach(actor, find_team(actor, handle)),
            title=f"Spending of the team {handle}",
            report_url=reverse("spending-team", args=[handle]),
            calls_url=reverse("spending-team-calls", args=[handle]),
        )
    return _Subject(
        reach=own_reach(actor),
        title="Your spending",
        report_url=reverse("spending"),
        calls_url=reverse("spending-calls"),
    )


@require_GET
def spending(request: HubRequest, handle: str = "", *, everybody: bool = False) -> HttpResponse:
    """What was spent over time and on what, with the way the current period is going."""
    subject = _subject(request.actor, handle, everybody=everybody)
    span, wanted = span_of(request.GET), filter_of(request.GET)
    by = dimension_of(request.GET, subject.dimensions[0])
    shown = report(subject.reach, span, wanted, by)
    # A limit is for all calls: beside some of them it would say nothing.
    outlook = None if wanted.values else outlook_of(subject.reach, measure_of(request.GET))
    measure = measure_of(request.GET) or (outlook.measure if outlook else Measure.MONEY)
    names = names_of(request.actor, by, [part.key for part in shown.parts[:_PARTS]])
    context = {
        "nav": "spending",
        "subject": subject,
        "subjects": _others(request.actor),
        "report": shown,
        "is_monthly": shown.span.grain == Grain.MONTH,
        "bars": bar_chart([(day, _value(amount, measure)) for day, amount in shown.steps]),
        "measure": measure,
        "by": by,
        "tabs": [(dimension, _TABS[dimension]) for dimension in subject.dimensions],
        "parts": [(_word(by, part.key), names[part.key], part.amount) for part in shown.parts[:_PARTS]],
        "left_out": max(0, len(shown.parts) - _PARTS),
        "chips": _chips(request.actor, wanted),
        "outlook": outlook,
        "burn_up": _drawing(outlook) if outlook else None,
        "late": is_late(),
        "spans": (7, 30, 90, 365),
    }
    return render(request, "spending/report.html", context)


@require_GET
def call_lists(request: HubRequest, handle: str = "", *, everybody: bool = False) -> HttpResponseBase:
    """The calls themselves, or the sessions, runs or days that they were made in; calls also as CSV."""
    subject = _subject(request.actor, handle, everybody=everybody)
    span, wanted, within = span_of(request.GET), filter_of(request.GET), within_of(request.GET)
    if request.GET.get("format") == "csv":
        rows = calls(subject.reach, span, wanted, within)
        return csv_download("calls", export_calls(request.actor, rows))
    listing = request.GET.get("list", "") or _LISTS[0]
    if listing not in _LISTS:
        raise refuse("bad_parameter", f"`list` is one of {', '.join(_LISTS)}.")
    context = {
        "nav": "spending",
        "subject": subject,
        "span": span,
        "listing": listing,
        "lists": [(name, name.capitalize()) for name in _LISTS],
        "chips": _chips(request.actor, wanted),
        "within": within,
        "leaves_out_model": wanted.has_model and listing in ("sessions", "runs"),
        "late": is_late(),
    }
    context |= _listed(request, subject.reach, listing)
    return render(request, "spending/calls.html", context)


def _listed(request: HubRequest, reach: Reach, listing: str) -> dict[str, object]:
    """The rows of one list, its names, and the cursor of the next page."""
    span, wanted, cursor = span_of(request.GET), filter_of(request.GET), request.GET.get("cursor", "")
    if listing == "days":
        shown = report(reach, span, wanted, Dimension.PURPOSE)
        return {"days": [(day, amount) for day, amount in reversed(shown.steps) if amount.calls]}
    if listing == "calls":
        found = page_of_calls(reach, span, wanted, within_of(request.GET), cursor=cursor, size=_PAGE)
        return {"calls": named_calls(request.actor, found.rows), "next": found.next}
    grouped = groups(reach, span, wanted, runs=listing == "runs", cursor=cursor, size=_PAGE)
    people = names_of(request.actor, Dimension.PERSON, [row.account_id for row in grouped.rows])
    return {"groups": [(row, people[row.account_id]) for row in grouped.rows], "next": grouped.next}


def _others(actor: Actor) -> list[tuple[str, str]]:
    """(address, name) of every report ACTOR may open."""
    teams = [
        (reverse("spending-team", args=[team.handle]), team.handle) for team in administered_teams(actor)
    ]
    everything = [(reverse("spending-all"), "The instance")] if actor.reads_everything else []
    return [(reverse("spending"), "You"), *teams, *everything]


def _chips(actor: Actor, wanted: CallFilter) -> list[tuple[str, str]]:
    """(dimension, name) of what is asked for."""
    return [
        (dimension.value, names_of(actor, dimension, [value])[value]) for dimension, value in wanted.values
    ]


def _word(dimension: Dimension, key: int | str | None) -> int | str:
    """KEY as an address says it."""
    return key or (NOBODY if dimension.is_id else NOTHING)


def _value(amount: Amount, measure: Measure) -> int:
    return amount.micros if measure == Measure.MONEY else amount.tokens


def _drawing(outlook: Outlook) -> object:
    return burn_up(
        outlook.by_day,
        starts_at=outlook.period.starts_at,
        ends_at=outlook.ends_at,
        at=outlook.at,
        spent=outlook.spent,
        limit=outlook.limit,
        forecast=outlook.forecast,
    )
