"""A team's own names for models: what answers to them, and what stands in for what is away."""

import httpx
import pytest

from skills.portfolio.aliases import set_alias
from skills.portfolio.models import PortfolioModel
from tests.factories import actor


@pytest.fixture
def name(desk):
    """Lets a name of the team stand for models, by their labels."""

    def set_name(name: str, *labels: str) -> None:
        models = [PortfolioModel.objects.get(label=label) for label in labels]
        set_alias(actor=actor(desk.person), team=desk.team, name=name, models=models)

    return set_name


def test_a_name_of_the_team_is_answered_by_its_first_model(desk, name):
    name("fast", "good", "mute")

    answer = desk.messages("fast")

    assert answer.status_code == 200
    assert answer.headers["x-skillhub-model"] == "good"
    assert "x-skillhub-instead-of" not in answer.headers
    assert (desk.hold.model, desk.hold.instead_of) == ("good", "")


@pytest.mark.parametrize("first", ["away", "status-500", "status-429", "status-401"])
def test_the_next_model_stands_in_where_the_first_did_not_bill(first, desk, name):
    name("fast", first, "good")

    answer = desk.messages("fast")

    assert answer.status_code == 200
    assert answer.headers["x-skillhub-model"] == "good"
    assert answer.headers["x-skillhub-instead-of"] == first
    booked = [hold for hold in desk.holds if hold.state == "settled"]
    assert [(hold.model, hold.instead_of) for hold in booked] == [("good", first)]
    assert {hold.state for hold in desk.holds} == {"settled", "released"}


@pytest.mark.parametrize("first", ["mute", "html"])
def test_nobody_stands_in_for_what_may_have_billed(first, desk, name):
    name("fast", first, "good")

    desk.messages("fast")

    assert [hold.model for hold in desk.holds] == [first]


def test_a_refusal_of_the_request_is_passed_on(desk, name):
    name("fast", "status-400", "good")

    answer = desk.messages("fast")

    assert answer.status_code == 400
    assert "The provider's own words." in answer.text
    assert [hold.model for hold in desk.holds] == ["status-400"]


def test_a_name_answers_each_protocol_with_its_own_models(desk, name):
    name("fast", "good", "oai-good")

    assert desk.messages("fast").headers["x-skillhub-model"] == "good"
    assert desk.chat("fast").headers["x-skillhub-model"] == "oai-good"


def test_names_are_listed_beside_models(desk, name):
    name("fast", "good")

    headers = {"Authorization": f"Bearer {desk.key}", "anthropic-version": "2023-06-01"}
    listed = httpx.get(f"{desk.url}/v1/models", headers=headers).json()

    assert "fast" in [model["id"] for model in listed["data"]]


def test_a_name_of_another_team_is_no_model(desk, name):
    assert desk.messages("slow-but-good").status_code == 404
