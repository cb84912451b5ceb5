"""Reviewers let a skill drop a case that an earlier version has."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from skills.flows.evaluation.kept_cases import unwaive_case, waive_case
from skills.http.actors import HubRequest
from skills.web.lookups import version_in_review
from skills.web.outcomes import go_back, tell_outcome


@require_POST
def waive(request: HubRequest, pk: int, key: str) -> HttpResponse:
    version = version_in_review(request.actor, pk)
    with tell_outcome(request, "Waived."):
        waive_case(actor=request.actor, version=version, key=key, reason=request.POST.get("reason", ""))
    return go_back(request, f"{reverse('review', args=[pk])}?tab=evals")


@require_POST
def unwaive(request: HubRequest, pk: int, key: str) -> HttpResponse:
    version = version_in_review(request.actor, pk)
    with tell_outcome(request, "The case counts again."):
        unwaive_case(actor=request.actor, version=version, key=key)
    return go_back(request, f"{reverse('review', args=[pk])}?tab=evals")
