"""What JSON-RPC 2.0 asks of a message before anybody looks at what it wants.

The SDK calls every fault of a message one of its parameters, and takes one whose id is no id for a
notification, which nobody answers.
"""

from typing import Literal

import msgspec

INVALID_REQUEST = -32600


class _Envelope(msgspec.Struct):
    """The parts that the specification has; a message without a method answers one of ours."""

    jsonrpc: Literal["2.0"]
    method: str | msgspec.UnsetType = msgspec.UNSET
    id: str | int | None = None
    result: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    error: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_DECODER = msgspec.json.Decoder(_Envelope)


def fault_of(body: bytes) -> str:
    """Why BODY is no message; "" where it is one, and where it is no JSON: the SDK has an answer to that."""
    try:
        message = _DECODER.decode(body)
    except msgspec.ValidationError as error:
        return str(error)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    says_nothing = all(part is msgspec.UNSET for part in (message.method, message.result, message.error))
    return "Object missing required field `method`" if says_nothing else ""
