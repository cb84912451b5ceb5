"""POST /mcp: who asks, how often, then the SDK's application."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from skills.http.problems import refused_response
from skills.http.throttling import throttle
from skills.http.token_auth import actor_of
from skills.lib.errors import Refused
from skills.people.actor import VISITOR

_KEPT = ("content-type", "mcp-session-id", "mcp-protocol-version", "cache-control")


@csrf_exempt
def mcp(request: HttpRequest) -> HttpResponse:
    """One message, one JSON answer. A token opens private skills; a browser's session opens nothing."""
    if request.method != "POST":
        response = HttpResponse(
            "POST one JSON-RPC message; this server holds no streams.\n",
            status=405,
            content_type="text/plain",
        )
        response.headers["Allow"] = "POST"
        return response
    origin = request.headers.get("Origin", "")
    if origin and origin != settings.PUBLIC_URL:
        return HttpResponse("This origin may not call.\n", status=403, content_type="text/plain")
    try:
        actor = actor_of(request) if request.headers.get("Authorization") else VISITOR
        throttle(request, actor, "search")
    except Refused as refused:
        return refused_response(refused)
    from skills.protocols.mcp.bridge import bridge

    answered = bridge().answer(actor, dict(request.headers.items()), request.body)
    response = HttpResponse(answered.body, status=answered.status)
    del response.headers["Content-Type"]
    for name, value in answered.headers:
        if name.lower() in _KEPT:
            response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Vary"] = "Authorization"
    return response
