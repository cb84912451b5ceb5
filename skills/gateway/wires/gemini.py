"""Gemini's generateContent and streamGenerateContent."""

from http import HTTPStatus

import msgspec

from skills.budgets.settle import Usage
from skills.gateway import fields
from skills.gateway.asked import Asked, Fields, Protocol
from skills.gateway.refusals import Refusal, RefusalAnswer, RefusalShape, bad_request
from skills.gateway.wires.wire import ClientRequest, Count, ModelTarget, StreamMeter, decoded, said
from skills.portfolio.kinds import NativeApi

_SHAPE = RefusalShape(
    {
        HTTPStatus.BAD_REQUEST: "INVALID_ARGUMENT",
        HTTPStatus.UNAUTHORIZED: "UNAUTHENTICATED",
        HTTPStatus.FORBIDDEN: "PERMISSION_DENIED",
        HTTPStatus.NOT_FOUND: "NOT_FOUND",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "INVALID_ARGUMENT",
        HTTPStatus.TOO_MANY_REQUESTS: "RESOURCE_EXHAUSTED",
        HTTPStatus.SERVICE_UNAVAILABLE: "UNAVAILABLE",
        HTTPStatus.INTERNAL_SERVER_ERROR: "INTERNAL",
    }
)
_WHOLE, _STREAMED = "generateContent", "streamGenerateContent"
_CAP, _ANSWERS = "maxOutputTokens", "candidateCount"
# Both spellings of each are taken by the provider.
_CONFIG_NAMES = ("generationConfig", "generation_config")
_SNAKE = {_CAP: "max_output_tokens", _ANSWERS: "candidate_count"}
_NAMED_ELSEWHERE = (
    b'"fileUri"',
    b'"file_uri"',
    b'"cachedContent"',
    b'"cached_content"',
    b'"googleSearch',
    b'"google_search',
    b'"urlContext',
    b'"url_context',
)


class _GenerateCounts(msgspec.Struct, rename="camel"):
    prompt_token_count: Count = 0
    cached_content_token_count: Count = 0
    tool_use_prompt_token_count: Count = 0
    candidates_token_count: Count = 0
    thoughts_token_count: Count = 0

    @property
    def usage(self) -> Usage | None:
        cached = min(self.prompt_token_count, self.cached_content_token_count)
        return said(
            Usage(
                input=self.prompt_token_count - cached + self.tool_use_prompt_token_count,
                cached=cached,
                output=self.candidates_token_count + self.thoughts_token_count,
            )
        )


class _Candidate(msgspec.Struct, rename="camel"):
    finish_reason: str | None = None


class _Blocked(msgspec.Struct, rename="camel"):
    block_reason: str | None = None


class _Generated(msgspec.Struct, rename="camel"):
    usage_metadata: _GenerateCounts | None = None
    candidates: list[_Candidate] = []
    prompt_feedback: _Blocked | None = None

    @property
    def is_last(self) -> bool:
        is_blocked = bool(self.prompt_feedback and self.prompt_feedback.block_reason)
        return is_blocked or any(candidate.finish_reason for candidate in self.candidates)


class _GenerateMeter:
    """Every chunk says what was used so far; only after one with a reason to finish is that the whole."""

    def __init__(self) -> None:
        self.usage: Usage | None = None
        self.hides = False
        self._is_over = False

    def read(self, data: bytes) -> bool:
        answer = decoded(data, _Generated)
        if answer is None:
            return True
        self._is_over |= answer.is_last
        if self._is_over and answer.usage_metadata is not None:
            self.usage = answer.usage_metadata.usage
        return True


class Generate:
    api = NativeApi.GOOGLE
    is_billed = True

    def read(self, request: ClientRequest) -> Asked:
        model, _, verb = request.variables.get("call", "").rpartition(":")
        if not model or verb not in (_WHOLE, _STREAMED):
            raise Refusal(HTTPStatus.NOT_FOUND, f"Only {_WHOLE} and {_STREAMED} are served.", code="no_route")
        found = fields.read_fields(request.body)
        if all(name in found for name in _CONFIG_NAMES):
            raise bad_request("Of `generationConfig` and `generation_config` one is enough.")
        config = _config(found)
        text_bytes, beyond = fields.sizes(request.body, names=_NAMED_ELSEWHERE)
        return Asked(
            protocol=Protocol.GENERATE,
            model=model,
            fields=found,
            streams=verb == _STREAMED,
            output_tokens=_number(config, _CAP),
            answers=_number(config, _ANSWERS) or 1,
            text_bytes=text_bytes,
            beyond_bytes=beyond,
            session=request.headers.get("x-session-id", ""),
        )

    def path(self, asked: Asked, model: str) -> str:
        return f"/v1beta/models/{model}:{_STREAMED if asked.streams else _WHOLE}"

    def body(self, asked: Asked, to: ModelTarget) -> bytes:
        # Written anew also where it has a cap: one that comes twice, or in two spellings, would be read
        # there as it may not be read here.
        name = next((name for name in _CONFIG_NAMES if name in asked.fields), _CONFIG_NAMES[0])
        config: dict[str, object] = dict(_config(asked.fields))
        config.pop(_SNAKE[_CAP], None)
        config[_CAP] = asked.output_tokens or to.output_tokens
        return fields.written(asked.fields, {name: config})

    def usage(self, document: bytes) -> Usage | None:
        # A stream that is not asked for as events is one array of what the events would be.
        answers = decoded(document, list[_Generated])
        last = answers[-1] if answers else decoded(document, _Generated)
        return last.usage_metadata.usage if last and last.usage_metadata else None

    def meter(self, asked: Asked) -> StreamMeter:
        return _GenerateMeter()

    def refusal(self, refusal: Refusal) -> RefusalAnswer:
        error = {
            "code": int(refusal.status),
            "message": refusal.text,
            "status": _SHAPE.name(refusal.status),
        }
        return RefusalAnswer(msgspec.json.encode({"error": error}))


def _config(found: Fields) -> dict[str, msgspec.Raw]:
    for name in _CONFIG_NAMES:
        if config := fields.field(found, name, dict[str, msgspec.Raw]):
            return config
    return {}


def _number(config: Fields, name: str) -> int | None:
    for spelling in (name, _SNAKE[name]):
        if (value := fields.count_of(config, spelling)) is not None:
            return value
    return None


GENERATE = Generate()
