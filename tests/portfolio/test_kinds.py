"""Adding a kind of provider is adding one entry to its table: everything else follows from it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from skills.lib.errors import Refused
from skills.portfolio import configure, prices, probe
from skills.portfolio.kinds import KINDS, LocalServer, ProviderKind, kind_choices
from skills.portfolio.model_plan import model_plan
from skills.portfolio.models import PortfolioModel, Provider
from tests.factories import a_person, actor


class ModelList(BaseHTTPRequestHandler):
    """A local server of OpenAI's shape that offers one model."""

    def do_GET(self):
        body = json.dumps({"data": [{"id": "acme-small"}]}).encode()
        self.send_response(200 if self.path == "/v1/models" else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def base_url():
    server = HTTPServer(("127.0.0.1", 0), ModelList)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def acme(monkeypatch, base_url):
    """A kind that only this test knows, whose prices are those of OpenAI."""
    kind = ProviderKind(
        code="acme",
        label="Acme",
        inspect_name="openai-api/acme",
        client_arguments={"max_retries": 0},
        key_variable="ACME_API_KEY",
        price_name="openai",
        needs_base_url=True,
        local_servers=(LocalServer("Acme on this machine", base_url),),
    )
    monkeypatch.setitem(KINDS, kind.code, kind)
    # The other kinds' local servers may really run on the machine of whoever runs this test.
    for other in [code for code in KINDS if code != kind.code]:
        monkeypatch.delitem(KINDS, other)
    return kind


@pytest.fixture
def staff(db):
    return actor(a_person("chief", staff=True))


def test_it_can_be_chosen(acme):
    assert kind_choices() == [("acme", "Acme")]


def test_a_provider_of_it_is_configured(acme, staff, base_url):
    provider = configure.save_provider(actor=staff, name="Ours", kind="acme", base_url=base_url)

    provider.full_clean(exclude=["secret"])
    assert provider.kind_label == "Acme"
    assert not provider.is_scripted


def test_it_asks_for_its_address(acme, staff):
    with pytest.raises(Refused, match="needs an address"):
        configure.save_provider(actor=staff, name="Ours", kind="acme")


def test_a_kind_outside_the_table_is_refused(acme, staff):
    with pytest.raises(Refused, match="no kind of provider 'openai'"):
        configure.save_provider(actor=staff, name="Ours", kind="openai")


def test_its_models_have_an_address_for_the_engine(acme, staff, base_url):
    provider = configure.save_provider(actor=staff, name="Ours", kind="acme", base_url=base_url)
    model = configure.save_model(actor=staff, provider=provider, name="acme-large", label="large")

    assert model_plan(model).address() == ("openai-api/acme/acme-large", {"max_retries": 0})


def test_prices_are_set_and_imported(acme, staff, base_url):
    provider = configure.save_provider(actor=staff, name="Ours", kind="acme", base_url=base_url)
    configure.save_model(actor=staff, provider=provider, name="gpt-4o", label="known")

    (imported,) = prices.import_prices()
    approved = configure.set_price(actor=staff, kind="acme", model="gpt-4o", micros=(1, 2, 3), source="hand")

    assert (imported.kind, imported.model) == ("acme", "gpt-4o")
    assert imported.input_micros > imported.cached_micros > 0
    assert PortfolioModel.objects.get(label="known").price == approved


def test_prices_that_are_known_already_are_not_imported_again(acme, staff, base_url):
    provider = configure.save_provider(actor=staff, name="Ours", kind="acme", base_url=base_url)
    configure.save_model(actor=staff, provider=provider, name="gpt-4o", label="known")
    prices.import_prices()

    assert prices.import_prices() == []


def test_its_local_server_is_discovered_switched_off(acme, db):
    (model,) = probe.discover()

    provider = Provider.objects.get()
    assert (provider.name, provider.kind) == ("Acme on this machine", "acme")
    assert (model.name, model.enabled) == ("acme-small", False)


def test_discovering_twice_adds_nothing(acme, db):
    probe.discover()

    assert probe.discover() == []


@pytest.mark.parametrize(
    ("code", "base_url", "name"),
    [
        ("openai", "", "openai/m"),
        ("anthropic", "", "anthropic/m"),
        ("google", "", "google/m"),
        ("google", "https://proxy.example", "google/m"),
        ("openai_compatible", "http://127.0.0.1:1/v1", "openai-api/openai-compatible/m"),
        ("vllm", "http://127.0.0.1:1/v1", "openai-api/vllm/m"),
        ("ollama", "http://127.0.0.1:1/v1", "openai-api/ollama/m"),
        ("scripted", "", "mockllm/m"),
    ],
)
def test_every_kind_says_what_inspect_calls_its_models(code, base_url, name):
    address, arguments = KINDS[code].address("m", base_url)

    assert address == name
    assert ("api_version" in arguments) == (code == "google" and base_url != "")


def test_no_client_retries_by_itself():
    clients = [kind for kind in KINDS.values() if kind.code not in ("google", "scripted")]

    assert all(kind.client_arguments["max_retries"] == 0 for kind in clients)
