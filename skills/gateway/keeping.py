"""Hands over what a call said and was answered, for teams that keep that a while (usage/keeping.py)."""

import logging

import msgspec

from skills.budgets.reserve import Caller
from skills.gateway.asked import Asked
from skills.gateway.call import PassedCall
from skills.gateway.threads import in_thread
from skills.usage.keeping import MOST_BYTES, keep
from skills.usage.kept_models import KeptCall

_log = logging.getLogger(__name__)


async def keep_call(call: PassedCall, asked: Asked, caller: Caller, answered: bytes) -> None:
    """What cannot be kept costs the copy and nothing else."""
    if call.held_as is None or caller.team_id is None or caller.account_id is None:
        return
    kept = KeptCall(
        hold_id=call.held_as,
        team_id=caller.team_id,
        account_id=caller.account_id,
        model=call.answered_by or asked.model[:120],
        agent=caller.agent,
    )
    body = msgspec.json.encode(asked.fields)[:MOST_BYTES]
    try:
        await in_thread(lambda: keep(kept, body, answered))
    except Exception:  # noqa: BLE001 - the client has its answer
        _log.exception("A call could not be kept")
