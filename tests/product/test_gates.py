"""The gates on evaluations in a browser: from the launcher to a refusal, and to an approval."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.factories import a_zip, skill_md
from tests.product.conftest import Product, until
from tests.product.test_browser import signed_in

pytestmark = pytest.mark.product
# What a description says decides how the model below answers: it is all that a model sees of a closed skill.
GOOD, BAD = "Greets everybody by name. Use when somebody arrives.", "Looks on. Use when somebody arrives."
TEAM = """
from django.contrib.auth import get_user_model
from skills.people.actor import actor_for_session
from skills.people.models import Membership, Policy
from skills.people.teams import create_team
from skills.portfolio.models import PortfolioModel, Provider
people = {one.username: one for one in get_user_model().objects.all()}
team = create_team(actor=actor_for_session(people["admin"]), handle="gated", name="Gated")
for name, role in (("author", "member"), ("reviewer", "reviewer")):
    Membership.objects.create(team=team, account=people[name], role=role)
provider = Provider.objects.create(name="Local", kind="openai_compatible", base_url="%s")
PortfolioModel.objects.create(provider=provider, name="echo", label="echo")
Policy.objects.filter(team=team).update(
    evals_required=True, no_regression=True, minimum_lift=10, discerning_cases=True, standard_models=["echo"]
)
"""
# Other tests evaluate on whatever is in use.
OUT_OF_USE = """
from skills.portfolio.models import Provider
Provider.objects.filter(name="Local").update(enabled=False)
"""


class Model(BaseHTTPRequestHandler):
    """Speaks OpenAI's protocol; greets where it is offered a skill that says so."""

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        words = "Hello!" if GOOD.encode() in asked else "Hm."
        answer = {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "echo",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {"role": "assistant", "content": words},
                }
            ],
            "usage": {"prompt_tokens": 20, "completion_tokens": 2, "total_tokens": 22},
        }
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: its lines would stand among those of the tests."""


@contextmanager
def a_model(product: Product) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made = product.manage("shell", "-c", TEAM % f"http://127.0.0.1:{server.server_port}/v1")
    assert made.returncode == 0, made.stderr
    try:
        yield
    finally:
        product.manage("shell", "-c", OUT_OF_USE)
        server.shutdown()


def publish(product: Product, number: str, description: str, cases: int) -> None:
    greets = {"type": "contains", "value": "Hello"}
    evals = [
        {"id": f"guest-{n}", "prompt": f"Guest {n} is here.", "assertions": [greets]} for n in range(cases)
    ]
    content = {
        "SKILL.md": skill_md("greeter", description).encode(),
        "evals/evals.json": json.dumps({"evals": evals}).encode(),
    }
    api = product.api("author")
    made = api.post(
        f"/teams/gated/versions?version={number}",
        content=a_zip(content=content),
        headers={"Content-Type": "application/zip"},
    )
    assert made.status_code == 201, made.text
    where = f"/skills/gated/greeter/versions/{number}"
    until(lambda: api.get(where).json()["state"] == "in_review", 90)


def evaluate(author, number: str) -> str:
    """Launch an evaluation and wait for its verdict; what the launcher said before."""
    author.goto(f"/@gated/greeter/v/{number}/evaluate/")
    said = author.inner_text("#estimate")
    author.click("button:has-text('Evaluate')")
    author.wait_for_url(re.compile(r"/runs/\d+/$"))
    author.wait_for_selector("section.verdict", timeout=90_000)
    return said


def approve(reviewer, number: str) -> str:
    reviewer.goto("/reviews/?filter=all")
    reviewer.click(f"tr:has-text('{number}') >> text=greeter")
    reviewer.wait_for_selector("section[aria-label='Evaluation at a glance']")
    asked = reviewer.inner_text("main")
    reviewer.click("button:has-text('Approve')")
    # The answer comes into the page that is open.
    until(lambda: reviewer.inner_text("main") != asked)
    return reviewer.inner_text("main")


def test_each_gate_refuses_what_is_not_proven_and_lets_pass_what_is(browser, product):
    with a_model(product):
        author, reviewer = signed_in(browser, product, "author"), signed_in(browser, product, "reviewer")

        publish(product, "0.9.0", GOOD, cases=1)
        assert "5 cases are needed, and there are 1" in evaluate(author, "0.9.0")
        refusal = approve(reviewer, "0.9.0")
        assert "1 case ran on every model" in refusal
        assert "The lift is not known yet" in refusal
        assert "Regressions are not known yet" in refusal
        assert "not known yet which cases the model fails" in refusal

        publish(product, "1.0.0", GOOD, cases=6)
        assert "This run opens no gate" not in evaluate(author, "1.0.0")
        assert "1.0.0 is approved" in approve(reviewer, "1.0.0")

        publish(product, "1.1.0", BAD, cases=6)
        evaluate(author, "1.1.0")
        refusal = approve(reviewer, "1.1.0")
        assert "Regressions: 6" in refusal
        assert "The lift on echo is +0 points" in refusal
        assert "Without the skill the model fails no assertion" not in refusal
        # A refusal is an answer, not a fault.
        assert author.faults == [] and all("409 (Conflict)" in fault for fault in reviewer.faults)
