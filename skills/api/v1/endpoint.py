"""What every endpoint shares: the actor, rate limits, cursor pages."""

from collections.abc import Callable, Sequence

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from skills.catalog.selectors import find_team
from skills.http.throttling import throttle
from skills.http.token_auth import SAFE_METHODS
from skills.lib import whole_numbers
from skills.lib.errors import refuse
from skills.lib.pages import MOST, ModelRow, page
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Team


class HubView(APIView):
    """One resource path. `rate` names the limit of its reads, `write_rate` of its writes."""

    rate = "read"
    write_rate = "write"
    request: Request

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        rate = self.rate if request.method in SAFE_METHODS else self.write_rate
        self.rate_headers = throttle(request._request, self.actor, rate)

    def finalize_response(  # type: ignore[override]
        self, request: Request, response: HttpResponseBase, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        final = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        for name, value in getattr(self, "rate_headers", {}).items():
            final.headers.setdefault(name, value)
        final.headers.setdefault("Cache-Control", "private, no-cache")
        final.headers["Vary"] = "Authorization, Cookie"
        return final

    @property
    def actor(self) -> Actor:
        actor: Actor = self.request._request.actor  # type: ignore[attr-defined]
        return actor


class TeamAdminView(HubView):
    """What the admins of a team read and change."""

    def administered(self, handle: str) -> Team:
        """The team HANDLE; raises Missing or Forbidden."""
        team = find_team(self.actor, handle)
        rules.team_admin(self.actor, team)
        return team


def whole_number(request: Request, name: str, default: int, most: int = MOST) -> int:
    """A query parameter between 1 and MOST."""
    raw = request.query_params.get(name, "")
    if not raw:
        return default
    number = whole_numbers.from_text(raw, None, least=1, most=most)
    if number is None:
        raise refuse("bad_parameter", f"`{name}` is a whole number from 1 to {most}.")
    return number


def listed(
    request: Request, rows: QuerySet[ModelRow], order: str, shape: Callable[[ModelRow], object]
) -> Response:
    """One cursor page as `{"results": […], "next": "…"}`."""
    one_page = page(rows, order, request.query_params.get("cursor", ""), page_size(request))
    return paged([shape(row) for row in one_page.rows], one_page.next)


def page_size(request: Request) -> int:
    return whole_number(request, "limit", 20)


def paged(results: Sequence[object], cursor: str) -> Response:
    return Response({"results": list(results), "next": cursor})


def plain(request: Request) -> HttpRequest:
    """Django's request under DRF's."""
    under: HttpRequest = request._request
    return under


Answer = HttpResponse | Response
