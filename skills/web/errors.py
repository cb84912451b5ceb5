"""Turns refusals into pages: sign-in, 403, 404, 410 and the rest, each saying what to do."""

import sys
from collections.abc import Callable
from inspect import getclosurevars
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse

from skills.http.methods import NOT_ALLOWED, every_method
from skills.http.outages import away, outage
from skills.http.problems import refused_response, speaks_json
from skills.http.refusals import status_of, wrong_method
from skills.lib.addresses import here
from skills.lib.errors import Forbidden, Missing, Problem, Refused, Unauthenticated, missing
from skills.web.nearby import better_address, nearest
from skills.web.outcomes import back_to


class RefusalMiddleware:
    """Answers every refusal that a view raises with a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Django's own is empty; what a protocol says of itself has its words already.
        if isinstance(response, HttpResponseNotAllowed) and request.method != "OPTIONS":
            return _wrong_method(request, every_method(response.headers["Allow"]))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refusal_page(request, error) if isinstance(error, Refused) else None


def _wrong_method(request: HttpRequest, allowed: str) -> HttpResponse:
    """What to do at an address that does not take this method."""
    if speaks_json(request.path_info) or request.method != "GET":
        return refused_response(wrong_method(str(request.method), allowed))
    page = page_above(request.path_info)
    context = {"page": here(page)}
    response = render(request, "errors/needs_button.html", context, status=NOT_ALLOWED)
    response.headers["Allow"] = allowed
    return response


def page_above(path: str) -> str:
    """The nearest address above PATH that is a page: most likely it has the button that leads to PATH."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            view = resolve(path).func
        except Resolver404:
            continue
        # The decorator of Django keeps what it takes nowhere else; a test asks every address.
        if "GET" in getclosurevars(view).nonlocals.get("request_method_list", ["GET"]):
            return path
    return path


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page of REFUSED; where a sign-in is missing, the sign-in page, which leads back here."""
    if isinstance(refused, Unauthenticated):
        # A form cannot be sent again after signing in, so it leads to the page it stands on.
        came_from = request.get_full_path() if request.method == "GET" else back_to(request, reverse("home"))
        return redirect_to_login(came_from)
    status = status_of(refused)
    meant = nearest(request) if isinstance(refused, Missing) else []
    context = {"refused": refused, "problems": refused.problems, "status": status, "nearest": meant}
    return render(request, "errors/refused.html", context, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.method == "GET" and (better := better_address(request.path_info)):
        query = request.META.get("QUERY_STRING", "")
        # Quoted again: what was read of the address may hold a question mark.
        return redirect(f"{quote(here(better), safe='/@')}{f'?{query}' if query else ''}")
    if speaks_json(request.path_info):
        return refused_response(missing())
    return refusal_page(request, missing())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    problem = Problem("forbidden", "This is not for you to do.")
    return refusal_page(request, Forbidden(problem))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    problem = Problem("csrf", "The form was too old or came from elsewhere.", "Reload, then send it again.")
    return refusal_page(request, Forbidden(problem))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    problem = Problem("bad_request", "The request could not be read.", "Go back and try again.")
    if isinstance(exception, TooManyFilesSent | TooManyFieldsSent):
        text = f"More than {settings.LIMIT_PACK_FILES:,} files were sent at once."
        problem = Problem("too_many_files", text, "Send the folder of the skill alone, or an archive.")
    return refusal_page(request, Refused(problem))


def server_error(request: HttpRequest) -> HttpResponse:
    # Django calls this while it handles the error.
    error = sys.exc_info()[1]
    problem = outage(error)
    if problem:
        return away(request, error, problem)
    return render(request, "errors/500.html", status=500)
