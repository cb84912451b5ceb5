"""POST /mcp: who asks, how often, then the SDK's application."""

import threading
from functools import cache
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from skills.http.problems import refused_response
from skills.http.throttling import throttle
from skills.http.token_auth import actor_of
from skills.lib.addresses import public_origin
from skills.lib.errors import Refused
from skills.people.actor import VISITOR
from skills.protocols.mcp.bridge import Bridge
from skills.protocols.mcp.envelopes import INVALID_REQUEST, fault_of

_PASSED_ON = ("content-type", "mcp-session-id", "mcp-protocol-version", "cache-control")
_starting = threading.Lock()


@cache
def _only_bridge() -> Bridge:
    from skills.protocols.mcp.server import application  # the SDK takes a second to import

    return Bridge(application())


def _bridge() -> Bridge:
    """The one bridge of this process, started by the first request: pages pay nothing for it."""
    with _starting:  # `cache` alone would let two first requests start one each
        return _only_bridge()


def _invalid(fault: str) -> JsonResponse:
    error = {"code": INVALID_REQUEST, "message": f"Not a JSON-RPC 2.0 message: {fault}."}
    response = JsonResponse({"jsonrpc": "2.0", "id": None, "error": error}, status=HTTPStatus.BAD_REQUEST)
    response.headers["Cache-Control"] = "no-store"
    return response


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
    if origin and origin != public_origin():
        return HttpResponse("This origin may not call.\n", status=403, content_type="text/plain")
    try:
        actor = actor_of(request) if request.headers.get("Authorization") else VISITOR
        throttle(request, actor, "search")
    except Refused as refused:
        return refused_response(refused)
    if fault := fault_of(request.body):
        return _invalid(fault)
    answer = _bridge().answer(actor, dict(request.headers.items()), request.body)
    response = HttpResponse(answer.body, status=answer.status)
    del response.headers["Content-Type"]
    for name, value in answer.headers:
        if name.lower() in _PASSED_ON:
            response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Vary"] = "Authorization"
    return response
