"""How ClawHub answers: JSON, errors as plain text that the CLI prints; only an ambiguous slug is JSON."""

import functools
import json
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from skills.catalog.uploads import limits
from skills.http.refusals import TooMany, status_of
from skills.http.throttling import throttle
from skills.http.token_auth import actor_of
from skills.lib.addresses import public_address
from skills.lib.errors import Missing, Problem, Refused, Unauthenticated, refuse
from skills.people.actor import VISITOR, Actor
from skills.protocols.clawhub.names import Ambiguous

_NO_TOKEN = "Unauthorized: API token is missing. Run `clawhub login` to authenticate."  # noqa: S105
_BAD_TOKEN = "Unauthorized: API token is invalid or revoked. Run `clawhub login` again."  # noqa: S105
# What the registry the client was written for says; a client may look for the words.
_WORDS = {
    "ticket_too_large": 'File "{file}" exceeds {megabytes}MB limit',
    "ticket_size": "Uploaded file size does not match its upload ticket",
    "ticket_digest": "Uploaded file SHA-256 does not match its upload ticket",
    "ticket_missing": "Every directly uploaded skill file requires an upload ticket: {file}",
}
View = Callable[..., HttpResponse]


def endpoint(**methods: View) -> View:
    """One address: a view by method (GET=…, POST=…); each gets request, actor and the address's parts."""

    @csrf_exempt
    def answer(request: HttpRequest, **parts: object) -> HttpResponse:
        view = methods.get(str(request.method))
        if view is None:
            allowed = ", ".join(methods)
            response = plain(f"{request.method} is not answered here. Allowed: {allowed}", 405)
            response.headers["Allow"] = allowed
            return response
        try:
            actor = actor_of(request) if request.headers.get("Authorization") else VISITOR
            headers = throttle(request, actor, "read" if request.method == "GET" else "write")
            response = view(request, actor, **parts)
        except Ambiguous as ambiguous:
            return _ambiguous(ambiguous)
        except Refused as refused:
            return refusal(request, refused)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Vary"] = "Authorization"
        return response

    return functools.update_wrapper(answer, next(iter(methods.values())))


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The words the CLI shows; a missing skill has the one text it knows."""
    if isinstance(refused, Missing):
        return plain("Skill not found", 404)
    if isinstance(refused, Unauthenticated):
        return plain(_BAD_TOKEN if request.headers.get("Authorization") else _NO_TOKEN, 401)
    lines = [_line(problem) for problem in refused.problems]
    response = plain("\n".join(lines) or refused.title, status_of(refused))
    if isinstance(refused, TooMany):
        for name, value in refused.headers.items():
            response.headers[name] = value
    return response


def _line(problem: Problem) -> str:
    if words := _WORDS.get(problem.code):
        return words.format(file=problem.file, megabytes=limits().file // 1_000_000)
    where = f"{problem.file}{f':{problem.line}' if problem.line else ''}: " if problem.file else ""
    return f"{where}{problem.text} {problem.remedy}".strip()


def plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _ambiguous(ambiguous: Ambiguous) -> HttpResponse:
    matches = [
        {
            "ownerHandle": skill.team.handle,
            "slug": skill.name,
            "ref": f"@{skill.team.handle}/{skill.name}",
            "url": public_address(skill.get_absolute_url()),
        }
        for skill in ambiguous.choices
    ]
    refs = ", ".join(str(match["ref"]) for match in matches)
    message = f"Several teams have a skill {ambiguous.slug}: {refs}. Name the owner."
    body = {"code": "AMBIGUOUS_SKILL_SLUG", "message": message, "slug": ambiguous.slug, "matches": matches}
    return JsonResponse(body, status=409)


def body_of(request: HttpRequest) -> dict[str, object]:
    """The JSON object of a request; an empty body is an empty object."""
    if not request.body.strip():
        return {}
    try:
        value = json.loads(request.body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise refuse("bad_json", "Invalid JSON")
    return value


def text(fields: Mapping[str, object], name: str, most: int = 500) -> str:
    """A text of a JSON object, "" when it is not there."""
    value = fields.get(name) or ""
    if not isinstance(value, str) or len(value) > most:
        raise refuse("bad_parameter", f"`{name}` is text of at most {most} characters.")
    return value


def owner_in(request: HttpRequest) -> str:
    return request.GET.get("ownerHandle") or request.GET.get("owner") or ""


def signed_in(actor: Actor) -> None:
    if actor.account is None:
        raise refuse("sign_in", _NO_TOKEN, kind=Unauthenticated)
