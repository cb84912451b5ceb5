"""Breaks off the calls to an endpoint that does not answer, for all workers at once.

Without it every call of every run would find out by itself, with all its retries. Kept in Valkey; while that
is away nothing is broken off.

An endpoint is closed off when calls have failed for `_LEAST_SECONDS` and none has succeeded meanwhile: a
restart of a few seconds is what retries are for. When the pause is over one call tries; it ends the matter,
or the next pause is twice as long. An endpoint that answered lately is worth waiting for: else an outage of
half a minute would end every trial of a long run.
"""

import hashlib
import json
import time
from collections.abc import Mapping
from typing import Self

from skills.lib import counters
from skills.portfolio.model_plan import ModelPlan

_LEAST_FAILURES = 5  # in a row
_LEAST_SECONDS = 10.0  # from the first of them to the last
_PAUSE = 30  # seconds, the first time
_LONGEST_PAUSE = 600  # seconds
_TRYING = 60  # seconds in which one call has the endpoint to itself
_LATELY = 600  # seconds
_FORGOTTEN = 3_600  # seconds after which a failure says nothing any more


class EndpointAway(Exception):
    """The endpoint does not answer: it is not called. `may_return` where it did answer not long ago."""

    def __init__(self, where: str, *, may_return: bool) -> None:
        super().__init__(f"{where} does not answer, so it is left alone for a while.")
        self.may_return = may_return


class Circuit:
    """The way to one endpoint, whoever's key is used: an address of a kind of provider, or a region of it.

    Bedrock and Vertex have no address here; a region that is down says nothing of the others.
    """

    def __init__(self, kind: str, base_url: str, options: Mapping[str, str] | None = None) -> None:
        chosen = {name: value for name, value in sorted((options or {}).items()) if value}
        self.where = ", ".join([base_url or kind, *chosen.values()])
        self.key = hashlib.sha256(json.dumps([kind, base_url, chosen]).encode()).hexdigest()[:24]
        self._failures, self._open = f"circuit:{self.key}", f"circuit:{self.key}:open"
        self._trying, self._answered = f"circuit:{self.key}:trying", f"circuit:{self.key}:answered"

    @classmethod
    def to(cls, plan: ModelPlan) -> Self:
        """The way that calls of a model take."""
        return cls(plan.kind, plan.base_url, plan.options)

    def check(self) -> None:
        """Raise EndpointAway where a call would only find out again; lets one through after a pause."""
        try:
            pipe = counters.client().pipeline(transaction=False)
            pipe.exists(self._open)
            pipe.hexists(self._failures, "pauses")
            pipe.exists(self._answered)
            is_open, was_open, answered = pipe.execute()
            if is_open or (was_open and not self._may_try()):
                raise EndpointAway(self.where, may_return=bool(answered))
        except counters.away():
            return

    def succeeded(self) -> None:
        """The endpoint answered, if only with a refusal."""
        try:
            pipe = counters.client().pipeline(transaction=False)
            pipe.delete(self._failures, self._open, self._trying)
            pipe.set(self._answered, 1, ex=_LATELY)
            pipe.execute()
        except counters.away():
            return

    def failed(self) -> None:
        """Nobody answered a call."""
        try:
            pipe = counters.client().pipeline()
            pipe.hincrby(self._failures, "count", 1)
            pipe.hsetnx(self._failures, "since", str(time.time()))
            pipe.hmget(self._failures, "since", "pauses")
            pipe.expire(self._failures, _FORGOTTEN)
            count, _, (since, pauses), _ = pipe.execute()
            lasted = time.time() - float(since)
            if int(pauses or 0) or (count >= _LEAST_FAILURES and lasted >= _LEAST_SECONDS):
                self._break_off(int(pauses or 0))
        except counters.away():
            return

    def _break_off(self, pauses: int) -> None:
        pause = min(_PAUSE * 2**pauses, _LONGEST_PAUSE)
        # Of many that fail at the same moment one counts.
        if counters.client().set(self._open, 1, nx=True, ex=pause):
            counters.client().hincrby(self._failures, "pauses", 1)
            counters.client().delete(self._trying)

    def _may_try(self) -> bool:
        return bool(counters.client().set(self._trying, 1, nx=True, ex=_TRYING))
