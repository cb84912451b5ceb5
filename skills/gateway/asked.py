"""What an agent asks for in one call, as far as the gateway must understand it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec

Fields = Mapping[str, msgspec.Raw]


class Protocol(StrEnum):
    """The protocols that are passed through."""

    MESSAGES = "messages"  # Anthropic
    COUNT_TOKENS = "count_tokens"  # Anthropic, not billed
    CHAT = "chat"  # OpenAI
    RESPONSES = "responses"  # OpenAI
    EMBEDDINGS = "embeddings"  # OpenAI
    GENERATE = "generate"  # Gemini


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request. `fields` are those of its body, unread and byte for byte as they came.

    `output_tokens` is the cap that the client set for one answer, None without one. `beyond_bytes` is the
    input that the body only names or holds in another form than text: pictures, files, what was said before.
    `for_an_hour` is whether something shall stay in the provider's cache for so long.
    """

    protocol: Protocol
    model: str
    fields: Fields
    streams: bool = False
    output_tokens: int | None = None
    answers: int = 1
    text_bytes: int = 0
    beyond_bytes: int = 0
    for_an_hour: bool = False
    service: str = ""
    session: str = ""
