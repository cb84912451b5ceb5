"""The story of an agent's spending: a default budget, a mark, the limit, a grant, and the report of it."""

import re

import httpx
import pytest

from tests.gateway.conftest import Served
from tests.gateway.provider import SENT, WRITTEN, FakeProvider
from tests.product.conftest import until
from tests.product.test_browser import signed_in

pytestmark = pytest.mark.product
USED = SENT + WRITTEN  # tokens, of each call
ROOM = 900  # tokens: a call uses 55 and asks for some 300, so more than six calls fit and less than fourteen
_MODEL = """
from skills.people.actor import actor_for_session
from skills.people.models import Account
from skills.portfolio.configure import save_model, save_provider, set_price
chief = actor_for_session(Account.objects.get(username="admin"))
provider = save_provider(actor=chief, name="Story", kind="anthropic", base_url="{url}", secret="s")
save_model(actor=chief, provider=provider, name="good", label="story-model", max_output_tokens=1000)
prices = (3_000_000, 300_000, 15_000_000)
set_price(actor=chief, kind="anthropic", model="good", micros=prices, source="story")
"""

_SPENT = """
from skills.budgets.models import Period
rows = Period.objects.filter(budget__account__username="reader", subject="").order_by("starts_at")
print(max([0, *rows.values_list("spent_tokens", flat=True)]))
"""


@pytest.fixture
def provider():
    served, fake = Served(), FakeProvider()
    yield served.serve(fake.application)
    served.stop()


@pytest.fixture
def agent(product, provider):
    """What an agent of the person `reader` does: one call through the gateway."""
    made = product.manage("shell", "-c", _MODEL.format(url=provider))
    assert made.returncode == 0, made.stderr
    headers = {"x-api-key": product.token("reader", "models"), "User-Agent": "claude-cli/2.0"}
    body = {"model": "story-model", "max_tokens": 100, "messages": [{"role": "user", "content": "Hi"}]}
    address = f"http://127.0.0.1:{product.port + 10}/v1/messages"

    def call() -> httpx.Response:
        return httpx.post(address, json=body, headers=headers, timeout=30)

    yield call
    product.api("admin").delete("/budgets/defaults/everyone")


def sweep(product) -> None:
    """What a worker does each minute."""
    work = "from skills.flows.budgets import charge_and_warn; charge_and_warn()"
    assert product.manage("shell", "-c", work).returncode == 0


def calls_until_refused(agent) -> httpx.Response:
    for _ in range(8):
        answer = agent()
        if answer.status_code != 200:
            return answer
    raise AssertionError("the limit stops nothing")


def spent_before(product) -> int:
    """Tokens of the demo's invented month."""
    told = product.manage("shell", "--verbosity", "0", "-c", _SPENT)
    assert told.returncode == 0, told.stderr
    return int(told.stdout.split()[-1])


def test_an_agent_works_within_a_default_budget_and_on_after_a_grant(browser, product, agent):
    limit = spent_before(product) + ROOM
    admin, reader = signed_in(browser, product, "admin"), signed_in(browser, product, "reader")

    admin.goto("/budgets/defaults/")
    everyone = admin.locator(".card", has=admin.get_by_role("heading", name="Everybody else"))
    everyone.locator("summary").click()
    everyone.get_by_label("Most tokens").fill(str(limit))
    everyone.get_by_label("Tell people at").fill("10, 100")
    everyone.get_by_label("Stop at the limit").check()
    everyone.get_by_role("button", name="Save").click()
    assert f"{limit:,} tokens" in admin.inner_text("main")

    assert [agent().status_code for _ in range(6)] == [200] * 6
    sweep(product)
    reader.goto("/notices/")
    assert "% of the budget of reader is used" in reader.inner_text("main")

    refused = calls_until_refused(agent)
    assert "budget of reader" in refused.json()["error"]["message"]

    admin.goto("/people/reader/budget/")
    grant = admin.locator(".card", has=admin.get_by_role("heading", name="Grant more"))
    grant.get_by_label("tokens").fill("1000")
    grant.get_by_label("Why").fill("The release must go out.")
    grant.get_by_role("button", name="Grant").click()
    assert "Granted" in admin.inner_text("body")
    assert agent().status_code == 200

    def spent() -> int:
        reader.goto("/spending/?by=model")
        row = re.search(r"story-model\s+(\d+)\s+([\d,]+)", reader.inner_text("main"))
        return int(row[2].replace(",", "")) if row else 0

    until(lambda: spent() >= 7 * USED, 20)
    assert spent() % USED == 0
    assert (admin.faults, reader.faults) == ([], [])
