"""The audit log as a page and as CSV."""

import csv
from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from skills.audit.models import Event
from skills.http.audit_log import events_for
from skills.http.requests import HubRequest
from skills.lib.pages import page

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
    context = {"events": found.rows, "next": found.next, "acts": acts, "given": request.GET}
    return render(request, "audit/log.html", context)


class _Line:
    def write(self, line: str) -> str:
        return line


def _export(rows: QuerySet[Event]) -> HttpResponseBase:
    writer = csv.writer(_Line())

    def lines() -> Iterator[str]:
        yield writer.writerow(["id", "at", "actor", "act", "target", "detail", "seq", "seal"])
        for event in rows.order_by("id")[:_EXPORT].iterator(chunk_size=2_000):
            cells = [
                event.pk,
                event.at.isoformat(),
                event.actor_name,
                event.act,
                event.target,
                event.detail,
                event.seq,
                event.seal,
            ]
            yield writer.writerow([_inert(str(cell)) for cell in cells])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def _inert(cell: str) -> str:
    """A cell no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
