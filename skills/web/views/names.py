"""Names that are near to another's, for staff."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from skills.flows.names import decide
from skills.http.actors import HubRequest
from skills.lib import whole_numbers
from skills.lib.pages import page
from skills.people import rules
from skills.people.models import NameRequest
from skills.web.outcomes import go_back, tell_outcome


@require_http_methods(["GET", "POST"])
def names(request: HubRequest) -> HttpResponse:
    """The names that somebody asks for; staff allow or refuse each."""
    rules.staff(request.actor)
    if request.method == "POST":
        with tell_outcome(request, "Saved."):
            decide(
                actor=request.actor,
                request_id=whole_numbers.from_text(request.POST.get("request", ""), 0),
                allowed=request.POST.get("verdict") == "allow",
            )
        return go_back(request, "names")
    chosen = "decided" if request.GET.get("filter") == "decided" else "open"
    asked = NameRequest.objects.filter(decided_at__isnull=chosen == "open")
    rows = page(
        asked.select_related("asked_by", "decided_by"), "-asked_at", request.GET.get("cursor", ""), 50
    )
    context = {"requests": rows.rows, "next": rows.next, "chosen": chosen}
    return render(request, "people/names.html", context)
