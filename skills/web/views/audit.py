"""The audit log as a page and as CSV."""

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from skills.audit.models import Event
from skills.http.audit_log import events_for
from skills.http.requests import HubRequest
from skills.lib.pages import page
from skills.web.csv import stream

_EXPORT = 100_000  # rows of one CSV


def chosen(request: HubRequest) -> QuerySet[Event]:
    """The rows of the address, for those who may read them."""
    rows = events_for(request.actor, request.GET.get("team", ""))
    for name, column in (("act", "act"), ("actor", "actor_name"), ("target", "target__icontains")):
        if value := request.GET.get(name, "").strip():
            rows = rows.filter(**{column: value})
    return rows


@require_GET
def audit(request: HubRequest) -> HttpResponseBase:
    rows = chosen(request)
    if request.GET.get("format") == "csv":
        return _export(rows)
    found = page(rows, "-at", request.GET.get("cursor", ""), 50)
    acts = Event.objects.order_by("act").values_list("act", flat=True).distinct()
    filters = {name: request.GET.get(name, "") for name in ("team", "act", "actor", "target")}
    context = {"events": found.rows, "next": found.next, "acts": acts, "filters": filters}
    return render(request, "audit/log.html", context)


def _export(rows: QuerySet[Event]) -> HttpResponseBase:
    head = ["id", "at", "actor", "act", "target", "detail", "seq", "seal"]
    lines = (
        [e.pk, e.at.isoformat(), e.actor_name, e.act, e.target, e.detail, e.seq, e.seal]
        for e in rows.order_by("id")[:_EXPORT].iterator(chunk_size=2_000)
    )
    return stream("audit", head, lines)
