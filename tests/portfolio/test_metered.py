"""A question outside of a run is paid for like every other call: the test of a provider first of all."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from skills.budgets import allowances, verify
from skills.budgets.models import Hold, LedgerEntry
from skills.portfolio import configure, probe
from tests.budgets.making import set_limits
from tests.factories import a_person, actor

pytestmark = pytest.mark.django_db
ANSWER = {
    "id": "1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "ok"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10},
}


@pytest.fixture
def server():
    """A server of OpenAI's shape; `server.status` is what it answers, `server.asked` how often."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            server.asked += 1
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps(ANSWER if server.status == 200 else {"error": {"message": "no"}}).encode()
            self.send_response(server.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.status, server.asked = 200, 0
    threading.Thread(target=server.serve_forever).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def staff():
    return a_person("chief", staff=True)


@pytest.fixture
def provider(server, staff):
    address = f"http://127.0.0.1:{server.server_port}/v1"
    by = actor(staff)
    row = configure.save_provider(actor=by, name="Ours", kind="openai_compatible", base_url=address)
    configure.save_model(actor=by, provider=row, name="m", label="m", parameters='{"seed": 7}')
    return row


def tried(provider, staff) -> str:
    """What the page says after a test that STAFF asked for; tests run tasks when the transaction commits."""
    probe.try_provider(provider_id=provider.pk, account_id=staff.pk)
    provider.refresh_from_db()
    return provider.problem


def test_the_test_of_a_provider_is_booked_for_who_asked_and_the_instance(provider, staff):
    assert tried(provider, staff) == ""

    entries = LedgerEntry.objects.select_related("period__budget__account", "period__budget__team")
    assert {(row.period.budget.owner, row.role, row.tokens) for row in entries} == {
        ("the instance", "test", 10),
        ("chief", "test", 10),
    }
    assert verify.differences() == []


def test_a_test_that_was_refused_costs_nothing(provider, staff, server):
    server.status = 401

    assert tried(provider, staff)

    assert Hold.objects.get().state == "released"
    assert not LedgerEntry.objects.exists()


def test_without_budget_no_provider_is_asked(provider, staff, server):
    set_limits(staff, allowances.budget_of(), limit_tokens=10)

    assert "no room" in tried(provider, staff)

    assert server.asked == 0
