"""For staff: blobs that are not right, and the deny list of removed bytes."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from skills.catalog import denials
from skills.catalog.denial_models import Denial
from skills.delivery import faults
from skills.delivery.models import DamagedBlob
from skills.http.actors import HubRequest
from skills.lib.pages import page
from skills.people import rules
from skills.web.outcomes import go_back, tell_outcome

_MOST_DAMAGED = 100  # rows of the page; the count beside them is of all


@require_GET
def stored_bytes(request: HubRequest) -> HttpResponse:
    """What is damaged, then what may not be published again."""
    rules.staff(request.actor)
    damaged = list(DamagedBlob.objects.order_by("found_at", "digest")[:_MOST_DAMAGED])
    versions = faults.versions_of([blob.digest for blob in damaged])
    chosen = "lifted" if request.GET.get("filter") == "lifted" else "denied"
    rows = Denial.objects.filter(lifted_at__isnull=chosen == "denied")
    rows = rows.select_related("version__skill__team", "denied_by", "lifted_by")
    listed = page(rows, "-denied_at", request.GET.get("cursor", ""), 20)
    context = {
        "damaged": [(blob, versions.get(blob.digest)) for blob in damaged],
        "damaged_count": DamagedBlob.objects.count(),
        "denials": listed.rows,
        "next": listed.next,
        "chosen": chosen,
    }
    return render(request, "catalog/stored_bytes.html", context)


@require_POST
def lift_denial(request: HubRequest, pk: int) -> HttpResponse:
    rules.staff(request.actor)
    denial = get_object_or_404(Denial, pk=pk)
    with tell_outcome(request, "Lifted. The bytes may be published again, as a new version."):
        denials.lift(actor=request.actor, denial_id=denial.pk, reason=request.POST.get("reason", ""))
    return go_back(request, "stored-bytes")
