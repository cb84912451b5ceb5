"""Programs hear of marks: signed, once for each mark, tried again, and never at an address of our own."""

import base64
import hashlib
import hmac
import json

import pytest
from django.urls import reverse

from skills.budgets import allowances, webhooks
from skills.budgets.webhook_models import BudgetWebhook
from skills.flows import budgets
from skills.jobs.models import Job
from skills.lib import ip_addresses
from skills.lib.errors import Refused
from tests.api.calls import get, refusal
from tests.budgets.making import set_limits
from tests.budgets.test_marks import spend
from tests.factories import a_person, actor, bearer
from tests.lib.test_outgoing_answers import server

pytestmark = pytest.mark.django_db
ELSEWHERE = "https://hooks.example/budgets"


@pytest.fixture
def boss(db):
    return a_person("boss", staff=True)


@pytest.fixture
def _loopback_counts_as_public(monkeypatch):
    monkeypatch.setattr(ip_addresses, "is_public", lambda ip: ip.is_loopback)


def waiting() -> list[Job]:
    return list(Job.objects.filter(task="call_budget_webhook").order_by("pk"))


def set_webhook(by, address=ELSEWHERE, **whose) -> str:
    return webhooks.set_webhook(actor=actor(by), budget=allowances.budget_of(**whose), address=address)


def deliver(job: Job) -> None:
    webhooks.deliver(**job.arguments)


def test_a_mark_is_told_once_to_the_program_of_its_team_and_to_that_of_the_instance(boss, owner, team):
    set_webhook(boss)
    set_webhook(owner, team=team)
    set_limits(owner, allowances.budget_of(team=team), limit_tokens=100)
    spend(owner, 85, team)

    for _ in range(2):
        budgets.charge_and_warn()

    told = [json.loads(job.arguments["body"]) for job in waiting()]
    assert [(one["type"], one["data"]["owner"], one["data"]["mark"]) for one in told] == [
        ("budget.mark", "the team crew", 80)
    ] * 2
    assert told[0]["data"]["url"].endswith(f"/budgets/{allowances.budget_of(team=team).pk}/")


def test_a_person_s_mark_is_told_to_the_instance_s_program_alone(boss, owner, team):
    set_webhook(boss)
    set_webhook(owner, team=team)
    set_limits(boss, allowances.budget_of(account=owner), limit_tokens=100)
    spend(owner, 55)

    budgets.charge_and_warn()

    (job,) = waiting()
    assert job.arguments["webhook_id"] == BudgetWebhook.objects.get(budget__team=None).pk


@pytest.mark.usefixtures("_loopback_counts_as_public")
def test_a_message_is_signed_with_the_secret_that_was_shown_and_the_page_says_it_arrived(owner, team):
    with server(204, b"") as (url, requests):
        secret = set_webhook(owner, f"{url}/hook", team=team)
        webhooks.send_test(actor=actor(owner), budget=allowances.budget_of(team=team))
        deliver(*waiting())

    ((_, _, headers, body),) = requests
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert json.loads(body)["type"] == "budget.test"
    row = BudgetWebhook.objects.get()
    assert (row.last_arrived, row.last_answer) == (True, "Answered with status 204.")
    assert secret.encode() not in bytes(row.secret)


@pytest.mark.usefixtures("_loopback_counts_as_public")
def test_what_does_not_arrive_is_tried_again_under_the_same_id(owner, team):
    with server(503, b"") as (url, requests):
        set_webhook(owner, url, team=team)
        webhooks.send_test(actor=actor(owner), budget=allowances.budget_of(team=team))
        for _ in range(2):
            with pytest.raises(OSError, match="503"):
                deliver(*waiting())

    first, second = (headers["webhook-id"] for _, _, headers, _ in requests)
    assert first == second
    assert not BudgetWebhook.objects.get().last_arrived


def test_no_address_of_our_own_is_called_and_the_page_says_why(client, owner, team):
    set_webhook(owner, "http://127.0.0.1:9/", team=team)
    budget = allowances.budget_of(team=team)
    webhooks.send_test(actor=actor(owner), budget=budget)

    deliver(*waiting())

    client.force_login(owner)
    page = client.get(reverse("budget", args=[budget.pk])).content.decode()
    assert "127.0.0.1 is not a public address" in page


def test_a_program_that_was_removed_is_called_no_more(owner, team):
    set_webhook(owner, team=team)
    budget = allowances.budget_of(team=team)
    webhooks.send_test(actor=actor(owner), budget=budget)
    webhooks.remove_webhook(actor=actor(owner), budget=budget)

    deliver(*waiting())

    assert not BudgetWebhook.objects.exists()


@pytest.mark.parametrize("address", ["ftp://x.example/", "nothing", "https://a:b@x.example/", ""])
def test_what_is_no_address_is_refused(address, owner, team):
    with pytest.raises(Refused):
        set_webhook(owner, address, team=team)


def test_a_person_s_budget_has_no_program_of_its_own(boss, owner):
    with pytest.raises(Refused, match="Budgets of teams and of the instance"):
        set_webhook(boss, account=owner)


def test_an_admin_sets_it_on_the_page_and_sees_the_secret_once(client, owner, team):
    budget = allowances.budget_of(team=team)
    client.force_login(owner)

    made = client.post(f"/budgets/{budget.pk}/webhook/", {"address": ELSEWHERE}).content.decode()
    later = client.get(f"/budgets/{budget.pk}/").content.decode()

    assert "whsec_" in made
    assert "whsec_" not in later
    assert ELSEWHERE in later


def test_the_api_sets_tests_and_removes_it(client, owner, mate, team):
    path = f"/budgets/{allowances.budget_of(team=team).pk}/webhook"

    def ask(method, body=None):
        headers = bearer(owner, "read", "admin")
        text = json.dumps(body or {})
        return client.generic(
            method, f"/api/v1{path}", text, content_type="application/json", headers=headers
        )

    made, tested = ask("PUT", {"address": ELSEWHERE}), ask("POST")
    shown, removed = ask("GET").json(), ask("DELETE")

    assert (made.status_code, tested.status_code, removed.status_code) == (201, 202, 204)
    assert made.json()["secret"].startswith("whsec_")
    assert (shown["address"], shown["last_at"]) == (ELSEWHERE, None)
    assert refusal(get(client, path, mate, "read", "admin")) == (403, "role_missing")
