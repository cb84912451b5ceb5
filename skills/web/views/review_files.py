"""Single files of a review: their changes when somebody comes to them, and the ticks of what was viewed."""

from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.http import require_GET, require_POST

from skills.catalog.models import Version
from skills.http.actors import HubRequest
from skills.lib.errors import missing
from skills.people import rules
from skills.reviews.viewed import set_viewed
from skills.web.folding import VIEWED, digest_of
from skills.web.lookups import version_in_review
from skills.web.outcomes import back_to
from skills.web.review_changes import choose_view, comparison_of, review_changes, rows_context


@require_GET
def file(request: HubRequest, pk: int) -> HttpResponse:
    """The changes of one file, or the next files, for the page that put them off.

    Without a script it is the page that shows them.
    """
    version = version_in_review(request.actor, pk)
    path = request.GET.get("path", "")
    if not request.htmx:
        asked = request.GET.copy()
        if path:
            asked["file"] = path
            del asked["path"]
        return redirect(f"{resolve_url('review', pk)}?{asked.urlencode()}")
    comparison = comparison_of(request, version)
    changes = review_changes(request, comparison, only=path)
    if not path:
        context = {**rows_context(request, comparison), "changes": changes}
        return render(request, "reviews/files_on.html", context)
    if not changes.files:
        raise missing()
    context = {**rows_context(request, comparison), "change": changes.files[0]}
    return render(request, "reviews/file.html", context)


@require_POST
def tick(request: HubRequest, pk: int) -> HttpResponse:
    """Tick a file as viewed, or take the tick back (without the field `viewed`)."""
    version = version_in_review(request.actor, pk)
    account = rules.person(request.actor)
    path, is_viewed = request.POST.get("path", ""), bool(request.POST.get("viewed"))
    set_viewed(
        account=account, version=version, path=path, sha256=digest_of(version, path), is_viewed=is_viewed
    )
    if request.htmx:
        return _ticked(request, version, path)
    return redirect(back_to(request, version.review_url))


def _ticked(request: HubRequest, version: Version, path: str) -> HttpResponse:
    """The file as it is shown now, and how many were viewed."""
    comparison = comparison_of(request, version)
    changes = review_changes(request, comparison, only=path)
    change = changes.files[0]
    if change.is_viewed:
        change.is_put_off, change.why_folded = True, VIEWED
    context = {**rows_context(request, comparison), "change": change}
    context |= {"viewed": changes.viewed, "of": changes.total}
    return render(request, "reviews/ticked.html", context | {"is_beside": True})


@require_POST
def view(request: HubRequest, pk: int) -> HttpResponse:
    """Look at changes in one column or in two, here and in every review from now on."""
    version = version_in_review(request.actor, pk)
    choose_view(request, request.POST.get("view", ""))
    return redirect(back_to(request, version.review_url))
