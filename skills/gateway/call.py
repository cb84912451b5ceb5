"""One call from its request to its entry in the ledger.

Nothing goes to a provider before what it may cost is on the disk. Whatever happens afterwards ends the hold
in one of three ways: the provider said what was used, it refused before billing, or nobody knows.
"""

import asyncio
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp

from skills.budgets.reserve import Caller
from skills.budgets.settle import Attribution, Usage
from skills.gateway import attribution, refusals
from skills.gateway.asked import Asked, Protocol
from skills.gateway.circuits import Circuits
from skills.gateway.events import EventPassage, WholePassage
from skills.gateway.exchange import Cut, Exchange
from skills.gateway.ledger import GatewayLedger, Held
from skills.gateway.providers import for_client, place, request_id_of
from skills.gateway.refusals import Refusal
from skills.gateway.wires.wire import ModelTarget, ModelWire
from skills.portfolio.call_bounds import CallBound, why_lost
from skills.portfolio.model_plan import ModelPlan
from skills.portfolio.price_lists import Service

_log = logging.getLogger(__name__)
# Tokens that a provider adds of its own. Words around messages take less than the JSON around them, which
# counts as input; some models begin with a text of a hundred tokens. Of tools it says how to call them.
_OVERHEAD_TOKENS, _OVERHEAD_OF_TOOLS = 128, 2_048
_WITH_TOOLS = frozenset({"tools", "functions", "mcp_servers", "container", "web_search_options"})
_PAUSES = (0.2, 0.6)  # seconds before a call that was not billed is tried again
_AGAIN = frozenset({500, 502, 503, 504, 529})  # refusals that may be over in a moment
_ELSEWHERE = _AGAIN | {404, 408, 429}  # refusals after which another model of the alias is asked
_KEY = frozenset({401, 403})
_REFUSED = range(400, 600)
_UNREACHED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_MODEL_HEADER, _INSTEAD_OF_HEADER = b"x-skillhub-model", b"x-skillhub-instead-of"


@dataclass(frozen=True, kw_only=True)
class CallLimits:
    """Seconds: of a whole call, of a silence of the provider, and of what a client that left does not see."""

    call: float
    silence: float
    drain: float


@dataclass(frozen=True, kw_only=True)
class Tools:
    """What every call of a process shares."""

    ledger: GatewayLedger
    http: aiohttp.ClientSession
    circuits: Circuits
    limits: CallLimits


class _Refused(Exception):
    """The provider turned the call away, and nothing was billed."""

    def __init__(self, refusal: Refusal, *, may_go_elsewhere: bool = True) -> None:
        super().__init__(refusal.text)
        self.refusal, self.may_go_elsewhere = refusal, may_go_elsewhere


class PassedCall:
    """One request of a client, tried with one model after another until one answers."""

    def __init__(self, tools: Tools, wire: ModelWire, asked: Asked, caller: Caller, client: Exchange) -> None:
        self._tools, self._wire, self._asked, self._caller = tools, wire, asked, caller
        self._client = client
        self._instead_of = ""  # the model that was to answer first, where another does
        self.answered_by = ""  # the label of the model that answered
        self.held_as: uuid.UUID | None = None  # the newest hold

    async def serve(self, plans: Sequence[ModelPlan]) -> None:
        """Ask the first of PLANS that is there; raises Refusal where none is."""
        for number, plan in enumerate(plans):
            is_last = number == len(plans) - 1
            self._instead_of = plans[0].label if number else ""
            try:
                await self._with_patience(plan, is_last=is_last)
            except _Refused as refused:
                if is_last or not refused.may_go_elsewhere:
                    raise refused.refusal from None
            else:
                self.answered_by = plan.label
                return

    async def _with_patience(self, plan: ModelPlan, *, is_last: bool) -> None:
        """Ask one model, again where it is away for a moment."""
        if await self._tools.circuits.is_closed_off(plan):
            raise _Refused(refusals.provider_away(_where(plan), seconds=30))
        for pause in _PAUSES:
            try:
                await self._once(plan, passes_refusals=False, is_last=is_last)
            except _Refused as refused:
                if not refused.may_go_elsewhere or refused.refusal.lasts or not is_last:
                    raise
                await asyncio.sleep(pause)
            else:
                return
        await self._once(plan, passes_refusals=True, is_last=is_last)

    async def _once(self, plan: ModelPlan, *, passes_refusals: bool, is_last: bool) -> None:
        """One request to the provider, and the one hold that pays for it."""
        bound = _bound(self._asked, plan) if self._wire.is_billed else None
        held = await self._hold(plan, bound) if bound else None
        tracking = _Tracking(self._tools.ledger, held)
        try:
            async with asyncio.timeout(self._tools.limits.call) as limit:
                leaving = asyncio.create_task(self._shorten_when_gone(limit))
                try:
                    await self._pass(plan, tracking, passes_refusals=passes_refusals, is_last=is_last)
                finally:
                    leaving.cancel()
        except TimeoutError:
            left = self._client.gone.is_set()
            await tracking.lose("The client went away." if left else "The provider came to no end.")
            await self._break_off(refusals.provider_away(_where(plan)))
        except BaseException as error:
            # Whatever was not foreseen is charged: nothing is free because it went wrong.
            await tracking.lose(why_lost(error))
            raise

    async def _pass(
        self, plan: ModelPlan, tracking: "_Tracking", *, passes_refusals: bool, is_last: bool
    ) -> None:
        to = place(plan, self._wire.path(self._asked, plan.name), self._client.query, self._client.headers)
        destination = ModelTarget(model=plan.name, kind=plan.kind, output_tokens=plan.max_output_tokens)
        body = self._wire.body(self._asked, destination)
        try:
            async with self._tools.http.post(
                to.url, data=body, headers=to.headers, proxy=to.proxy, allow_redirects=False
            ) as answer:
                await self._tools.circuits.answered(plan)
                tracking.request_id = request_id_of(answer.headers)
                if answer.status in _REFUSED:
                    await tracking.release()
                    await self._refused(plan, answer, passes=passes_refusals, is_last=is_last)
                else:
                    await self._answered(plan, answer, tracking)
        except _UNREACHED:
            await tracking.release()
            await self._tools.circuits.failed(plan)
            raise _Refused(refusals.provider_away(_where(plan))) from None
        except (aiohttp.ClientError, ConnectionError) as error:
            if not self._client.has_begun:
                await self._tools.circuits.failed(plan)
            await tracking.lose(why_lost(error))
            await self._break_off(refusals.provider_away(_where(plan)))

    async def _refused(
        self, plan: ModelPlan, answer: aiohttp.ClientResponse, *, passes: bool, is_last: bool
    ) -> None:
        """Pass on the provider's refusal in its own words, or raise what is said in its place."""
        if answer.status in _KEY:
            raise _Refused(refusals.provider_key(_where(plan)))
        tries_again = answer.status in _AGAIN and not passes
        if tries_again or (answer.status in _ELSEWHERE and not is_last):
            raise _Refused(refusals.provider_away(_where(plan)))
        if "json" not in answer.content_type:
            raise _Refused(refusals.provider_speaks_otherwise(_where(plan)), may_go_elsewhere=False)
        await self._client.begin(answer.status, self._headers(plan, answer))
        async for chunk in answer.content.iter_any():
            await self._client.give(chunk)
        await self._client.end()

    async def _answered(self, plan: ModelPlan, answer: aiohttp.ClientResponse, tracking: "_Tracking") -> None:
        is_stream = answer.content_type == "text/event-stream"
        is_readable = is_stream or "json" in answer.content_type
        if answer.status != HTTPStatus.OK or not is_readable:
            await tracking.lose("The answer was none of a model: whether it was billed is unknown.")
            raise refusals.provider_speaks_otherwise(_where(plan))
        tracking.attribute(self._asked, self._caller)
        await self._client.begin(answer.status, self._headers(plan, answer))
        usage, rest = await (self._stream(answer) if is_stream else self._document(answer))
        # Booked before the client has all of it: who has an answer finds it in the ledger.
        if usage is None:
            await tracking.lose("The answer did not say what was used.")
        else:
            await tracking.settle(usage)
        await self._client.give(rest)
        await self._client.end()

    async def _stream(self, answer: aiohttp.ClientResponse) -> tuple[Usage | None, bytes]:
        """What was used, and what the client is still to be sent."""
        meter = self._wire.meter(self._asked)
        passage = EventPassage(meter, hides=meter.hides)
        async for chunk in answer.content.iter_any():
            await self._client.give(passage.take(chunk))
        return meter.usage, passage.end()

    async def _document(self, answer: aiohttp.ClientResponse) -> tuple[Usage | None, bytes]:
        passage = WholePassage()
        rest = b""
        async for chunk in answer.content.iter_any():
            await self._client.give(rest)
            rest = passage.take(chunk)
        return self._wire.usage(passage.document), rest

    def _headers(self, plan: ModelPlan, answer: aiohttp.ClientResponse) -> list[tuple[bytes, bytes]]:
        headers = for_client(answer.headers.items())
        if answer.content_type == "text/event-stream":
            # Events may be hidden; and what stands between us and the client shall not wait for more.
            headers = [header for header in headers if header[0] != b"content-length"]
            headers.append((b"x-accel-buffering", b"no"))
        headers.append((_MODEL_HEADER, plan.label.encode("ascii", "replace")))
        if self._instead_of:
            headers.append((_INSTEAD_OF_HEADER, self._instead_of.encode("ascii", "replace")))
        return headers

    async def _break_off(self, refusal: Refusal) -> None:
        if self._client.gone.is_set():
            return
        if self._client.has_begun:
            raise Cut
        raise refusal

    async def _shorten_when_gone(self, limit: asyncio.Timeout) -> None:
        """A client that left is not served, but what the provider says at its end is worth a while."""
        await self._client.gone.wait()
        loop = asyncio.get_running_loop()
        limit.reschedule(min(limit.when() or loop.time(), loop.time() + self._tools.limits.drain))

    async def _hold(self, plan: ModelPlan, bound: CallBound) -> Held:
        ledger, service = self._tools.ledger, self._service(plan)
        held = await ledger.hold(plan, bound, self._caller, service, instead_of=self._instead_of)
        self.held_as = held.id
        return held

    def _service(self, plan: ModelPlan) -> Service:
        wanted = self._asked.service
        return Service(wanted) if wanted in (Service.FLEX, Service.PRIORITY) else plan.service


class _Tracking:
    """Ends one hold once, with what is known of its call."""

    def __init__(self, ledger: GatewayLedger, held: Held | None) -> None:
        self._ledger, self._held = ledger, held
        self.request_id = ""
        self._attribution: asyncio.Task[Attribution] | None = None

    def attribute(self, asked: Asked, caller: Caller) -> None:
        if self._held:
            self._attribution = asyncio.create_task(_attributed(asked, caller))

    async def settle(self, usage: Usage) -> None:
        if held := self._take():
            await self._ledger.settle(held, usage, await self._known())

    async def release(self) -> None:
        if held := self._take():
            await self._ledger.release(held)

    async def lose(self, why: str) -> None:
        if held := self._take():
            await self._ledger.lose(held, why, await self._known())

    def _take(self) -> Held | None:
        held, self._held = self._held, None
        return held

    async def _known(self) -> Attribution:
        found = await self._attribution if self._attribution else Attribution()
        return Attribution(skill_id=found.skill_id, version_id=found.version_id, request_id=self.request_id)


async def _attributed(asked: Asked, caller: Caller) -> Attribution:
    try:
        async with asyncio.timeout(attribution.SECONDS):
            return await attribution.attribute(asked, caller)
    except Exception:  # noqa: BLE001 - whoever attributes may fail as they like
        _log.exception("A call could not be attributed")
        return Attribution()


def _bound(asked: Asked, plan: ModelPlan) -> CallBound:
    writes = asked.protocol != Protocol.EMBEDDINGS
    output = (asked.output_tokens or plan.max_output_tokens) * asked.answers if writes else 0
    overhead = _OVERHEAD_TOKENS if _WITH_TOOLS.isdisjoint(asked.fields) else _OVERHEAD_OF_TOOLS
    return CallBound(
        sent_bytes=asked.text_bytes + asked.beyond_bytes + overhead,
        output_tokens=output,
        is_certain=not asked.beyond_bytes,
        for_an_hour=asked.for_an_hour,
    )


def _where(plan: ModelPlan) -> str:
    return f"of {plan.label}"
