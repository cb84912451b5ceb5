"""OpenAI's chat completions, which many other servers speak too."""

import msgspec

from skills.budgets.settle import Usage
from skills.gateway import fields
from skills.gateway.asked import Asked, Protocol
from skills.gateway.wires.openai import Counts, OpenAI
from skills.gateway.wires.wire import ModelTarget, StreamMeter, decoded
from skills.portfolio.kinds import AZURE, OPENAI

_LAST = b"[DONE]"


class _Completion(msgspec.Struct):
    usage: Counts


class _Chunk(msgspec.Struct):
    choices: list[msgspec.Raw] = []
    usage: Counts | None = None


class _StreamOptions(msgspec.Struct):
    include_usage: bool | None = None


class _ChatMeter:
    """Hides the one chunk that was asked for by us and not by the client: some expect a choice in each."""

    def __init__(self, *, hides_usage: bool) -> None:
        self.usage: Usage | None = None
        self.hides = hides_usage
        self._counts: Counts | None = None

    def read(self, data: bytes) -> bool:
        if data.strip() == _LAST:
            self.usage = self._counts.usage if self._counts else None
            return True
        if b'"usage"' not in data:
            return True
        chunk = decoded(data, _Chunk)
        if chunk is None or chunk.usage is None:
            return True
        self._counts = chunk.usage
        return bool(chunk.choices) or not self.hides


class Chat(OpenAI):
    protocol = Protocol.CHAT
    cap_names = ("max_completion_tokens", "max_tokens")

    def path(self, asked: Asked, model: str) -> str:
        return "/chat/completions"

    def body(self, asked: Asked, to: ModelTarget) -> bytes:
        changes: dict[str, object] = {"model": to.model}
        if asked.output_tokens is None:
            # Other servers know the older name alone, and OpenAI's newer models refuse it.
            is_theirs = to.kind in (OPENAI.code, AZURE.code)
            changes["max_completion_tokens" if is_theirs else "max_tokens"] = to.output_tokens
        if asked.streams:
            options = fields.field(asked.fields, "stream_options", dict[str, msgspec.Raw]) or {}
            changes["stream_options"] = {**options, "include_usage": True}
        return fields.written(asked.fields, changes)

    def usage(self, document: bytes) -> Usage | None:
        answer = decoded(document, _Completion)
        return answer.usage.usage if answer else None

    def meter(self, asked: Asked) -> StreamMeter:
        options = fields.field(asked.fields, "stream_options", _StreamOptions)
        return _ChatMeter(hides_usage=not (options and options.include_usage))


CHAT = Chat()
