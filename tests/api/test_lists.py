"""Every list of the API comes in cursor pages, and the OpenAPI document says so."""

import pytest
from drf_spectacular.generators import SchemaGenerator

from skills.flows import remarks
from skills.portfolio.models import PortfolioModel, Provider
from tests.api.calls import get, refusal
from tests.factories import a_team, a_version, actor

pytestmark = pytest.mark.django_db
VERSION = "/skills/crew/greet-people/versions/1.0.0"


@pytest.fixture(scope="module")
def document():
    return SchemaGenerator().get_schema(public=True)


def shapes_of(document, operation):
    """What a GET may answer, references followed."""
    bodies = operation["responses"].get("200", {}).get("content", {})
    named = bodies.get("application/json", {}).get("schema", {})
    schema = _followed(document, named)
    return [_followed(document, one) for one in schema.get("oneOf", [schema])]


def _followed(document, schema):
    return document["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)


def reads(document):
    return [(path, item["get"]) for path, item in document["paths"].items() if "get" in item]


def pages(client, path, who, size=1):
    """The rows of every page, each page SIZE long."""
    cursor, found = "", []
    while True:
        answer = get(client, f"{path}?limit={size}&cursor={cursor}", who).json()
        assert len(answer["results"]) <= size
        found += answer["results"]
        cursor = answer["next"]
        if not cursor:
            return found


def test_no_answer_is_a_bare_list(document):
    found = {path: shapes_of(document, operation) for path, operation in reads(document)}

    bare = [path for path, shapes in found.items() if any(shape.get("type") == "array" for shape in shapes)]

    assert bare == []


def test_what_takes_a_cursor_answers_results_and_the_next_one(document):
    taking = {
        path: shapes_of(document, operation)
        for path, operation in reads(document)
        if any(parameter["name"] == "cursor" for parameter in operation.get("parameters", []))
    }

    wrong = [
        path
        for path, shapes in taking.items()
        if not any({"results", "next"} <= shape["properties"].keys() for shape in shapes)
    ]

    assert wrong == []
    assert len(taking) >= 18


def test_the_document_says_how_long_a_page_may_be(document):
    limits = [
        parameter["schema"]
        for _, operation in reads(document)
        for parameter in operation.get("parameters", [])
        if parameter["name"] == "limit"
    ]

    assert all((limit["minimum"], limit["maximum"]) == (1, 100) for limit in limits)


def test_the_document_says_how_a_token_is_sent(document):
    scheme = document["components"]["securitySchemes"]["token"]

    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


def test_a_long_conversation_comes_in_pages(client, owner, team):
    version = a_version(owner, team)
    for number in range(3):
        remarks.remark(actor=actor(owner), version=version, body=f"Remark {number}")

    found = pages(client, f"{VERSION}/comments", owner)

    assert [row["body"] for row in found] == ["Remark 0", "Remark 1", "Remark 2"]


def test_many_models_come_in_pages(client, owner):
    provider = Provider.objects.create(name="Scripted", kind="scripted")
    for name in ("beta", "alpha", "gamma"):
        PortfolioModel.objects.create(provider=provider, name=name, label=name)

    found = pages(client, "/models", owner, size=2)

    assert [row["label"] for row in found] == ["alpha", "beta", "gamma"]


def test_the_budgets_of_many_teams_come_in_pages(client, owner):
    for handle in ("blue", "amber"):
        a_team(handle, admin=owner)

    found = pages(client, "/budgets", owner)

    assert [row["owner"] for row in found] == ["owner", "the team amber", "the team blue"]


@pytest.mark.parametrize("path", ["/models", "/budgets"])
def test_a_made_up_cursor_is_refused(client, owner, path):
    assert refusal(get(client, f"{path}?cursor=abc", owner)) == (400, "bad_cursor")
