"""What one call can use: known before it is made, from what is sent and what may come back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skills.budgets.measure import Density
from skills.budgets.settle import Usage

if TYPE_CHECKING:
    from inspect_ai.model import ChatMessage, ModelOutput
    from inspect_ai.tool import ToolInfo

_MESSAGE_TOKENS = 16  # that a message or a tool costs beside its bytes
# Tokens of its own that a provider may add, as how to call tools, before its word is not believed.
_LEEWAY = 2_048
_REFUSED = range(400, 600)  # answers that are not billed


@dataclass(frozen=True)
class CallBound:
    """Tokens of input and output; a token is at least one byte of what is sent.

    It is certain where all of the input is text. What a request only names (files, what was said before) is
    reckoned with, and may be more.
    """

    sent_bytes: int  # with what each message costs besides
    output_tokens: int
    is_certain: bool = True
    for_an_hour: bool = False  # whether it asks the provider to keep what is sent in its cache for so long

    @property
    def most(self) -> int:
        """What the call can use at the very most."""
        return self.sent_bytes + self.output_tokens

    def is_broken_by(self, usage: Usage) -> bool:
        """Whether a provider says that more was used than can have been."""
        return self.is_certain and usage.total > self.most + _LEEWAY

    def input_tokens(self, density: Density | None) -> int:
        """The input to hold, by what earlier calls taught; every byte before they did."""
        return self.sent_bytes if density is None else density.most_tokens(self.sent_bytes)


def bound_of(messages: "Sequence[ChatMessage]", tools: "Iterable[ToolInfo]", output_tokens: int) -> CallBound:
    """The bound of a call that sends MESSAGES and TOOLS and may answer with OUTPUT_TOKENS."""
    parts = [message.model_dump_json(exclude_none=True) for message in messages]
    parts += [tool.model_dump_json(exclude_none=True) for tool in tools]
    sent = sum(len(part.encode()) + _MESSAGE_TOKENS for part in parts) + _MESSAGE_TOKENS
    return CallBound(sent, output_tokens)


def usage_of(output: "ModelOutput") -> Usage | None:
    """What the provider says was used, None where it says nothing."""
    usage = output.usage
    if usage is None or usage.total_tokens <= 0:
        return None
    return Usage(
        input=max(0, usage.input_tokens),
        cached=usage.input_tokens_cache_read or 0,
        output=max(0, usage.output_tokens),
        written=usage.input_tokens_cache_write or 0,
    )


def refused(error: BaseException) -> bool:
    """Whether the provider turned the call away, or was never reached, so that nothing was billed.

    Every client has its own exceptions; a status in one of three attributes is all they share.
    """
    for name in ("status_code", "code", "status"):
        value = getattr(error, name, None)
        if isinstance(value, int) and value in _REFUSED:
            return True
    if isinstance(error, ConnectionRefusedError) or type(error).__name__ == "ConnectError":
        return True
    cause = error.__cause__ or error.__context__
    return cause is not None and cause is not error and refused(cause)


def why_lost(error: BaseException) -> str:
    """What the ledger says beside a call that is charged in full."""
    if type(error).__name__ == "CancelledError":
        return "The run was stopped while the call was under way."
    if isinstance(error, TimeoutError):
        return "No answer in time: whether it was billed is unknown."
    return "The call broke off: whether it was billed is unknown."
