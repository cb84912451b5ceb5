"""HEAD and OPTIONS at every address alike (RFC 9110, section 9.3); views know GET alone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from skills.lib.looking import only_looking

NOT_ALLOWED = 405


class MethodsMiddleware:
    """HEAD is GET without effects; whoever sends the answer leaves the body out. OPTIONS is an Allow."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._headers_of_get(request) if request.method == "HEAD" else self.get_response(request)
        if response.status_code == NOT_ALLOWED:
            allowed = every_method(response.headers.get("Allow", ""))
            if request.method == "OPTIONS":
                response = HttpResponse(status=204)
            response.headers["Allow"] = allowed
        return response

    def _headers_of_get(self, request: HttpRequest) -> HttpResponse:
        # Each view would have to remember HEAD, and one that takes any method but GET for a form's would
        # do with it what the form does.
        request.method = "GET"
        try:
            with only_looking():
                return self.get_response(request)
        finally:
            request.method = "HEAD"


def every_method(allowed: str) -> str:
    """The value of Allow with what goes without saying: HEAD where GET does, and OPTIONS."""
    methods = [name.strip() for name in allowed.split(",") if name.strip()]
    if "GET" in methods and "HEAD" not in methods:
        methods.insert(methods.index("GET") + 1, "HEAD")
    return ", ".join(methods if "OPTIONS" in methods else [*methods, "OPTIONS"])
