"""Plain functions that call the API as a program does, and read its refusals."""

from django.http import HttpResponse
from django.test import Client

from skills.people.models import Account
from tests.factories import bearer

V1 = "/api/v1"
JSON = "application/json"


def get(client: Client, path: str, who: Account | None = None, *scopes: str) -> HttpResponse:
    return client.get(f"{V1}{path}", headers=bearer(who, *scopes) if who else {})


def post(client: Client, path: str, body: object, who: Account | None = None, *scopes: str) -> HttpResponse:
    headers = bearer(who, *scopes) if who else {}
    return client.post(f"{V1}{path}", body, content_type=JSON, headers=headers)


def refusal(answer: HttpResponse) -> tuple[int, str]:
    """Status and code of a problem document, which says the same in its body as in its head."""
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["detail"] != ""
    return answer.status_code, problem["code"]
