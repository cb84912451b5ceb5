"""Pages of the portfolio: staff connect providers, models and prices; a team chooses among them."""

import pytest

from skills.audit.models import Event
from skills.jobs.models import Job
from skills.lib.clock import now
from skills.portfolio.models import Portfolio, PortfolioModel, Price, Provider
from skills.portfolio.selectors import available, judge_of
from tests.factories import a_person
from tests.pages import outcome, words_of

pytestmark = pytest.mark.django_db
LOCAL = "http://127.0.0.1:11434/v1"
PROVIDER = {"name": "Ours", "kind": "openai", "base_url": "", "secret": "key-of-ours", "enabled": "on"}
MODEL = {
    "name": "gpt-x-2026-01-01",
    "label": "large",
    "max_output_tokens": "2048",
    "connections": "8",
    "enabled": "on",
    "can_judge": "on",
}
PRICE = {"input": "2.5", "cached": "0", "output": "10.000001", "source": "price list"}


@pytest.fixture
def staff(client):
    client.force_login(a_person("boss", staff=True))
    return client


@pytest.fixture
def provider():
    return Provider.objects.create(name="Hosted", kind="openai")


@pytest.fixture
def model(provider):
    return PortfolioModel.objects.create(provider=provider, name="m-1", label="small", can_judge=True)


@pytest.mark.parametrize("path", ["/models/", "/models/1/", "/models/of/1/"])
def test_the_portfolio_is_for_staff(path, client, owner):
    client.force_login(owner)

    answer = client.get(path)

    assert answer.status_code == 403
    assert "Only instance staff may do this." in answer.content.decode()


@pytest.mark.parametrize("path", ["/models/77/", "/models/of/77/"])
def test_an_unknown_provider_or_model_is_nothing(path, staff):
    assert staff.get(path).status_code == 404


def test_a_provider_is_added_and_its_key_never_shown(staff):
    answer = staff.post("/models/", PROVIDER)

    row = Provider.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/models/{row.pk}/")
    assert row.has_secret
    assert b"key-of-ours" not in bytes(row.secret)
    for path in ("/models/", f"/models/{row.pk}/", "/audit/"):
        assert "key-of-ours" not in staff.get(path).content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "abacus"}, "Select a valid choice."),
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 61}, "at most 60 characters"),
        (
            {"base_url": "ftp://example.org"},
            "The address is http:// or https:// with a host and no password.",
        ),
        ({"base_url": "http://"}, "The address is http:// or https:// with a host and no password."),
        ({"name": "Hosted"}, "A provider is called Hosted already."),
    ],
)
def test_a_provider_that_cannot_be_is_told_and_not_kept(change, words, staff, provider):
    answer = staff.post("/models/", PROVIDER | change)

    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert "key-of-ours" not in answer.content.decode()
    assert Provider.objects.count() == 1


def test_a_saved_provider_keeps_its_key_when_none_is_typed(staff):
    staff.post("/models/", PROVIDER)
    row = Provider.objects.get()

    answer = staff.post(f"/models/{row.pk}/", PROVIDER | {"secret": "", "name": "Renamed", "enabled": ""})

    assert outcome(answer) == (302, f"/models/{row.pk}/", [("ok", "Saved.")])
    changed = Provider.objects.get()
    assert (changed.name, changed.enabled, bytes(changed.secret)) == ("Renamed", False, bytes(row.secret))


def test_a_key_is_not_sent_to_a_new_address_unasked(staff):
    staff.post("/models/", PROVIDER)
    row = Provider.objects.get()

    answer = staff.post(f"/models/{row.pk}/", PROVIDER | {"secret": "", "base_url": "https://evil.example"})

    words = "A new address needs the key again. Keys are never sent elsewhere unasked."
    assert outcome(answer)[2] == [("bad", words)]
    row.refresh_from_db()
    assert row.base_url == ""


def test_a_provider_form_with_errors_is_shown_again(staff, provider):
    answer = staff.post(f"/models/{provider.pk}/", {"name": "", "kind": "openai"})

    assert answer.status_code == 400
    provider.refresh_from_db()
    assert provider.name == "Hosted"


def test_a_model_is_added_with_what_it_is_asked_with(staff, provider):
    answer = staff.post(
        f"/models/{provider.pk}/add/", MODEL | {"temperature": "0.5", "parameters": '{"seed": 7}'}
    )

    assert outcome(answer) == (302, f"/models/{provider.pk}/", [("ok", "Saved.")])
    row = PortfolioModel.objects.get()
    assert (row.name, row.label, row.temperature, row.parameters, row.can_judge) == (
        "gpt-x-2026-01-01",
        "large",
        0.5,
        {"seed": 7},
        True,
    )


@pytest.mark.parametrize(
    ("change", "start"),
    [
        ({"name": ""}, "name: "),
        ({"label": ""}, "label: "),
        ({"label": "x" * 61}, "label: "),
        ({"max_output_tokens": "15"}, "max_output_tokens: "),
        ({"max_output_tokens": "200001"}, "max_output_tokens: "),
        ({"temperature": "2.1"}, "temperature: "),
        ({"temperature": "-0.1"}, "temperature: "),
        ({"connections": "0"}, "connections: "),
        ({"connections": "65"}, "connections: "),
        ({"parameters": "{"}, "Parameters are a JSON object"),
        ({"parameters": "[1]"}, "Parameters are a JSON object"),
        ({"parameters": '{"api_key": "x"}'}, "Parameters are a JSON object"),
        ({"label": "small"}, "small or gpt-x-2026-01-01 is there already."),
    ],
)
def test_a_model_that_cannot_be_is_told_and_not_kept(change, start, staff, model):
    answer = staff.post(f"/models/{model.provider_id}/add/", MODEL | change)

    ((level, words),) = outcome(answer)[2]
    assert level == "bad"
    assert words.startswith(start)
    assert list(PortfolioModel.objects.values_list("label", flat=True)) == ["small"]


def test_the_form_of_a_model_is_filled_with_what_it_has(staff, model):
    staff.post(f"/models/of/{model.pk}/", MODEL | {"parameters": '{"top_p": 0.5}'})

    initial = staff.get(f"/models/of/{model.pk}/").context["form"].initial
    assert (initial["label"], initial["parameters"], initial["temperature"]) == (
        "large",
        '{"top_p": 0.5}',
        None,
    )


def test_a_changed_model_leads_back_to_its_page(staff, model):
    answer = staff.post(f"/models/of/{model.pk}/", MODEL)

    assert outcome(answer) == (302, f"/models/of/{model.pk}/", [("ok", "Saved.")])
    model.refresh_from_db()
    assert model.label == "large"


def test_a_price_by_hand_counts_from_now_on_and_to_the_last_micro(staff, model):
    answer = staff.post(f"/models/of/{model.pk}/price/", PRICE)

    words = "The price counts from now on."
    assert outcome(answer) == (302, f"/models/of/{model.pk}/", [("ok", words)])
    model.refresh_from_db()
    price = model.price
    assert (price.input_micros, price.cached_micros, price.output_micros) == (2_500_000, 0, 10_000_001)
    assert (price.approved_by.username, price.source) == ("boss", "price list")
    assert list(staff.get(f"/models/of/{model.pk}/").context["prices"]) == [price]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"input": ""}, "input"),
        ({"input": "-1"}, "input"),
        ({"cached": "free"}, "cached"),
        ({"output": "0.0000001"}, "output"),
        ({"output": "1000000"}, "output"),
        ({"source": ""}, "source"),
        ({"source": "x" * 121}, "source"),
    ],
)
def test_a_price_that_cannot_be_is_told_by_its_field(change, field, staff, model):
    answer = staff.post(f"/models/of/{model.pk}/price/", PRICE | change)

    ((level, words),) = outcome(answer)[2]
    assert (level, words.split(":")[0]) == ("bad", field)
    assert not Price.objects.exists()


def test_a_price_that_waits_is_approved_by_a_click_and_attached(staff, model):
    waiting = Price.objects.create(
        kind="openai", model="m-1", input_micros=1, cached_micros=1, output_micros=1, source="import"
    )
    assert [row.pk for row in staff.get("/models/").context["unapproved"]] == [waiting.pk]

    answer = staff.post("/models/prices/", {"approve": str(waiting.pk)})

    assert outcome(answer) == (302, "/models/", [("ok", "Approved.")])
    model.refresh_from_db()
    assert model.price == waiting
    assert staff.get("/models/").context["unapproved"].count() == 0


@pytest.mark.parametrize("wanted", ["0", "x", "-1", "9" * 5000, "99999"])
def test_a_price_that_is_not_there_is_not_approved(wanted, staff):
    assert staff.post("/models/prices/", {"approve": wanted}).status_code == 404


def test_looking_for_prices_says_how_many_are_new(staff, model):
    answer = staff.post("/models/prices/")

    assert outcome(answer) == (302, "/models/", [("ok", "0 new prices to look at.")])


def test_trying_a_provider_is_a_job_and_forgets_the_last_problem(staff, provider):
    Provider.objects.update(problem="It was away.")

    answer = staff.post(f"/models/{provider.pk}/test/")

    words = "The provider is being asked; reload in a moment."
    assert outcome(answer) == (302, f"/models/{provider.pk}/", [("ok", words)])
    provider.refresh_from_db()
    assert "It was away." not in provider.problem
    assert Event.objects.filter(act="provider.test", target="Hosted").exists()


def test_discovery_is_a_job(staff):
    answer = staff.post("/models/discover/")

    assert outcome(answer)[:2] == (302, "/models/")
    assert Job.objects.filter(task__contains="discover").exists()


def test_a_team_chooses_its_models_and_judge(client, owner, team, model):
    other = PortfolioModel.objects.create(provider=model.provider, name="m-2", label="tiny")
    client.force_login(owner)

    answer = client.post("/@crew/-/portfolio/", {"models": [str(other.pk)], "judge": str(model.pk)})

    assert outcome(answer) == (302, "/@crew/-/portfolio/", [("ok", "Saved.")])
    assert list(available(team)) == [other]
    assert judge_of(team) == model
    form = client.get("/@crew/-/portfolio/").context["form"]
    assert (list(form.initial["models"]), form.initial["judge"]) == ([other], model)


def test_a_team_that_chooses_none_uses_all(client, owner, team, model):
    Portfolio.objects.create(team=team).chosen.set([model])
    PortfolioModel.objects.create(provider=model.provider, name="m-2", label="tiny")
    client.force_login(owner)

    client.post("/@crew/-/portfolio/", {"models": [], "judge": ""})

    assert [row.label for row in available(team)] == ["small", "tiny"]


@pytest.mark.parametrize("change", [{"enabled": False}, {"can_judge": False}])
def test_a_team_cannot_choose_what_is_off_or_no_judge(change, client, owner, team, model):
    PortfolioModel.objects.filter(pk=model.pk).update(**change)
    client.force_login(owner)

    answer = client.post("/@crew/-/portfolio/", {"judge": str(model.pk)})

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["judge"]
    assert not Portfolio.objects.exists()


def test_staff_name_the_judge_of_teams_without_one_and_there_is_one_at_a_time(staff, model, team):
    other = PortfolioModel.objects.create(
        provider=model.provider, name="a-first", label="alpha", can_judge=True, is_default_judge=True
    )

    staff.post(f"/models/of/{model.pk}/", MODEL | {"is_default_judge": "on"})

    other.refresh_from_db()
    assert not other.is_default_judge
    assert judge_of(team) == model


def test_no_alphabet_chooses_among_several_judges(staff, model, team):
    PortfolioModel.objects.create(provider=model.provider, name="a", label="alpha", can_judge=True)

    assert judge_of(team) is None
    assert "alpha, small may judge, and none is named" in words_of(staff.get("/models/").content)[0]


def test_the_only_one_that_may_judge_needs_no_name(model, team):
    assert judge_of(team) == model


@pytest.mark.parametrize("is_default", [True, False])
def test_a_script_never_judges(is_default, staff, model, team):
    Provider.objects.update(kind="scripted")
    PortfolioModel.objects.update(is_default_judge=is_default)
    Portfolio.objects.create(team=team, judge=model)

    assert judge_of(team) is None


def test_a_script_cannot_be_made_a_judge(staff, provider):
    Provider.objects.update(kind="scripted")

    answer = staff.post(f"/models/{provider.pk}/add/", MODEL)

    ((level, told),) = outcome(answer)[2]
    assert (level, told.startswith("A script is a demonstration and judges nothing.")) == ("bad", True)
    assert not PortfolioModel.objects.exists()


def test_who_judges_for_all_must_be_allowed_to_judge(staff, provider):
    more = {"is_default_judge": "on", "can_judge": ""}

    ((level, told),) = outcome(staff.post(f"/models/{provider.pk}/add/", MODEL | more))[2]

    assert (level, "must be allowed to judge" in told) == ("bad", True)


@pytest.mark.parametrize(
    ("chosen", "told"),
    [(True, "small judges, by the team's choice."), (False, "small judges, by the choice of whoever runs")],
)
def test_a_team_sees_who_judges_and_by_whose_choice(chosen, told, client, owner, team, model):
    if chosen:
        Portfolio.objects.create(team=team, judge=model)
    client.force_login(owner)

    assert told in words_of(client.get("/@crew/-/portfolio/").content)[0]


def test_the_models_that_a_provider_listed_are_ticked_and_added(staff):
    row = Provider.objects.create(name="Ours", kind="openai", listed=["m-1", "m-2", "m-3"])
    PortfolioModel.objects.create(provider=row, name="m-1", label="m-1")

    page = staff.get(f"/models/{row.pk}/").content.decode()
    answer = staff.post(f"/models/{row.pk}/add-listed/", {"models": ["m-3"]})

    assert 'value="m-2"' in page
    assert 'value="m-1"' not in page
    assert outcome(answer)[:2] == (302, f"/models/{row.pk}/")
    assert set(row.models.values_list("name", flat=True)) == {"m-1", "m-3"}


def test_a_provider_is_asked_for_its_models(staff):
    row = Provider.objects.create(name="Ours", kind="openai")

    staff.post(f"/models/{row.pk}/list/")

    assert Job.objects.get().task == "list_models"
    assert "being asked" in staff.get(f"/models/{row.pk}/").content.decode()


def test_how_each_model_did_in_its_test_is_shown(staff):
    row = Provider.objects.create(name="Ours", kind="openai", tested_at=now())
    PortfolioModel.objects.create(provider=row, name="m-1", label="good", tested_at=now())
    PortfolioModel.objects.create(
        provider=row, name="m-2", label="bad", tested_at=now(), problem="It is away."
    )

    page = staff.get(f"/models/{row.pk}/").content.decode()

    assert page.count("does not answer") == 1
    assert "It is away." in page


def test_what_a_cloud_asks_for_is_kept_and_shown(staff):
    staff.post("/models/", PROVIDER | {"kind": "bedrock", "secret": "ID:SECRET", "region": "eu-west-1"})

    row = Provider.objects.get()
    assert row.options == {"region": "eu-west-1"}
    assert 'value="eu-west-1"' in staff.get(f"/models/{row.pk}/").content.decode()
