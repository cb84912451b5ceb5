"""What was spent: one's own, a team's, everybody's; over time, by session and run, and call by call."""

from django.http import StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from skills.api.v1 import spending_schemas as shapes
from skills.api.v1.docs import PAGING, PROBLEMS, page_of
from skills.api.v1.endpoint import HubView, page_size, paged
from skills.budgets.calls import calls, groups, page_of_calls
from skills.budgets.spending import (
    Dimension,
    Measure,
    Reach,
    instance_reach,
    is_late,
    own_reach,
    report,
    team_reach,
)
from skills.budgets.spending_query import dimension_of, filter_of, measure_of, span_of, within_of
from skills.catalog.selectors import find_team
from skills.flows.outlook import outlook_of
from skills.flows.spending_exports import export_calls
from skills.flows.spending_names import named_calls, names_of
from skills.http.csv_download import csv_download
from skills.lib.errors import refuse
from skills.people import rules

_TIME = [
    OpenApiParameter("since", {"type": "string", "format": "date"}, description="The first day, in UTC."),
    OpenApiParameter("until", {"type": "string", "format": "date"}, description="The last day; else today."),
    OpenApiParameter("days", int, description="So many days, where `since` is not given; else 30."),
]
_WHICH = [
    OpenApiParameter(dimension.value, description="An id, 0 for none." if dimension.is_id else "- for none.")
    for dimension in Dimension
]
_WHERE = [OpenApiParameter("session"), OpenApiParameter("run", int)]
_BY = OpenApiParameter("by", enum=[one.value for one in Dimension])
_MEASURE = OpenApiParameter("measure", enum=[one.value for one in Measure], description="Of the outlook.")
_CSV = OpenApiResponse(bytes, description="All columns of all calls, streamed; a line of names comes first.")


class _OfSomebody(HubView):
    """Whose spending the address is about: a team's by its handle, everybody's, or the caller's own."""

    def reach(self, team: str, *, everybody: bool) -> Reach:
        rules.signed_in(self.actor)
        if everybody:
            return instance_reach(self.actor)
        return team_reach(self.actor, find_team(self.actor, team)) if team else own_reach(self.actor)


class SpendingView(_OfSomebody):
    @extend_schema(
        parameters=[*_TIME, *_WHICH, _BY, _MEASURE],
        responses={200: shapes.SpendingShape, **PROBLEMS},
    )
    def get(self, request: Request, team: str = "", *, everybody: bool = False) -> Response:
        """Spending by day or month and by one thing after another, with how the current period will end."""
        reach, words = self.reach(team, everybody=everybody), request.query_params
        wanted, by = filter_of(words), dimension_of(words, Dimension.MODEL)
        shown = report(reach, span_of(words), wanted, by)
        outlook = None if wanted.values else outlook_of(reach, measure_of(words))
        names = names_of(self.actor, by, [part.key for part in shown.parts])
        parts = [
            {"key": part.key or None, "name": names[part.key]} | shapes.amount(part.amount)
            for part in shown.parts
        ]
        return Response(
            {
                "since": shown.span.since,
                "until": shown.span.until,
                "grain": shown.span.grain,
                "total": shapes.amount(shown.total),
                "steps": [shapes.step(day, amount) for day, amount in shown.steps],
                "by": by,
                "parts": parts,
                "outlook": outlook and shapes.outlook(outlook),
                "late": is_late(),
            }
        )


class CallList(_OfSomebody):
    @extend_schema(
        parameters=[*PAGING, *_TIME, *_WHICH, *_WHERE],
        responses={200: page_of(shapes.CallShape), **PROBLEMS},
    )
    def get(self, request: Request, team: str = "", *, everybody: bool = False) -> Response:
        """The calls that ended, the last first; those that were not billed too."""
        reach, words = self.reach(team, everybody=everybody), request.query_params
        found = page_of_calls(
            reach,
            span_of(words),
            filter_of(words),
            within_of(words),
            cursor=words.get("cursor", ""),
            size=page_size(request),
        )
        return paged([shapes.call(named) for named in named_calls(self.actor, found.rows)], found.next)


class CallTable(_OfSomebody):
    @extend_schema(parameters=[*_TIME, *_WHICH, *_WHERE], responses={(200, "text/csv"): _CSV, **PROBLEMS})
    def get(self, request: Request, team: str = "", *, everybody: bool = False) -> StreamingHttpResponse:
        """The same calls as CSV, the first first, as long as they are."""
        reach, words = self.reach(team, everybody=everybody), request.query_params
        rows = calls(reach, span_of(words), filter_of(words), within_of(words))
        return csv_download("calls", export_calls(self.actor, rows))


class CallGroups(_OfSomebody):
    """Sessions, or with `runs` runs."""

    runs = False

    @extend_schema(
        parameters=[*PAGING, *_TIME, *[one for one in _WHICH if one.name != Dimension.MODEL]],
        responses={200: page_of(shapes.CallGroupShape), **PROBLEMS},
    )
    def get(self, request: Request, team: str = "", *, everybody: bool = False) -> Response:
        """Sessions of agents or runs of evaluations with what they came to, the last first."""
        reach, words = self.reach(team, everybody=everybody), request.query_params
        wanted = filter_of(words)
        if wanted.has_model:
            text = "Sessions and runs are summed up over all their models."
            raise refuse("bad_parameter", text, "Leave `model` out, or ask for the calls.")
        found = groups(
            reach,
            span_of(words),
            wanted,
            runs=self.runs,
            cursor=words.get("cursor", ""),
            size=page_size(request),
        )
        people = names_of(self.actor, Dimension.PERSON, [row.account_id for row in found.rows])
        return paged([shapes.group(row, people[row.account_id]) for row in found.rows], found.next)
