"""Trusted publishers of a team, for its admins."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from skills.http.actors import HubRequest
from skills.people.models import Team
from skills.publishers import configure
from skills.publishers.exchange import standing
from skills.publishers.id_tokens import audience
from skills.publishers.models import TrustedPublisher
from skills.web.forms.publishers import PublisherForm
from skills.web.forms.validation import refusals_on
from skills.web.lookups import administered_team
from skills.web.outcomes import go_back, tell_outcome


@require_http_methods(["GET", "POST"])
def publishers(request: HubRequest, team: str) -> HttpResponse:
    """Which runs of CI may publish, and one more."""
    owner = administered_team(request.actor, team)
    form = PublisherForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            configure.add(actor=request.actor, team=owner, wanted=form.wanted())
            messages.success(request, "Its runs may publish from now on. You answer for what they bring.")
            return go_back(request, "team-publishers", team)
    rows = TrustedPublisher.objects.filter(team=owner).select_related("team", "account", "added_by")
    answered_for = set(standing(rows).values_list("pk", flat=True))
    context = {
        "team": owner,
        "form": form,
        "publishers": [(row, row.pk in answered_for) for row in rows.order_by("-created_at")],
        "audience": audience(),
        "section": "publishers",
    }
    return render(request, "teams/publishers.html", context, status=400 if form.errors else 200)


@require_POST
def remove(request: HubRequest, team: str, pk: int) -> HttpResponse:
    owner = administered_team(request.actor, team)
    with tell_outcome(request, "Its runs publish no more."):
        configure.remove(actor=request.actor, publisher=_publisher(owner, pk))
    return go_back(request, "team-publishers", team)


@require_POST
def confirm(request: HubRequest, team: str, pk: int) -> HttpResponse:
    """Answer for a publisher whose admin has left."""
    owner = administered_team(request.actor, team)
    with tell_outcome(request, "You answer for what it publishes from now on."):
        configure.confirm(actor=request.actor, publisher=_publisher(owner, pk))
    return go_back(request, "team-publishers", team)


def _publisher(team: Team, pk: int) -> TrustedPublisher:
    rows = TrustedPublisher.objects.select_related("team", "account", "added_by")
    return get_object_or_404(rows, pk=pk, team=team)
