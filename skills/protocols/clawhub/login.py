"""Signing a CLI in: the device flow, and the page a browser opens for either way of it."""

import base64
import json
import secrets
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from skills.lib.errors import refuse
from skills.lib.redirects import loopback_listener
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Scope, Team
from skills.people.tokens import create_token
from skills.protocols.clawhub.answers import body_of, text

SECONDS, INTERVAL = 900, 5
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SCOPES = (Scope.READ, Scope.PUBLISH, Scope.ADMIN)


def device_code(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A code for the machine and a short one for the person."""
    label = text(body_of(request), "label", 120) or "clawhub"
    device = secrets.token_urlsafe(32)
    short = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    user_code = f"{short[:4]}-{short[4:]}"
    cache.set(f"device:{device}", json.dumps({"state": "pending", "label": label}), SECONDS)
    cache.set(f"user-code:{user_code}", device, SECONDS)
    return JsonResponse(
        {
            "device_code": device,
            "user_code": user_code,
            "expires_in": SECONDS,
            "interval": INTERVAL,
            "verification_uri": f"{settings.PUBLIC_URL}/cli/device?user_code={user_code}",
        }
    )


def device_token(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The token, once a person has agreed; it is handed out once."""
    given = body_of(request)
    if given.get("grant_type") != _GRANT:
        return JsonResponse({"error": "unsupported_grant_type"}, status=400)
    key = f"device:{text(given, 'device_code', 100)}"
    found = json.loads(cache.get(key) or "null")
    if found is None:
        return JsonResponse({"error": "expired_token"}, status=400)
    if found["state"] == "pending":
        return JsonResponse({"error": "authorization_pending"}, status=428)
    cache.delete(key)
    if found["state"] == "denied":
        return JsonResponse({"error": "access_denied"}, status=400)
    return JsonResponse({"access_token": found["secret"], "token_type": "bearer", "scope": "read write"})


@require_http_methods(["GET", "POST"])
def device_page(request: Any) -> HttpResponse:
    """A person reads the code on their machine, chooses team and scopes, agrees or not."""
    account = rules.person(request.actor)
    code = (request.POST.get("user_code") or request.GET.get("user_code", "")).strip().upper()
    device = cache.get(f"user-code:{code}") if code else None
    waiting = json.loads(cache.get(f"device:{device}") or "null") if device else None
    is_pending = waiting is not None and waiting["state"] == "pending"
    label = waiting["label"] if waiting and is_pending else ""
    context: dict[str, Any] = {"code": code, "label": label, "done": "", **_choices(request)}
    if request.method == "POST" and is_pending:
        cache.delete(f"user-code:{code}")
        if request.POST.get("answer") == "allow":
            secret = _token(request, account, label)
            waiting = {"state": "allowed", "secret": secret}
        else:
            waiting = {"state": "denied"}
        cache.set(f"device:{device}", json.dumps(waiting), SECONDS)
        context["done"] = waiting["state"]
    response = render(request, "protocols/device.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def browser_page(request: Any) -> HttpResponse:
    """The older way: the CLI listens on this machine and is handed the token by a link."""
    account = rules.person(request.actor)
    given = request.POST if request.method == "POST" else request.GET
    listener, state = loopback_listener(given.get("redirect_uri", "")), given.get("state", "")[:200]
    if listener is None:
        raise refuse(
            "bad_parameter",
            "`redirect_uri` is not http://127.0.0.1:PORT/PATH: a CLI is answered on this machine only.",
            "Start `clawhub login` again.",
        )
    context: dict[str, Any] = {
        "back": listener.address,
        "state": state,
        "label": _label(given.get("label_b64", "")),
        "link": "",
        **_choices(request),
    }
    if request.method == "POST" and request.POST.get("answer") == "allow":
        secret = _token(request, account, context["label"])
        fragment = urlencode({"token": secret, "registry": f"{settings.PUBLIC_URL}/clawhub", "state": state})
        context["link"] = listener.link(fragment)
    response = render(request, "protocols/browser.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _label(encoded: str) -> str:
    try:
        return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()[:80] or "clawhub"
    except ValueError:
        return "clawhub"


def _choices(request: Any) -> dict[str, Any]:
    teams = Team.objects.filter(pk__in=request.actor.team_ids).order_by("personal_of", "handle")
    return {"teams": teams, "scopes": [(scope.value, scope.label, scope != Scope.ADMIN) for scope in SCOPES]}


def _token(request: Any, account: Any, label: str) -> str:
    """A token cut down to what was ticked."""
    scopes = [scope for scope in request.POST.getlist("scopes") if scope in SCOPES] or [Scope.READ]
    teams = list(Team.objects.filter(handle__in=request.POST.getlist("teams"), pk__in=request.actor.team_ids))
    return create_token(actor=request.actor, owner=account, name=label, scopes=scopes, teams=teams)[1]
