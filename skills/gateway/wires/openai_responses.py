"""OpenAI's Responses, as Codex speaks it."""

from dataclasses import replace

import msgspec

from skills.budgets.settle import Usage
from skills.gateway import fields
from skills.gateway.asked import Asked, Protocol
from skills.gateway.refusals import Refusal, RefusalAnswer, bad_request
from skills.gateway.wires.openai import Counts, OpenAI
from skills.gateway.wires.wire import ClientRequest, ModelTarget, StreamMeter, decoded

# Of a usage limit Codex says this in place of the message.
_CODEX_SAYS = "x-codex-promo-message"
_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed"})


class _ResponseUsage(msgspec.Struct):
    usage: Counts | None = None


class _ResponseEvent(msgspec.Struct):
    type: str
    response: _ResponseUsage | None = None


class _ResponsesMeter:
    def __init__(self) -> None:
        self.usage: Usage | None = None
        self.hides = False

    def read(self, data: bytes) -> bool:
        if b'"response.' not in data or b'"usage"' not in data:
            return True
        event = decoded(data, _ResponseEvent)
        if event and event.type in _ENDS and event.response and event.response.usage:
            self.usage = event.response.usage.usage
        return True


class Responses(OpenAI):
    protocol = Protocol.RESPONSES
    cap_names = ("max_output_tokens",)

    def read(self, request: ClientRequest) -> Asked:
        asked = super().read(request)
        if fields.field(asked.fields, "background", bool):
            raise bad_request("`background` is not served here: what it uses would be known to nobody.")
        return asked

    def path(self, asked: Asked, model: str) -> str:
        return "/responses"

    def body(self, asked: Asked, to: ModelTarget) -> bytes:
        cap = asked.output_tokens or to.output_tokens
        return fields.written(asked.fields, {"model": to.model, "max_output_tokens": cap})

    def usage(self, document: bytes) -> Usage | None:
        answer = decoded(document, _ResponseUsage)
        return answer.usage.usage if answer and answer.usage else None

    def meter(self, asked: Asked) -> StreamMeter:
        return _ResponsesMeter()

    def refusal(self, refusal: Refusal) -> RefusalAnswer:
        answer = super().refusal(refusal)
        if refusal.code != "out_of_budget":
            return answer
        return replace(answer, headers={_CODEX_SAYS: _for_header(refusal.text)})


def _for_header(text: str) -> str:
    """TEXT, in which people may have named things as they like, without its last full stop: Codex goes on."""
    kept = (character if character.isascii() and character.isprintable() else "?" for character in text)
    return "".join(kept).rstrip(".")


RESPONSES = Responses()
