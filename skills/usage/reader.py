"""Who is asked about when it is said which skill a call works with."""

from dataclasses import replace

from skills.people.actor import Actor, actor_for_session
from skills.people.models import Account, Scope


def reader_of(caller: Actor | Account) -> Actor:
    """CALLER as one that reads: a token for calls alone does not, and its owner's agent loads skills."""
    if isinstance(caller, Account):
        return actor_for_session(caller)
    return replace(caller, scopes=frozenset({Scope.READ.value}))
