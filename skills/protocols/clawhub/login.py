"""Signing a CLI in: the device flow, and the page a browser opens for either way of it."""

import base64
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from skills.http.actors import client_address
from skills.lib.errors import refuse
from skills.lib.redirects import loopback_listener
from skills.people import rules
from skills.people.actor import Actor, actor_for_session
from skills.people.models import Account, Scope, Team
from skills.people.tokens import create_token
from skills.protocols.clawhub import devices
from skills.protocols.clawhub.answers import body_of, text
from skills.protocols.clawhub.devices import DeviceAnswer

INTERVAL = 5  # seconds between two questions of a device
_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SCOPES = (Scope.READ, Scope.PUBLISH, Scope.ADMIN)


def device_code(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A code for the machine and a short one for the person."""
    device, user_code = devices.begin(
        label=text(body_of(request), "label", 120).strip() or "clawhub",
        address=client_address(request),
        program=request.headers.get("User-Agent", "")[:120],
    )
    return JsonResponse(
        {
            "device_code": device,
            "user_code": user_code,
            "expires_in": devices.SECONDS,
            "interval": INTERVAL,
            "verification_uri": f"{settings.PUBLIC_URL}/cli/device?user_code={user_code}",
        }
    )


def device_token(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The token, once a person has agreed; it is made here, and handed out once."""
    given = body_of(request)
    if given.get("grant_type") != _GRANT:
        return JsonResponse({"error": "unsupported_grant_type"}, status=400)
    code = text(given, "device_code", 100)
    device = devices.find_by_device_code(code)
    if device and device.answer == DeviceAnswer.PENDING:
        return JsonResponse({"error": "authorization_pending"}, status=428)
    if device is None or not devices.take(code):
        return JsonResponse({"error": "expired_token"}, status=400)
    account = Account.objects.filter(pk=device.account, is_active=True).first()
    if device.answer == DeviceAnswer.DENIED or account is None:
        return JsonResponse({"error": "access_denied"}, status=400)
    secret = _make_token(
        actor_for_session(account),
        name=device.label,
        scopes=device.scopes,
        teams=list(Team.objects.filter(pk__in=device.teams)),
    )
    return JsonResponse({"access_token": secret, "token_type": "bearer", "scope": "read write"})


@require_http_methods(["GET", "POST"])
def device_page(request: Any) -> HttpResponse:
    """A person reads the code on their machine, chooses team and scopes, agrees or not."""
    account = rules.person(request.actor)
    code = (request.POST.get("user_code") or request.GET.get("user_code", "")).strip().upper()
    device = devices.find_by_user_code(code, account) if code else None
    context: dict[str, Any] = {
        "code": code,
        "device": device,
        "done": "",
        "is_elsewhere": device is not None and device.address != client_address(request),
        **_choices(request),
    }
    if request.method == "POST" and device:
        if request.POST.get("answer") == "allow":
            scopes, teams = _ticked(request)
            device = devices.allowed(
                device, account=account, scopes=scopes, teams=[team.pk for team in teams]
            )
        else:
            device = devices.denied(device)
        devices.answer_user_code(code, device)
        context["done"] = device.answer
    return render(request, "protocols/device.html", context)


@require_http_methods(["GET", "POST"])
def browser_page(request: Any) -> HttpResponse:
    """The older way: the CLI listens on this machine and is handed the token by a link."""
    rules.person(request.actor)
    given = request.POST if request.method == "POST" else request.GET
    listener, state = loopback_listener(given.get("redirect_uri", "")), given.get("state", "")[:200]
    if listener is None:
        raise refuse(
            "bad_parameter",
            "The program does not listen at http://127.0.0.1:PORT/PATH: it is answered on this machine only.",
            "Start clawhub login again.",
        )
    context: dict[str, Any] = {
        "back": listener.address,
        "state": state,
        "label": _label(given.get("label_b64", "")),
        "link": "",
        **_choices(request),
    }
    if request.method == "POST" and request.POST.get("answer") == "allow":
        scopes, teams = _ticked(request)
        secret = _make_token(request.actor, name=context["label"], scopes=scopes, teams=teams)
        fragment = urlencode({"token": secret, "registry": f"{settings.PUBLIC_URL}/clawhub", "state": state})
        context["link"] = listener.link(fragment)
    return render(request, "protocols/browser.html", context)


def _label(encoded: str) -> str:
    try:
        return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()[:80] or "clawhub"
    except ValueError:
        return "clawhub"


def _choices(request: Any) -> dict[str, Any]:
    teams = Team.objects.filter(pk__in=request.actor.team_ids).order_by("personal_of", "handle")
    return {"teams": teams, "scopes": [(scope.value, scope.label, scope != Scope.ADMIN) for scope in SCOPES]}


def _ticked(request: Any) -> tuple[list[str], list[Team]]:
    """The scopes and teams that a token is cut down to."""
    scopes = [scope for scope in request.POST.getlist("scopes") if scope in SCOPES] or [Scope.READ]
    teams = Team.objects.filter(handle__in=request.POST.getlist("teams"), pk__in=request.actor.team_ids)
    return scopes, list(teams)


def _make_token(actor: Actor, *, name: str, scopes: list[str], teams: list[Team]) -> str:
    owner = rules.person(actor)
    return create_token(actor=actor, owner=owner, name=name, scopes=scopes, teams=teams)[1]
