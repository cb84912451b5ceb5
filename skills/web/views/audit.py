"""The audit log as a page and as CSV."""

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from skills.audit.models import Event
from skills.catalog.selectors import find_team
from skills.http.actors import HubRequest
from skills.lib.pages import page
from skills.people import rules
from skills.people.audit_log import readable_events
from skills.web.csv import stream

_EXPORT = 100_000  # rows of one CSV


def _filtered(request: HubRequest) -> QuerySet[Event]:
    """The rows that the address asks for, for those who may read them."""
    rules.signed_in(request.actor)
    handle = request.GET.get("team", "")
    rows = readable_events(request.actor, find_team(request.actor, handle) if handle else None)
    for name, column in (("act", "act"), ("actor", "actor_name"), ("target", "target__icontains")):
        if value := request.GET.get(name, "").strip():
            rows = rows.filter(**{column: value})
    return rows


@require_GET
def audit(request: HubRequest) -> HttpResponseBase:
    rows = _filtered(request)
    if request.GET.get("format") == "csv":
        return _export(rows)
    listed = page(rows, "-at", request.GET.get("cursor", ""), 50)
    acts = Event.objects.order_by("act").values_list("act", flat=True).distinct()
    filters = {name: request.GET.get(name, "") for name in ("team", "act", "actor", "target")}
    context = {"events": listed.rows, "next": listed.next, "acts": acts, "filters": filters}
    return render(request, "audit/log.html", context)


def _export(rows: QuerySet[Event]) -> HttpResponseBase:
    head = ["id", "at", "actor", "act", "target", "detail", "seq", "seal"]
    columns = rows.order_by("id").values_list(
        "pk", "at", "actor_name", "act", "target", "detail", "seq", "seal"
    )
    lines = ([pk, at.isoformat(), *rest] for pk, at, *rest in columns[:_EXPORT].iterator(chunk_size=2_000))
    return stream("audit", head, lines)
