"""Adding a kind of provider is adding one entry to its table: everything else follows from it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from skills.budgets.call_roles import CallRole
from skills.evals.engines.budgeted_models import LedgerThread, budgeted_model
from skills.evals.plan import model_record, remembered_model
from skills.lib.errors import Refused
from skills.portfolio import configure, prices, probe
from skills.portfolio.kinds import KINDS, LocalServer, ProviderKind, kind_choices
from skills.portfolio.model_plan import ModelPlan, model_plan
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
        ("azure", "https://x.openai.azure.com", "openai/azure/m"),
        ("bedrock", "", "bedrock/m"),
        ("vertex", "", "google/vertex/m"),
        ("scripted", "", "mockllm/m"),
    ],
)
def test_every_kind_says_what_inspect_calls_its_models(code, base_url, name):
    address, arguments = KINDS[code].address("m", base_url)

    assert address == name
    assert ("api_version" in arguments) == (code == "google" and base_url != "")


# Google's client does not retry; Bedrock's is told by `forbid_own_retries`.
WITHOUT_ARGUMENT = ("google", "vertex", "bedrock", "scripted")


def test_no_client_retries_by_itself():
    clients = [kind for kind in KINDS.values() if kind.code not in WITHOUT_ARGUMENT]

    assert all(kind.client_arguments["max_retries"] == 0 for kind in clients)


SERVICE_ACCOUNT = {
    "type": "service_account",
    "client_email": "evals@project.iam.gserviceaccount.com",
    "token_uri": "https://oauth2.googleapis.com/token",
    "private_key": "",
}


def a_plan(kind, **more):
    return ModelPlan(id=1, label="m", kind=kind, name="m", **more)


def made(plan):
    """The model as the engine makes it."""
    model = budgeted_model(plan, CallRole.CANDIDATE, ledger=LedgerThread(None, None))
    return model.api


def test_azure_is_asked_with_its_address_key_and_version():
    api = made(
        a_plan(
            "azure", base_url="https://x.openai.azure.com", secret="k", options={"api_version": "2026-01-01"}
        )
    )

    client = api.client
    assert str(client.base_url).startswith("https://x.openai.azure.com/openai/")
    assert (client._api_version, client.api_key, client.max_retries) == ("2026-01-01", "k", 0)
    assert api.service_model_name() == "m"


def test_bedrock_is_asked_in_its_region_with_the_kept_pair_and_never_twice():
    api = made(a_plan("bedrock", secret="ID:SECRET", options={"region": "eu-central-1"}))

    assert api.model_args == {
        "region_name": "eu-central-1",
        "aws_access_key_id": "ID",
        "aws_secret_access_key": "SECRET",
    }
    assert api.session.get_config_variable("max_attempts") == 1


def test_vertex_is_asked_with_a_service_account_in_its_project(service_account):
    api = made(
        a_plan("vertex", secret=service_account, options={"region": "europe-west1", "project": "ours"})
    )

    assert api.is_vertex()
    assert (api.model_args["location"], api.model_args["project"]) == ("europe-west1", "ours")
    assert api.model_args["credentials"].service_account_email == SERVICE_ACCOUNT["client_email"]


@pytest.fixture(scope="session")
def service_account() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return json.dumps(SERVICE_ACCOUNT | {"private_key": text})


@pytest.mark.parametrize(
    ("kind", "facts", "words"),
    [
        ("bedrock", {"secret": "no pair"}, "A key of AWS is written ACCESS KEY ID:SECRET ACCESS KEY."),
        ("vertex", {"secret": "word"}, "not the JSON of a Google service account"),
        ("vertex", {"secret": "{}"}, "not the JSON of a Google service account"),
        ("openai", {"options": {"region": "eu"}}, "OpenAI has no region."),
        ("bedrock", {"options": {"region": "evil.example/x"}}, "The region is a name of letters"),
        ("azure", {}, "This kind needs an address."),
    ],
)
def test_what_no_client_could_be_made_with_is_refused(staff, kind, facts, words):
    with pytest.raises(Refused, match=words):
        configure.save_provider(actor=staff, name="Cloud", kind=kind, **facts)


def test_options_reach_the_plan_of_a_run_and_come_back_from_what_it_remembers(staff):
    provider = configure.save_provider(
        actor=staff, name="Cloud", kind="bedrock", secret="ID:SECRET", options={"region": "eu-west-1"}
    )
    plan = model_plan(configure.save_model(actor=staff, provider=provider, name="m", label="m"))

    remembered = remembered_model(model_record(plan), "")

    assert remembered.options == plan.options == {"region": "eu-west-1"}
    assert "SECRET" not in str(model_record(plan))


@pytest.mark.parametrize(
    ("kind", "typed", "mended"),
    [
        ("openai_compatible", "http://h:1", "http://h:1/v1"),
        ("openai_compatible", "http://h:1/", "http://h:1/v1"),
        ("openai_compatible", "http://h:1/v1", "http://h:1/v1"),
        ("vllm", "http://h/v1/chat/completions", "http://h/v1"),
        ("openai", "https://h/api/v1/models", "https://h/api/v1"),
        ("anthropic", "https://h/v1", "https://h"),
        ("anthropic", "https://h/v1/messages", "https://h"),
        ("google", "https://h/v1beta", "https://h"),
        ("azure", "https://h/openai/v1", "https://h"),
    ],
)
def test_an_address_that_ends_wrongly_is_mended_by_the_rule_of_its_kind(kind, typed, mended):
    assert KINDS[kind].address_rule.mended(typed) == mended
