"""The gateway's addresses, and what every process holds."""

import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
import msgspec
from django.conf import settings
from django.db import InterfaceError as DjangoBroken
from django.db import OperationalError as DjangoAway
from starlette.responses import Response
from starlette.routing import Route, Router

from skills.budgets.reserve import Caller
from skills.gateway import listing, refusals
from skills.gateway.agents import agent_of, kept_session
from skills.gateway.asked import Asked, Protocol
from skills.gateway.body_shares import BodyShares
from skills.gateway.call import CallLimits, PassedCall, Tools
from skills.gateway.circuits import Circuits
from skills.gateway.database import Away, new_pool
from skills.gateway.exchange import ClientGone, Cut, Exchange, Receive, Scope, Send
from skills.gateway.keeping import keep_call
from skills.gateway.keys import Holder, Keys, secret_of
from skills.gateway.ledger import GatewayLedger
from skills.gateway.offers import TeamOffers
from skills.gateway.port import MARK_HEADER, product_mark
from skills.gateway.providers import CONNECT_SECONDS, socket_to
from skills.gateway.refusals import Refusal
from skills.gateway.wires import WIRES
from skills.gateway.wires.wire import ClientRequest, ModelWire

_log = logging.getLogger(__name__)
_POOL = 4  # connections: one writes the ledger, the others look keys up
_TEAM_HEADER = "x-skillhub-team"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What all requests of this process share."""

    keys: Keys
    shares: BodyShares
    offers: TeamOffers
    tools: Tools


class Gateway:
    """The application: `desk` is there while it runs."""

    def __init__(self) -> None:
        self.desk: Desk | None = None
        post, get = ["POST"], ["GET"]
        # A router without Starlette's own layers: each of them stands before every chunk of a stream.
        self.application = Router(
            routes=[
                Route("/v1/messages", _Door(self, Protocol.MESSAGES), methods=post),
                Route("/v1/messages/count_tokens", _Door(self, Protocol.COUNT_TOKENS), methods=post),
                Route("/v1/chat/completions", _Door(self, Protocol.CHAT), methods=post),
                Route("/v1/responses", _Door(self, Protocol.RESPONSES), methods=post),
                Route("/v1/embeddings", _Door(self, Protocol.EMBEDDINGS), methods=post),
                Route("/v1beta/models/{call:path}", _Door(self, Protocol.GENERATE), methods=post),
                Route("/v1/models", _Door(self, None), methods=get),
                Route("/v1beta/models", _Door(self, None), methods=get),
                Route("/health", _health, methods=get),
            ],
            lifespan=self._lifespan,
        )

    @contextlib.asynccontextmanager
    async def _lifespan(self, _application: Router) -> AsyncIterator[None]:
        pool = new_pool(_POOL)
        await pool.open()
        ledger = GatewayLedger(pool, patience=settings.GATEWAY_WAIT_SECONDS)
        await ledger.open()
        limits = CallLimits(
            call=settings.GATEWAY_CALL_SECONDS,
            silence=settings.GATEWAY_SILENCE_SECONDS,
            drain=settings.GATEWAY_DRAIN_SECONDS,
        )
        async with _client(limits) as http:
            tools = Tools(ledger=ledger, http=http, circuits=Circuits(), limits=limits)
            shares = BodyShares(settings.GATEWAY_MOST_BYTES)
            self.desk = Desk(keys=Keys(pool), shares=shares, offers=TeamOffers(), tools=tools)
            yield
        await ledger.close()
        await pool.close()


def _client(limits: CallLimits) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=4, socket_factory=socket_to),
        timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS, sock_read=limits.silence),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    )


class _Door:
    """One address; without a protocol it is the list of models, in the shape of whoever asks."""

    def __init__(self, gateway: Gateway, protocol: Protocol | None) -> None:
        self._gateway, self._protocol = gateway, protocol

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._gateway.desk is not None
        client = Exchange(scope, receive, send)
        wire = WIRES[self._protocol or listing.protocol_of(scope["path"], client.headers)]
        try:
            await self._serve(self._gateway.desk, wire, client, scope["path_params"])
        except (ClientGone, Cut):
            return
        except Refusal as refusal:
            await _refuse(client, wire, refusal)
        except (*Away, DjangoAway, DjangoBroken):  # from the event loop's connections, and from the threads
            await _refuse(client, wire, refusals.books_away())
        except Exception:  # noqa: BLE001 - the client is told in its own protocol
            _log.exception("A call ended with an error of ours")
            await _refuse(client, wire, refusals.our_fault())
        finally:
            await client.close()

    async def _serve(
        self, desk: Desk, wire: ModelWire, client: Exchange, variables: Mapping[str, str]
    ) -> None:
        holder = await desk.keys.holder(secret_of(client.headers, dict(client.query)))
        if self._protocol is None:
            await _list_models(desk, holder, wire, client)
            return
        with desk.shares.of(holder.account_id) as take:
            body = await client.body(settings.GATEWAY_MOST_BYTES, take)
            client.watch()
            asked = wire.read(ClientRequest(body, client.headers, variables))
            del body
            await _pass(desk, holder, wire, asked, client)


async def _pass(desk: Desk, holder: Holder, wire: ModelWire, asked: Asked, client: Exchange) -> None:
    team_id, name = _payer(holder, client.headers.get(_TEAM_HEADER, ""), asked.model)
    offers = await desk.offers.of(team_id)
    plans = offers.of(name, wire.api)
    caller = Caller(
        account_id=holder.account_id,
        team_id=team_id,
        token_id=holder.token_id,
        agent=agent_of(client.headers),
        session=kept_session(asked.session),
    )
    call = PassedCall(desk.tools, wire, asked, caller, client)
    if offers.keeps_calls:
        client.copy = bytearray()
    try:
        await call.serve(plans)
    finally:
        if client.copy:
            await keep_call(call, asked, caller, bytes(client.copy))


async def _refuse(client: Exchange, wire: ModelWire, refusal: Refusal) -> None:
    # An answer that has begun is broken off instead: the client must not take it for whole.
    if not client.has_begun:
        await client.refuse(refusal, wire.refusal(refusal))


def _payer(holder: Holder, header: str, model: str) -> tuple[int | None, str]:
    """(the id of the team that pays, the model's name without it)."""
    handle, slash, name = model.partition("/")
    if slash and handle in holder.teams and not header:
        return holder.payer(handle), name
    return holder.payer(header), model


async def _list_models(desk: Desk, holder: Holder, wire: ModelWire, client: Exchange) -> None:
    team_id = holder.payer(client.headers.get(_TEAM_HEADER, ""))
    offers = await desk.offers.of(team_id)
    names = sorted(offers.names.get(wire.api, {}))
    await client.whole(HTTPStatus.OK, msgspec.json.encode(listing.listed(names, wire.api)))


async def _health(_request: object) -> Response:
    return Response(b"ok", headers={MARK_HEADER: product_mark()})
