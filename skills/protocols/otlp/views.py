"""Takes exports, and answers in OTLP's own shapes: a refusal is a google.rpc.Status."""

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from google.protobuf import json_format
from google.rpc.status_pb2 import Status

from skills.http.refusals import HttpRefusal, status_of, wrong_method
from skills.http.throttling import throttle
from skills.http.token_auth import actor_of
from skills.lib.errors import Forbidden, Problem, Refused, Unauthenticated, refuse
from skills.people.actor import Actor
from skills.people.models import Scope
from skills.usage.ingest import ingest
from skills.usage.otlp import ANSWERS, Signal, TooLong, Unreadable, records, unpacked
from skills.usage.told import Told

PROTOBUF, JSON = "application/x-protobuf", "application/json"
_SCOPES = (Scope.REPORT.value, "models")
# The codes of google.rpc.Status, by our HTTP statuses.
_CODES = {400: 3, 401: 16, 403: 7, 405: 12, 413: 3, 415: 3, 429: 8, 503: 14}
_UNKNOWN = 2
_REJECTED = {
    Signal.METRICS: "rejected_data_points",
    Signal.LOGS: "rejected_log_records",
    Signal.TRACES: "rejected_spans",
}


class WrongType(HttpRefusal):
    status = 415
    title = "This type is not taken"


class ExportTooLarge(HttpRefusal):
    status = 413
    title = "The export is too large"


@csrf_exempt
def export(request: HttpRequest, signal: Signal) -> HttpResponse:
    """One export of an agent, whose token says whose it is."""
    is_json = _type_of(request) != PROTOBUF
    try:
        return _taken(signal, _told(request, signal), is_json=is_json)
    except Refused as refused:
        return _refused(refused, is_json=is_json)


def _told(request: HttpRequest, signal: Signal) -> Told:
    """Book what REQUEST tells; raises Refused."""
    if request.method != "POST":
        raise wrong_method(request.method or "", "POST")
    kind = _type_of(request)
    if kind not in (PROTOBUF, JSON):
        raise WrongType(Problem("bad_export_type", f"Exports are {PROTOBUF} or {JSON}."))
    packing = request.headers.get("Content-Encoding", "identity").strip().lower()
    if packing not in ("gzip", "identity", ""):
        raise WrongType(Problem("bad_export_type", "Exports are packed with gzip, or not at all."))
    actor = _sender(request)
    throttle(request, actor, "read")
    try:
        body = unpacked(request.body, is_packed=packing == "gzip")
        read = records(signal, body, is_json=kind == JSON)
    except Unreadable as error:
        raise refuse("bad_export", str(error)) from None
    except TooLong:
        raise ExportTooLarge(
            Problem("export_too_large", "The export is too large.", "Send smaller ones.")
        ) from None
    return ingest(actor, read, request.headers.get("X-SkillHub-Team", "").strip())


def _type_of(request: HttpRequest) -> str:
    return request.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _sender(request: HttpRequest) -> Actor:
    """Whose agent it is, by the token of the header; a browser's session tells nothing."""
    if not request.headers.get("Authorization"):
        text = "Telemetry needs a token in the header Authorization."
        raise refuse("sign_in", text, "Send `Authorization: Bearer skh_…`.", kind=Unauthenticated)
    actor = actor_of(request)
    if not any(actor.has_scope(scope) for scope in _SCOPES):
        text = "The token lacks the scope `report`."
        raise refuse("scope_missing", text, "Make a token with that scope.", kind=Forbidden)
    return actor


def _taken(signal: Signal, told: Told, *, is_json: bool) -> HttpResponse:
    answer = ANSWERS[signal]()
    if told.faults:
        partial = answer.partial_success
        setattr(partial, _REJECTED[signal], told.faults)
        partial.error_message = "Numbers of tokens or dollars that make no sense were left out."
    if is_json:
        return HttpResponse(json_format.MessageToJson(answer, indent=None), content_type=JSON)
    return HttpResponse(answer.SerializeToString(), content_type=PROTOBUF)


def _refused(refused: Refused, *, is_json: bool) -> HttpResponse:
    """REFUSED as a google.rpc.Status, of which the first two fields are used."""
    status, problem = status_of(refused), refused.problems[0]
    code, message = _CODES.get(status, _UNKNOWN), f"{problem.text} {problem.remedy}".strip()
    if is_json:
        body = json.dumps({"code": code, "message": message}).encode()
    else:
        body = Status(code=code, message=message).SerializeToString()
    response = HttpResponse(body, status=status, content_type=JSON if is_json else PROTOBUF)
    response.headers["Cache-Control"] = "no-store"
    if isinstance(refused, HttpRefusal):
        for name, value in refused.headers.items():
            response.headers[name] = value
    if isinstance(refused, Unauthenticated):
        response.headers["WWW-Authenticate"] = 'Bearer realm="skillhub"'
    return response
