"""No address that a person enters leads to what is not theirs: each door is tried with the same table.

A door enters the address where people do, and then has it asked, as far as it was let in.
"""

import contextlib
import socket
import subprocess
from collections.abc import Callable, Mapping

import pytest
from django.test import Client

from skills.budgets import allowances, webhooks
from skills.evals.models import Run
from skills.flows.evaluation import worker
from skills.jobs.models import Job
from skills.lib.errors import Refused
from skills.lib.outgoing import NotAllowed
from skills.people.models import Account
from skills.portfolio.listing import list_models
from skills.portfolio.model_plan import ModelPlan
from skills.portfolio.models import Provider
from skills.publishers import issuers
from skills.sources.ask import ask_for_sync
from skills.sources.models import Source
from tests.api.calls import JSON, V1, post
from tests.factories import a_person, a_team, actor, bearer
from tests.http.hostile_addresses import INSIDE, NEVER, PUBLIC, Names
from tests.sources.making import run_open_syncs

pytestmark = pytest.mark.django_db
_SCOPES = ("read", "admin", "publish")
Door = Callable[[Client, Account, str], None]


@pytest.fixture(autouse=True)
def admin() -> Account:
    admin = a_person("admin")
    a_team("crew", admin=admin)
    return admin


@pytest.fixture
def reached(monkeypatch) -> list[str]:
    """The IP addresses that were connected to; nothing is."""
    reached: list[str] = []

    def connect(place, *_, **__):
        reached.append(place[0])
        raise OSError("no network in tests")

    def start(*_, **__):
        reached.append("a program")
        raise OSError("no programs in this test")

    monkeypatch.setattr(socket, "getaddrinfo", Names())
    monkeypatch.setattr(socket, "create_connection", connect)
    monkeypatch.setattr(subprocess, "Popen", start)
    return reached


def source_of(kind: str) -> Door:
    def door(client: Client, admin: Account, address: str) -> None:
        names = ["one"] if kind == "clawhub" else []
        facts = {"kind": kind, "url": address, "names": names}
        answer = post(client, "/teams/crew/sources", facts, admin, *_SCOPES)
        if answer.status_code == 201:
            ask_for_sync(actor=actor(admin), source=Source.objects.latest("pk"))
            run_open_syncs()
            assert Source.objects.latest("pk").failures == 1

    return door


def issuer(client: Client, admin: Account, address: str) -> None:
    facts = {"kind": "other", "issuer": address, "repository": "acme"}
    answer = post(client, "/teams/crew/publishers", facts, admin, *_SCOPES)
    if answer.status_code == 201:
        with pytest.raises(Refused):
            issuers.signing_key(address, "", "RS256")


def webhook_of_a_budget(client: Client, admin: Account, address: str) -> None:
    budget = allowances.budget_of(team=admin.memberships.get(team__handle="crew").team)
    path = f"{V1}/budgets/{budget.pk}/webhook"
    answer = client.put(path, {"address": address}, content_type=JSON, headers=bearer(admin, "read", "admin"))
    if answer.status_code == 201:
        webhooks.send_test(actor=actor(admin), budget=budget)
        with contextlib.suppress(OSError):
            webhooks.deliver(**Job.objects.filter(task="call_budget_webhook").latest("pk").arguments)


def webhook_of_a_run(_client: Client, admin: Account, address: str) -> None:
    # A run whose address was let in, whatever it is.
    nothing = {"arms": [], "cases": [], "portfolio": [], "repeats": 1, "total": 0, "worst_tokens": 0}
    team = admin.memberships.get(team__handle="crew").team
    run = Run.objects.create(team=team, requested_by=admin, webhook=address, **nothing)
    with contextlib.suppress(OSError, NotAllowed):
        worker.call_webhook(run_id=run.pk)


def provider(client: Client, _admin: Account, address: str) -> None:
    client.post("/models/", {"name": address, "kind": "vllm", "base_url": address, "enabled": "on"})
    # Also one that was there before anybody looked.
    old, _ = Provider.objects.get_or_create(name=address, defaults={"kind": "vllm", "base_url": address})
    for ask in (lambda: list_models(old, ""), plan_of(address).client):
        with contextlib.suppress(Exception):
            ask()


def plan_of(address: str) -> ModelPlan:
    return ModelPlan(id=1, label="small", kind="vllm", name="m", base_url=address)


STRANGERS: dict[str, Door] = {
    **{f"source: {kind}": source_of(kind) for kind in ("git", "index", "clawhub")},
    "issuer": issuer,
    "webhook of a budget": webhook_of_a_budget,
    "webhook of a run": webhook_of_a_run,
}


def led_astray(door: Door, addresses: Mapping[str, str], client: Client, reached: list[str]) -> set[str]:
    """Which of ADDRESSES the DOOR led to."""
    admin = Account.objects.get(username="admin")
    astray = set()
    for what, address in addresses.items():
        reached.clear()
        door(client, admin, address)
        if reached:
            astray.add(what)
    return astray


@pytest.mark.parametrize("door", STRANGERS)
def test_nobody_leads_the_hub_to_itself_or_its_network(door, client, reached):
    assert led_astray(STRANGERS[door], NEVER | INSIDE, client, reached) == set()


def test_staff_lead_it_to_no_cloud_s_keys(client, reached):
    client.force_login(a_person("boss", staff=True))

    assert led_astray(provider, NEVER, client, reached) == set()


@pytest.mark.parametrize("door", [door for door in STRANGERS if door != "source: git"])
def test_a_name_that_changes_is_asked_at_the_address_that_was_checked(door, client, admin, reached):
    """Git's own is in tests/upstream/test_hostile_git.py: it is told which address to take."""
    STRANGERS[door](client, admin, "https://changes.example/")

    assert set(reached) == {PUBLIC}
