"""The skill of one call through the gateway, from its request and its caller."""

from skills.budgets.reserve import Caller
from skills.budgets.settle import UNKNOWN, Attribution
from skills.lib.json_values import JsonObject
from skills.lib.remembered import Remembered
from skills.people.actor import Actor, actor_for_token
from skills.people.models import Account, Token
from skills.usage.attribute import attributor
from skills.usage.reader import reader_of
from skills.usage.unreviewed import count_unreviewed

_readers: Remembered[Actor | None] = Remembered(most=5_000, seconds=60.0)


def skill_of_call(request: JsonObject, caller: Caller) -> Attribution:
    """What CALLER's REQUEST works with; counts beside that what nobody reviewed."""
    key = (caller.account_id, caller.token_id)
    reader = _readers.get(key, lambda: _reader(caller))
    if reader is None:
        return UNKNOWN
    conclusion = attributor().conclude(request, reader)
    if conclusion.unreviewed and caller.team_id:
        count_unreviewed(caller.team_id, conclusion.unreviewed)
    return conclusion.attribution


def forget() -> None:
    """As a fresh process."""
    _readers.clear()


def _reader(caller: Caller) -> Actor | None:
    """Who CALLER is, with the limits of its token."""
    if caller.token_id:
        tokens = Token.objects.select_related("account", "created_by").prefetch_related("teams")
        token = tokens.filter(pk=caller.token_id).first()
        return reader_of(actor_for_token(token)) if token else None
    account = Account.objects.filter(pk=caller.account_id).first() if caller.account_id else None
    return reader_of(account) if account else None
