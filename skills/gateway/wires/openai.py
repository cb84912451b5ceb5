"""What OpenAI's three protocols have in common."""

from http import HTTPStatus

import msgspec

from skills.budgets.settle import Usage
from skills.gateway import fields
from skills.gateway.asked import Asked, Fields, Protocol
from skills.gateway.refusals import Refusal, RefusalAnswer, RefusalShape
from skills.gateway.wires.wire import ClientRequest, Count, said
from skills.portfolio.kinds import NativeApi

_SHAPE = RefusalShape(
    {
        HTTPStatus.BAD_REQUEST: "invalid_request_error",
        HTTPStatus.UNAUTHORIZED: "authentication_error",
        HTTPStatus.FORBIDDEN: "permission_error",
        HTTPStatus.NOT_FOUND: "invalid_request_error",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "invalid_request_error",
        HTTPStatus.TOO_MANY_REQUESTS: "rate_limit_error",
        HTTPStatus.INTERNAL_SERVER_ERROR: "server_error",
    }
)
# By these words clients know what is of no use to try again. Of `insufficient_quota` they say in words of
# their own that an account has no credit; what is said of a usage limit, Codex and OpenClaw show.
_USED_UP = "usage_limit_reached"
_CODES = {
    "out_of_budget": _USED_UP,
    "no_model": "model_not_found",
    "bad_token": "invalid_api_key",
}
_NAMED_ELSEWHERE = (
    b'"file_id"',
    b'"file_url"',
    b'"url":"http',
    b'"url": "http',
    b'"image_url":"http',
    b'"image_url": "http',
    b'"previous_response_id"',
    b'"conversation"',
    b'"web_search',
    b'"file_search"',
    b'"mcp"',
)


class _Cached(msgspec.Struct):
    cached_tokens: Count | None = None


class Counts(msgspec.Struct):
    """Both families of names that OpenAI has for what was used."""

    prompt_tokens: Count | None = None
    completion_tokens: Count | None = None
    prompt_tokens_details: _Cached | None = None
    input_tokens: Count | None = None
    output_tokens: Count | None = None
    input_tokens_details: _Cached | None = None

    @property
    def usage(self) -> Usage | None:
        sent = self.prompt_tokens if self.input_tokens is None else self.input_tokens
        output = self.completion_tokens if self.output_tokens is None else self.output_tokens
        if sent is None:
            return None
        details = self.prompt_tokens_details or self.input_tokens_details
        cached = min(sent, (details and details.cached_tokens) or 0)
        return said(Usage(input=sent - cached, cached=cached, output=output or 0))


class OpenAI:
    """The half of a wire that is the same for all of them."""

    api = NativeApi.OPENAI
    is_billed = True
    protocol: Protocol
    cap_names: tuple[str, ...] = ()

    def read(self, request: ClientRequest) -> Asked:
        found = fields.read_fields(request.body)
        text_bytes, beyond = fields.sizes(request.body, names=_NAMED_ELSEWHERE)
        caps = [fields.count_of(found, name) for name in self.cap_names]
        return Asked(
            protocol=self.protocol,
            model=fields.model_of(found),
            fields=found,
            streams=fields.field(found, "stream", bool) or False,
            output_tokens=max((cap for cap in caps if cap is not None), default=None),
            answers=fields.answers_of(found, "n"),
            text_bytes=text_bytes,
            beyond_bytes=beyond,
            service=fields.field(found, "service_tier", str) or "",
            session=_session(found, request),
        )

    def refusal(self, refusal: Refusal) -> RefusalAnswer:
        code = _CODES.get(refusal.code, refusal.code)
        error: dict[str, object] = {
            "message": refusal.text,
            "type": code if code == _USED_UP else _SHAPE.name(refusal.status),
            "param": "model" if refusal.code == "no_model" else None,
            "code": code,
        }
        if refusal.resets_at:
            error["resets_at"] = int(refusal.resets_at.timestamp())
        return RefusalAnswer(msgspec.json.encode({"error": error}))


def _session(found: Fields, request: ClientRequest) -> str:
    header = request.headers.get("session_id") or request.headers.get("session-id") or ""
    return header or fields.field(found, "prompt_cache_key", str) or ""
