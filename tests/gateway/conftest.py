"""A gateway and a provider that really listen, for all tests of this folder; each test has its own people.

The rows are committed, because the gateway has connections of its own, and dropped when the folder is done.
"""

import asyncio
import itertools
import socket
import threading
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from django.core.management import call_command
from django.db import connection, connections

from skills.budgets.allowances import budget_of
from skills.budgets.models import Hold
from skills.gateway.application import Gateway
from skills.gateway.connections import PatientProtocol
from skills.people.models import Account, Scope, Team, Token
from skills.people.tokens import create_token
from skills.portfolio.configure import save_model, save_provider, set_price
from tests.budgets.making import set_limits
from tests.factories import a_person, a_team, actor
from tests.gateway.provider import FakeProvider

END_OTHERS = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
"""
_numbers = itertools.count(1)
# What every provider does wrong in the same way, whatever its protocol.
MISBEHAVING_ALIKE = ("mute", "html", "redirect", "silent", "cut", "endless", "status-400", "negative", "huge")
SECRETS = {"anthropic": "sk-ant-secret", "openai": "sk-oai-secret", "google": "goog-secret"}


class Served:
    """Applications on ports of their own, in the loop of one thread."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.servers = []

    def serve(self, application) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            application,
            http=PatientProtocol,
            log_level="critical",
            timeout_graceful_shutdown=1,
            lifespan="auto",
        )
        server = uvicorn.Server(config)
        done = asyncio.run_coroutine_threadsafe(server.serve(sockets=[listening]), self.loop)
        while not server.started:
            assert not done.done(), done.result()
        self.servers.append((server, done))
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    def stop(self):
        for server, done in reversed(self.servers):
            server.should_exit = True
            done.result(20)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()


@dataclass
class Desk:
    """What a test asks: the gateway's address, the provider behind it, a person with a team and a key."""

    url: str
    provider: FakeProvider
    gateway: Gateway
    person: Account
    team: Team
    token: Token
    key: str

    def post(self, path, body, key=None, **more):
        headers = {"Authorization": f"Bearer {self.key if key is None else key}", **more.pop("headers", {})}
        return httpx.post(self.url + path, json=body, headers=headers, timeout=30, **more)

    def messages(self, model="good", **more):
        body = {"model": model, "max_tokens": 100, "messages": [{"role": "user", "content": "Hi"}]}
        return self.post("/v1/messages", body | more)

    def chat(self, model="oai-good", **more):
        return self.post("/v1/chat/completions", {"model": model, "max_tokens": 100, "messages": [], **more})

    def a_key(self, scopes=(Scope.MODELS,), teams=()):
        by = actor(self.person)
        return create_token(actor=by, owner=self.person, name="k", scopes=scopes, teams=teams)[1]

    def limit(self, tokens, **more):
        by = Account.objects.get(username="chief")
        set_limits(by, budget_of(account=self.person), limit_tokens=tokens, **more)

    @property
    def holds(self):
        return list(Hold.objects.filter(account_id=self.person.pk).order_by("created_at"))

    @property
    def hold(self):
        [only] = self.holds
        return only


@pytest.fixture(autouse=True)
def _django_db_marker():
    """In place of pytest-django's: the mark asks for a database, and no transaction is around a test."""


@pytest.fixture(scope="package")
def _world(django_db_setup, django_db_blocker):
    from django.conf import settings

    patience = settings.GATEWAY_WAIT_SECONDS, settings.GATEWAY_DRAIN_SECONDS, settings.GATEWAY_SILENCE_SECONDS
    settings.GATEWAY_WAIT_SECONDS, settings.GATEWAY_DRAIN_SECONDS, settings.GATEWAY_SILENCE_SECONDS = (
        0.3,
        1,
        2,
    )
    with django_db_blocker.unblock():
        served, provider = Served(), FakeProvider()
        models(served.serve(provider.application))
        gateway = Gateway()
        yield served.serve(gateway.application), provider, gateway
        served.stop()
        with connection.cursor() as cursor:  # those of the gateway's threads stay open
            cursor.execute(END_OTHERS)
        call_command("flush", interactive=False, verbosity=0)
        connections.close_all()
    settings.GATEWAY_WAIT_SECONDS, settings.GATEWAY_DRAIN_SECONDS, settings.GATEWAY_SILENCE_SECONDS = patience


def models(address):
    chief = actor(a_person("chief", staff=True))
    kinds = {"anthropic": address, "openai": f"{address}/v1", "google": address}
    misbehaving = [
        "mute",
        "html",
        "redirect",
        "silent",
        "cut",
        "endless",
        "slow",
        "flood",
        "weighty",
        "status-400",
        "status-401",
        "status-429",
        "status-500",
        "negative",
        "text",
        "huge",
        "zero",
        "unlikely",
        "beyond",
    ]
    for kind, base_url in kinds.items():
        provider = save_provider(actor=chief, name=kind, kind=kind, base_url=base_url, secret=SECRETS[kind])
        short = {"anthropic": "", "openai": "oai-", "google": "gem-"}[kind]
        names = ["good", *(misbehaving if kind == "anthropic" else MISBEHAVING_ALIKE)]
        for name in names:
            save_model(actor=chief, provider=provider, name=name, label=short + name, max_output_tokens=1000)
        set_price(
            actor=chief, kind=kind, model="good", micros=(3_000_000, 300_000, 15_000_000), source="test"
        )
    away = save_provider(
        actor=chief, name="away", kind="anthropic", base_url="http://127.0.0.1:9", secret="x"
    )
    save_model(actor=chief, provider=away, name="nobody", label="away", max_output_tokens=1000)


@pytest.fixture
def desk(_world, django_db_blocker):
    url, provider, gateway = _world
    with django_db_blocker.unblock():
        number = next(_numbers)
        person = a_person(f"person-{number}")
        team = a_team(f"crew-{number}", admin=person)
        token, key = create_token(actor=actor(person), owner=person, name="agent", scopes=[Scope.MODELS])
        provider.seen.clear()
        provider.headers.clear()
        provider.urls.clear()
        yield Desk(
            url=url, provider=provider, gateway=gateway, person=person, team=team, token=token, key=key
        )
