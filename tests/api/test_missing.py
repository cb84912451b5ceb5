"""Addresses and methods the API does not have."""

import pytest

from tests.api.calls import V1, refusal
from tests.factories import an_approved, bearer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/nothing", "/skills/", "/skills/crew", "/runs/x", "/tokens/-1"])
def test_an_unknown_address_is_a_problem_document(path, method, client, owner):
    answer = getattr(client, method)(f"{V1}{path}", headers=bearer(owner))

    assert refusal(answer) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", "/skills"), ("put", "/me"), ("delete", "/search"), ("get", "/check"), ("patch", "/tokens")],
)
def test_a_method_that_is_not_answered_is_405_with_those_that_are(method, path, client, owner):
    answer = getattr(client, method)(f"{V1}{path}", headers=bearer(owner))

    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Allow"] != ""


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_bytes_are_only_read(method, client, owner, mate, team):
    an_approved(owner, mate, team, wanted="public")

    answer = getattr(client, method)(f"{V1}/skills/crew/greet-people/versions/1.0.0/zip")

    assert refusal(answer) == (405, "method_not_allowed")


def test_the_root_leads_to_what_there_is(client):
    answer = client.get(f"{V1}/")

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/json")
