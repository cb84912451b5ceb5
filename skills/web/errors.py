"""Turns refusals into pages: sign-in, 403, 404, 410 and the rest, each saying what to do."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from skills.lib.errors import Forbidden, Missing, Problem, Refused, Unauthenticated, missing


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refusal_page(request, error) if isinstance(error, Refused) else None


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    if isinstance(refused, Unauthenticated):
        if request.method == "GET":
            return redirect_to_login(request.get_full_path())
        return redirect_to_login(back_to(request, "/"))
    context = {"refused": refused, "problems": refused.problems}
    return render(request, "errors/refused.html", context, status=refused.status)


def back_to(request: HttpRequest, default: str) -> str:
    """Where a form asked to return to, if that is ours."""
    wanted = str(request.POST.get("next", ""))
    allowed = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if allowed else default


def act(request: HttpRequest, work: Callable[[], Any], done: str, back: str) -> HttpResponse:
    """Do WORK and go BACK with a message: DONE, or what was refused.

    What may not be seen or done keeps its own page, so that nothing is said about it.
    """
    try:
        work()
    except (Missing, Forbidden, Unauthenticated):
        raise
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, f"{problem.text} {problem.remedy}".strip())
    else:
        messages.success(request, done)
    return redirect(back_to(request, back))


def valid(form: Form, code: str) -> dict[str, Any]:
    """The values of a form; what is wrong with them as one refusal."""
    if not form.is_valid():
        raise Refused(
            [Problem(code, f"{name}: {'; '.join(map(str, found))}") for name, found in form.errors.items()]
        )
    return form.cleaned_data


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
    return render(request, "errors/500.html", status=500)
