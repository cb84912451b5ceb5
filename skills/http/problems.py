"""Refusals as RFC 9457 problem documents; the same words as on the pages."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from rest_framework import exceptions

from skills.http.refusals import HttpRefusal, status_of
from skills.lib.addresses import here
from skills.lib.errors import Problem, Refused, Unauthenticated, missing

CONTENT_TYPE = "application/problem+json"
_FOR_PROGRAMS = ("/api/", "/clawhub/", "/mcp", "/otlp/", "/.well-known/")


def speaks_json(path: str) -> bool:
    """Whether PATH is for programs, which read a problem and no page."""
    return path.startswith(_FOR_PROGRAMS)


def problem_response(status: int, title: str, problems: Sequence[Problem]) -> HttpResponse:
    """The document: the first problem is its `detail`, all of them are in `problems`."""
    first = problems[0] if problems else Problem("error", title)
    body = {
        "type": here(f"/docs/problems/#{first.code}"),
        "title": title,
        "status": status,
        "detail": first.text,
        "code": first.code,
        "remedy": first.remedy,
        "problems": [problem.as_dict() for problem in problems],
    }
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


def refused_response(refused: Refused) -> HttpResponse:
    response = problem_response(status_of(refused), refused.title, refused.problems)
    if isinstance(refused, HttpRefusal):
        for name, value in refused.headers.items():
            response.headers[name] = value
    if isinstance(refused, Unauthenticated):
        # RFC 9110, section 15.5.2: a 401 names how to authenticate.
        response.headers["WWW-Authenticate"] = 'Bearer realm="skillhub"'
    return response


def answer(error: Exception, _context: Mapping[str, object]) -> HttpResponse | None:
    """DRF's exception handler: every error of the API is a problem document."""
    if isinstance(error, Refused):
        return refused_response(error)
    if isinstance(error, Http404):
        return refused_response(missing())
    if isinstance(error, PermissionDenied):
        return problem_response(403, "You may not do this", [Problem("forbidden", str(error) or "No.")])
    if isinstance(error, ValidationError):
        problems = [Problem("bad_field", text) for text in error.messages]
        return problem_response(400, Refused.title, problems)
    if isinstance(error, exceptions.ValidationError):
        return problem_response(400, Refused.title, _field_problems(error.detail))
    return _framework_response(error) if isinstance(error, exceptions.APIException) else None


def _framework_response(error: exceptions.APIException) -> HttpResponse:
    """What REST framework itself refuses: another method, a body that cannot be read."""
    problem = Problem(str(error.default_code), str(error.detail))
    # Not the framework's own sentence, which may have gaps that only its detail fills.
    title = HTTPStatus(error.status_code).phrase
    response = problem_response(error.status_code, title, [problem])
    for name, value in (getattr(error, "headers", None) or {}).items():
        response.headers[name] = value
    return response


def _field_problems(detail: object, field: str = "") -> list[Problem]:
    if isinstance(detail, dict):
        return [
            problem
            for name, inner in detail.items()
            for problem in _field_problems(inner, f"{field}.{name}" if field else str(name))
        ]
    if isinstance(detail, list):
        return [problem for inner in detail for problem in _field_problems(inner, field)]
    where = f"Field `{field}`: " if field and field != "non_field_errors" else ""
    return [Problem("bad_field", f"{where}{detail}", "See the API documentation.")]
