"""Turns refusals into pages: sign-in, 403, 404, 410 and the rest, each saying what to do."""

import sys
from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from skills.http.outages import away, outage
from skills.http.refusals import status_of
from skills.lib.errors import Forbidden, Problem, Refused, Unauthenticated, missing
from skills.web.outcomes import back_to


class RefusalMiddleware:
    """Answers every refusal that a view raises with a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refusal_page(request, error) if isinstance(error, Refused) else None


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page of REFUSED; where a sign-in is missing, the sign-in page, which leads back here."""
    if isinstance(refused, Unauthenticated):
        # A form cannot be sent again after signing in, so it leads to the page it stands on.
        came_from = request.get_full_path() if request.method == "GET" else back_to(request, "/")
        return redirect_to_login(came_from)
    status = status_of(refused)
    context = {"refused": refused, "problems": refused.problems, "status": status}
    return render(request, "errors/refused.html", context, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal_page(request, missing())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    problem = Problem("forbidden", "This is not for you to do.")
    return refusal_page(request, Forbidden(problem))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    problem = Problem("csrf", "The form was too old or came from elsewhere.", "Reload, then send it again.")
    return refusal_page(request, Forbidden(problem))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    problem = Problem("bad_request", "The request could not be read.", "Go back and try again.")
    return refusal_page(request, Refused(problem))


def server_error(request: HttpRequest) -> HttpResponse:
    # Django calls this while it handles the error.
    error = sys.exc_info()[1]
    problem = outage(error)
    if problem:
        return away(request, error, problem)
    return render(request, "errors/500.html", status=500)
