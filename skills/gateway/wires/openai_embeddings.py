"""OpenAI's embeddings: nothing is written, so the input is all there is to hold."""

import msgspec

from skills.budgets.settle import Usage
from skills.gateway import fields
from skills.gateway.asked import Asked, Protocol
from skills.gateway.wires.openai import Counts, OpenAI
from skills.gateway.wires.wire import ModelTarget, StreamMeter, decoded


class _Vectors(msgspec.Struct):
    usage: Counts


class _NoMeter:
    usage: Usage | None = None
    hides = False

    def read(self, data: bytes) -> bool:
        return True


class Embeddings(OpenAI):
    protocol = Protocol.EMBEDDINGS

    def path(self, asked: Asked, model: str) -> str:
        return "/embeddings"

    def body(self, asked: Asked, to: ModelTarget) -> bytes:
        return fields.written(asked.fields, {"model": to.model})

    def usage(self, document: bytes) -> Usage | None:
        answer = decoded(document, _Vectors)
        return answer.usage.usage if answer else None

    def meter(self, asked: Asked) -> StreamMeter:
        return _NoMeter()


EMBEDDINGS = Embeddings()
