"""One module a protocol: what is asked, how it is passed on, what was used, how a refusal looks."""

from skills.gateway.asked import Protocol
from skills.gateway.wires.anthropic import COUNT_TOKENS, MESSAGES
from skills.gateway.wires.gemini import GENERATE
from skills.gateway.wires.openai_chat import CHAT
from skills.gateway.wires.openai_embeddings import EMBEDDINGS
from skills.gateway.wires.openai_responses import RESPONSES
from skills.gateway.wires.wire import ModelWire

WIRES: dict[Protocol, ModelWire] = {
    Protocol.MESSAGES: MESSAGES,
    Protocol.COUNT_TOKENS: COUNT_TOKENS,
    Protocol.CHAT: CHAT,
    Protocol.RESPONSES: RESPONSES,
    Protocol.EMBEDDINGS: EMBEDDINGS,
    Protocol.GENERATE: GENERATE,
}
