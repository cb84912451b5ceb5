"""Staff try a provider and have its models listed: what is wrong is said with the way to mend it."""

import socket

import pytest

from skills.audit.models import Event
from skills.jobs.models import Job
from skills.lib.errors import Refused
from skills.portfolio import configure, probe
from skills.portfolio.models import PortfolioModel, Provider
from skills.portfolio.provider_keys import key_of
from tests.factories import a_person, actor
from tests.portfolio.endpoints import anthropic, google, openai, serving

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return actor(a_person("chief", staff=True))


@pytest.fixture
def endpoint():
    with serving(openai) as address:
        yield address


def a_provider(
    staff, base_url="", kind="openai_compatible", secret="right", models=("a",), **more
) -> Provider:
    provider = configure.save_provider(
        actor=staff, name="Ours", kind=kind, base_url=base_url, secret=secret, **more
    )
    for name in models:
        configure.save_model(actor=staff, provider=provider, name=name, label=name)
    return provider


def tried(provider: Provider) -> Provider:
    probe.try_provider(provider_id=provider.pk)
    provider.refresh_from_db()
    assert provider.tested_at
    return provider


def listed(provider: Provider) -> Provider:
    probe.write_listing(provider_id=provider.pk)
    provider.refresh_from_db()
    assert provider.listed_at
    return provider


def test_a_provider_whose_models_answer_has_no_problem(staff, endpoint):
    provider = tried(a_provider(staff, f"{endpoint}/v1", models=("a", "b")))

    assert provider.problem == ""
    assert {model.problem for model in provider.models.all()} == {""}
    assert all(model.tested_at for model in provider.models.all())


def test_one_model_that_does_not_answer_is_told_apart(staff, endpoint):
    provider = tried(a_provider(staff, f"{endpoint}/v1", models=("a", "gone")))

    problems = dict(provider.models.values_list("name", "problem"))
    assert provider.problem == problems["a"] == ""
    assert problems["gone"].startswith("The endpoint has no model gone:")
    assert problems["gone"].endswith("List its models and take a name from there.")


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.mark.parametrize(
    ("path", "secret", "words"),
    [
        ("", "right", "OpenAI-compatible addresses end in /v1. Try ENDPOINT/v1"),
        ("/v1/chat/completions", "right", "Try ENDPOINT/v1"),
        ("/v1", "wrong", "The endpoint refused the key."),
        ("/v1", "", "wants a key, and there is none. Enter one at the provider."),
    ],
)
def test_what_is_wrong_is_said_with_the_way_to_mend_it(staff, endpoint, path, secret, words):
    provider = tried(a_provider(staff, endpoint + path, secret=secret))

    assert words.replace("ENDPOINT", endpoint) in provider.problem
    assert "Error" not in provider.problem


@pytest.mark.parametrize(
    ("base_url", "words"),
    [
        ("http://127.0.0.1:CLOSED/v1", "Nothing listens at 127.0.0.1:CLOSED. Start the server there."),
        ("http://no-such-host.invalid/v1", "Nobody knows the name no-such-host.invalid."),
    ],
)
def test_a_server_that_is_away_is_named(staff, base_url, words):
    port = str(closed_port())

    provider = tried(a_provider(staff, base_url.replace("CLOSED", port)))

    assert provider.problem.startswith(words.replace("CLOSED", port))


def test_a_server_without_tls_is_told(staff, endpoint):
    provider = tried(a_provider(staff, endpoint.replace("http:", "https:") + "/v1"))

    assert "does not speak TLS" in provider.problem
    assert "http:// instead of https://" in provider.problem


def test_a_web_page_is_no_endpoint(staff):
    with serving(lambda _: (200, "<html>Welcome</html>")) as address:
        provider = tried(a_provider(staff, f"{address}/v1"))

    assert "answers, but with no answer of a model" in provider.problem


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((500, {"error": {"message": "boom"}}), "The endpoint failed with status 500."),
        ((429, {"error": {"message": "insufficient_quota"}}), "The account has no credit left"),
        ((429, {"error": {"message": "slow down"}}), "The endpoint is asked too often."),
        ((403, {"error": {"message": "not in your plan"}}), "The key may not do this: "),
        (
            (400, {"error": {"message": "Unsupported parameter: max_tokens"}}),
            "Change the model's parameters.",
        ),
    ],
)
def test_each_refusal_has_its_own_words(staff, answer, words):
    with serving(lambda _: answer) as address:
        provider = tried(a_provider(staff, f"{address}/v1"))

    assert words in provider.problem


def test_anthropics_address_does_not_end_in_v1(staff):
    with serving(anthropic) as address:
        provider = tried(a_provider(staff, f"{address}/v1", kind="anthropic", models=("claude-x",)))

    assert f"Anthropic's address does not end in /v1: the client adds it. Try {address}" in provider.problem


def test_an_endpoint_that_quotes_the_key_does_not_show_it(staff):
    with serving(lambda _: (400, {"error": {"message": "bad token sk-very-secret"}})) as address:
        provider = tried(a_provider(staff, f"{address}/v1", secret="sk-very-secret"))

    assert "bad token …" in provider.problem
    assert "very-secret" not in provider.problem


def test_where_nobody_answers_one_model_is_asked_for_all(staff):
    asked = []

    def broken(request):
        asked.append(request.path)
        return 503, {}

    with serving(broken) as address:
        provider = tried(a_provider(staff, f"{address}/v1", models=("a", "b", "c")))

    assert len(asked) == 1
    assert {model.problem for model in provider.models.all()} == {provider.problem}


def test_a_key_of_the_environment_is_tested_as_it_is_used(staff, endpoint, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "right")

    provider = tried(a_provider(staff, f"{endpoint}/v1", kind="openai", secret=""))

    assert provider.problem == ""
    assert key_of(provider) == "right"


def test_a_provider_without_a_model_is_tried_by_its_list(staff, endpoint):
    assert tried(a_provider(staff, f"{endpoint}/v1", models=())).problem == ""
    provider = Provider.objects.get()
    configure.save_provider(
        actor=staff, provider=provider, name="Ours", kind="openai", secret="wrong", base_url=f"{endpoint}/v1"
    )
    assert tried(provider).problem.startswith("The endpoint refused the key.")


def test_a_key_under_another_secret_key_is_told(staff, endpoint, settings):
    provider = a_provider(staff, f"{endpoint}/v1")
    settings.SECRET_KEY = "another"

    assert "SECRET_KEY has changed. Enter the key again." in tried(provider).problem


@pytest.mark.parametrize(
    ("kind", "answer", "path", "names"),
    [
        ("openai_compatible", openai, "/v1", ["a", "b"]),
        ("openai", openai, "/v1", ["a", "b"]),
        ("ollama", openai, "/v1", ["a", "b"]),
        ("anthropic", anthropic, "", ["claude-x"]),
        ("google", google, "", ["gemini-x"]),
    ],
)
def test_the_models_of_a_provider_are_listed(staff, kind, answer, path, names):
    with serving(answer) as address:
        provider = listed(a_provider(staff, address + path, kind=kind, models=()))

    assert (provider.listed, provider.listing_problem) == (names, "")


def test_ticked_models_are_added_under_their_names(staff, endpoint):
    provider = listed(a_provider(staff, f"{endpoint}/v1", models=()))
    other = configure.save_provider(actor=staff, name="Others", kind="openai", secret="x")
    configure.save_model(actor=staff, provider=other, name="b", label="b")

    configure.add_models(actor=staff, provider=provider, names=["b", "a", "b"])

    rows = PortfolioModel.objects.filter(provider=provider).order_by("name")
    assert [(row.name, row.label, row.enabled) for row in rows] == [("a", "a", True), ("b", "b (Ours)", True)]


@pytest.mark.parametrize(("names", "words"), [([], "No model is ticked."), (["c"], "Ours lists no model c.")])
def test_only_what_is_listed_can_be_ticked(staff, endpoint, names, words):
    provider = listed(a_provider(staff, f"{endpoint}/v1", models=()))

    with pytest.raises(Refused, match=words):
        configure.add_models(actor=staff, provider=provider, names=names)


def test_a_list_that_fails_keeps_the_last_one(staff):
    with serving(openai) as address:
        provider = listed(a_provider(staff, f"{address}/v1", models=()))

    again = listed(provider)

    assert again.listed == ["a", "b"]
    assert again.listing_problem.startswith("Nothing listens at")


def test_what_was_found_out_is_forgotten_with_the_address_or_key_it_was_of(staff, endpoint):
    provider = tried(listed(a_provider(staff, endpoint, models=("a",))))

    configure.save_provider(
        actor=staff,
        provider=provider,
        name="Ours",
        kind="openai_compatible",
        base_url=f"{endpoint}/v1",
        secret="right",
    )

    provider.refresh_from_db()
    assert (provider.problem, provider.tested_at, provider.listed, provider.listing_problem) == (
        "",
        None,
        None,
        "",
    )
    assert provider.models.get().tested_at is None


def test_a_kind_that_lists_nothing_says_so(staff):
    provider = a_provider(staff, "https://x.openai.azure.com", kind="azure", models=())

    with pytest.raises(Refused, match="does not say which models it has"):
        probe.request_listing(actor=staff, provider=provider)


def test_a_listing_is_asked_for_once_and_recorded(staff, endpoint):
    provider = a_provider(staff, f"{endpoint}/v1", models=())

    probe.request_listing(actor=staff, provider=provider)
    probe.request_listing(actor=staff, provider=provider)

    assert Job.objects.filter(task="list_models").count() == 1
    assert probe.is_being_asked(provider)
    assert Event.objects.filter(act="provider.list").count() == 2
