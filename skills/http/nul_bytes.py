"""Refuses addresses and forms with a NUL character: nobody types one, and PostgreSQL keeps none."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from skills.http.problems import problem_response
from skills.lib.errors import Problem


class NulMiddleware:
    """Refuses a NUL in the query or in a form. Paths need no check: no route takes a NUL in one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" not in request.META.get("QUERY_STRING", ""):
            return self.get_response(request)
        if not request.path_info.startswith("/api/"):
            raise BadRequest("The address has a NUL character (%00).")
        problem = Problem("nul_character", "The address has a NUL character (%00).", "Leave it out.")
        return problem_response(400, "The address cannot be read", [problem])

    def process_view(self, request: HttpRequest, view: object, _args: object, _kwargs: object) -> None:
        """Check the forms of pages. Views of API and protocols are exempt from CSRF checks and recognised
        by it: their parsers refuse a NUL by themselves, and reading the body here would leave them none."""
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return
        if any("\0" in value for _, values in request.POST.lists() for value in values):
            raise BadRequest("The form has a NUL character.")
