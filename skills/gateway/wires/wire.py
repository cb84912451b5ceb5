"""What every protocol says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Protocol, TypeVar

import msgspec

from skills.budgets.settle import Usage
from skills.gateway.asked import Asked
from skills.gateway.refusals import Refusal, RefusalAnswer
from skills.portfolio.kinds import NativeApi

Count = Annotated[int, msgspec.Meta(ge=0, le=10**9)]  # of tokens; a provider that says more is not believed
Read = TypeVar("Read")


@dataclass(frozen=True, kw_only=True)
class ModelTarget:
    """The model that is asked, by its provider's name, and the output it may write where nobody says."""

    model: str
    kind: str
    output_tokens: int


@dataclass(frozen=True)
class ClientRequest:
    """What came: the path's variables and the query beside headers and body."""

    body: bytes
    headers: Mapping[str, str]
    variables: Mapping[str, str] = field(default_factory=dict)


class StreamMeter(Protocol):
    """Follows the events of one streamed answer.

    `usage` is None until the provider has said its last word; `hides` is whether some event may be hidden.
    """

    usage: Usage | None
    hides: bool

    def read(self, data: bytes) -> bool:
        """Take the data of one event; whether the client is to see it."""


class ModelWire(Protocol):
    """One protocol."""

    api: NativeApi
    is_billed: bool

    def read(self, request: ClientRequest) -> Asked:
        """What is asked; raises Refusal."""

    def path(self, asked: Asked, model: str) -> str:
        """Where the provider takes it, below its address."""

    def body(self, asked: Asked, to: ModelTarget) -> bytes:
        """What the provider is sent."""

    def usage(self, document: bytes) -> Usage | None:
        """What a whole answer says was used."""

    def meter(self, asked: Asked) -> StreamMeter:
        """For the events of a stream."""

    def refusal(self, refusal: Refusal) -> RefusalAnswer:
        """REFUSAL as this protocol says it."""


def decoded(data: bytes, type: type[Read]) -> Read | None:
    """DATA where it is of TYPE, else None: nothing is known of what providers answer."""
    try:
        return msgspec.json.decode(data, type=type)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def said(usage: Usage) -> Usage | None:
    """USAGE, unless it says that nothing was sent, which is never so."""
    return usage if usage.sent > 0 else None
