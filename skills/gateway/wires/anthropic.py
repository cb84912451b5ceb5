"""Anthropic's Messages, as its own clients and Claude Code speak it."""

import re
from http import HTTPStatus

import msgspec

from skills.budgets.settle import Usage
from skills.gateway import fields
from skills.gateway.asked import Asked, Protocol
from skills.gateway.refusals import Refusal, RefusalAnswer, RefusalShape
from skills.gateway.wires.wire import ClientRequest, Count, ModelTarget, StreamMeter, decoded, said
from skills.portfolio.kinds import NativeApi

_SHAPE = RefusalShape(
    {
        HTTPStatus.BAD_REQUEST: "invalid_request_error",
        HTTPStatus.UNAUTHORIZED: "authentication_error",
        HTTPStatus.FORBIDDEN: "permission_error",
        HTTPStatus.NOT_FOUND: "not_found_error",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "request_too_large",
        HTTPStatus.TOO_MANY_REQUESTS: "rate_limit_error",
        HTTPStatus.SERVICE_UNAVAILABLE: "overloaded_error",
        HTTPStatus.INTERNAL_SERVER_ERROR: "api_error",
    }
)
# Claude Code puts its session into the user's id, behind a word or as JSON within the text.
_SESSION = re.compile(r"session_(?:id\W{1,8})?([0-9a-fA-F-]{8,64})")
_NAMED_ELSEWHERE = (b'"file_id"', b'"type":"url"', b'"type": "url"', b'"web_search_', b'"web_fetch_')
_AN_HOUR = b'"1h"'  # the `ttl` of a part that stays in the cache for so long


class _CacheCreation(msgspec.Struct):
    ephemeral_1h_input_tokens: Count | None = None


class _MessageCounts(msgspec.Struct):
    input_tokens: Count | None = None
    cache_read_input_tokens: Count | None = None
    cache_creation_input_tokens: Count | None = None
    cache_creation: _CacheCreation | None = None
    output_tokens: Count | None = None

    def over(self, former: "_MessageCounts") -> "_MessageCounts":
        """These where they say something, else FORMER: an event repeats only what has changed."""
        mine, theirs = msgspec.structs.asdict(self), msgspec.structs.asdict(former)
        return _MessageCounts(**{name: theirs[name] if mine[name] is None else mine[name] for name in mine})

    @property
    def usage(self) -> Usage | None:
        if self.input_tokens is None or self.output_tokens is None:
            return None
        written = self.cache_creation_input_tokens or 0
        hour = (self.cache_creation and self.cache_creation.ephemeral_1h_input_tokens) or 0
        return said(
            Usage(
                input=self.input_tokens,
                cached=self.cache_read_input_tokens or 0,
                written=written,
                hour=min(written, hour),
                output=self.output_tokens,
            )
        )


class _Message(msgspec.Struct):
    usage: _MessageCounts


class _MessageEvent(msgspec.Struct):
    type: str
    message: _Message | None = None
    usage: _MessageCounts | None = None


class _MessagesMeter:
    def __init__(self) -> None:
        self.usage: Usage | None = None
        self.hides = False
        self._counts = _MessageCounts()

    def read(self, data: bytes) -> bool:
        if b'"message_' not in data:
            return True
        event = decoded(data, _MessageEvent)
        if event is None:
            return True
        counts = event.usage or (event.message.usage if event.message else None)
        if counts is not None:
            self._counts = counts.over(self._counts)
        if event.type == "message_stop":
            self.usage = self._counts.usage
        return True


class _Metadata(msgspec.Struct):
    user_id: str | None = None


class Messages:
    api = NativeApi.ANTHROPIC
    protocol = Protocol.MESSAGES
    is_billed = True

    def read(self, request: ClientRequest) -> Asked:
        found = fields.read_fields(request.body)
        metadata = fields.field(found, "metadata", _Metadata)
        session = _SESSION.search((metadata and metadata.user_id) or "")
        text_bytes, beyond = fields.sizes(request.body, names=_NAMED_ELSEWHERE)
        return Asked(
            protocol=self.protocol,
            model=fields.model_of(found),
            fields=found,
            streams=fields.field(found, "stream", bool) or False,
            output_tokens=fields.count_of(found, "max_tokens"),
            text_bytes=text_bytes,
            beyond_bytes=beyond,
            for_an_hour=_AN_HOUR in request.body,
            session=session[1] if session else "",
        )

    def path(self, asked: Asked, model: str) -> str:
        return "/v1/messages"

    def body(self, asked: Asked, to: ModelTarget) -> bytes:
        cap = asked.output_tokens or to.output_tokens
        return fields.written(asked.fields, {"model": to.model, "max_tokens": cap})

    def usage(self, document: bytes) -> Usage | None:
        answer = decoded(document, _Message)
        return answer.usage.usage if answer else None

    def meter(self, asked: Asked) -> StreamMeter:
        return _MessagesMeter()

    def refusal(self, refusal: Refusal) -> RefusalAnswer:
        error = {"type": _SHAPE.name(refusal.status), "message": refusal.text}
        return RefusalAnswer(msgspec.json.encode({"type": "error", "error": error}))


class CountTokens(Messages):
    protocol = Protocol.COUNT_TOKENS
    is_billed = False

    def path(self, asked: Asked, model: str) -> str:
        return "/v1/messages/count_tokens"

    def body(self, asked: Asked, to: ModelTarget) -> bytes:
        return fields.written(asked.fields, {"model": to.model})


MESSAGES, COUNT_TOKENS = Messages(), CountTokens()
