"""Which skill a call is booked to: the one that its conversation shows, see usage/attribute.py."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
from django.db import close_old_connections

from skills.budgets.reserve import Caller
from skills.budgets.settle import UNKNOWN, Attribution
from skills.gateway.asked import Asked
from skills.lib.json_values import JsonObject
from skills.usage.of_calls import skill_of_call
from skills.usage.request_parts import SAID

# Asked once for each call that is billed, while the provider works on it. It has at most `SECONDS`, may look
# things up, and what it raises costs the attribution and nothing else.
Attribute = Callable[[Asked, Caller], Awaitable[Attribution]]
SECONDS = 2.0
_MOST_BYTES = 16_000_000  # a longer conversation is mostly pictures, and reading it would keep others waiting


async def by_conversation(asked: Asked, caller: Caller) -> Attribution:
    """The skill at work, looked for in a thread: the event loop goes on meanwhile."""
    return await asyncio.to_thread(_look, asked, caller)


attribute: Attribute = by_conversation


def _look(asked: Asked, caller: Caller) -> Attribution:
    close_old_connections()
    try:
        return found_in(asked, caller)
    finally:
        close_old_connections()


def found_in(asked: Asked, caller: Caller) -> Attribution:
    """The skill that the conversation of ASKED shows to CALLER."""
    said = {name: asked.fields[name] for name in SAID if name in asked.fields}
    if sum(len(bytes(raw)) for raw in said.values()) > _MOST_BYTES:
        return UNKNOWN
    try:
        request: JsonObject = {name: msgspec.json.decode(raw) for name, raw in said.items()}
    except (msgspec.DecodeError, RecursionError):
        return UNKNOWN
    return skill_of_call(request, caller)
