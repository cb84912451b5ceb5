"""The first page: search and browse."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from skills.http.actors import HubRequest
from skills.http.throttling import throttle
from skills.search import log
from skills.search.query import SORTS, Filters, search
from skills.web.shelves import shelves_of

FACETS = (
    ("team", "Team"),
    ("tag", "Tag"),
    ("label", "Label"),
    ("tool", "Allowed tool"),
    ("model", "Evaluated on"),
    ("updated", "Updated"),
)


@require_GET
def home(request: HubRequest) -> HttpResponse:
    """Search box, facets, results; htmx asks for the results alone while somebody types."""
    query = request.GET
    if query.get("q"):
        throttle(request, request.actor, "search")
    filters = Filters(**{name: query.get(name, "") for name, _ in FACETS})
    text, sort = query.get("q", ""), query.get("sort", "")
    answer = search(
        request.actor,
        text,
        filters=filters,
        sort=sort,
        cursor=query.get("cursor", ""),
        with_facets=True,
    )
    if text:
        log.note_search(request.actor, text, [hit.skill.pk for hit in answer.hits], answer.total)
    partial = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    is_front = not partial and not request.GET
    context = {
        "nav": "home",
        "shelves": shelves_of(request.actor, request.actor.team_ids) if is_front else [],
        "searching": True,
        "q": text,
        "sort": sort or ("relevance" if text else "newest"),
        "sorts": [*(["relevance"] if text else []), *SORTS],
        "answer": answer,
        "next": answer.next,
        "words_only": bool(text and settings.EMBED and not answer.meaning),
        "facets": [
            (name, title, answer.facets[name], query.get(name, ""))
            for name, title in FACETS
            if answer.facets[name] or query.get(name)
        ],
        "filtered": any(query.get(name) for name, _ in FACETS),
    }
    response = render(request, "catalog/results.html" if partial else "catalog/home.html", context)
    # One address answers with a whole page or with a part of it; a cache must not take one for the other.
    response.headers["Vary"] = "HX-Request, Cookie"
    return response
