"""Refusals as RFC 9457 documents, whoever raised them."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from rest_framework import exceptions

from skills.http.problems import CONTENT_TYPE, answer, problem_response, refused_response
from skills.http.refusals import TooMany
from skills.lib.errors import Conflict, Missing, Problem, Refused, Unauthenticated

FIRST = Problem("first", "One thing is wrong.", "Mend it.", file="SKILL.md", line=3)
SECOND = Problem("second", "So is another.")


def read(response):
    assert response.headers["Content-Type"] == CONTENT_TYPE
    body = json.loads(response.content)
    assert body["status"] == response.status_code
    return body


def codes_and_texts(error):
    return [(problem["code"], problem["text"]) for problem in read(answer(error, {}))["problems"]]


def test_the_document_names_the_first_problem_and_lists_all():
    body = read(problem_response(400, "No", [FIRST, SECOND]))

    assert body == {
        "type": "/docs/problems/#first",
        "title": "No",
        "status": 400,
        "detail": "One thing is wrong.",
        "code": "first",
        "remedy": "Mend it.",
        "problems": [
            {
                "code": "first",
                "text": "One thing is wrong.",
                "remedy": "Mend it.",
                "file": "SKILL.md",
                "line": 3,
                "severity": "error",
            },
            {"code": "second", "text": "So is another.", "severity": "error"},
        ],
    }


def test_a_refusal_without_a_problem_still_says_something():
    body = read(problem_response(400, "No", []))

    assert (body["code"], body["detail"], body["problems"]) == ("error", "No", [])


def test_a_refusal_has_the_status_and_title_of_its_kind():
    body = read(refused_response(Conflict(FIRST)))

    assert (body["status"], body["title"]) == (409, Conflict.title)


def test_too_many_requests_carry_their_headers():
    response = refused_response(TooMany(FIRST, {"Retry-After": "7", "RateLimit-Limit": "3"}))

    assert (response.status_code, response.headers["Retry-After"]) == (429, "7")
    assert response.headers["RateLimit-Limit"] == "3"


def test_who_is_not_signed_in_is_told_how():
    assert refused_response(Unauthenticated(FIRST)).headers["WWW-Authenticate"] == 'Bearer realm="skillhub"'
    assert "WWW-Authenticate" not in refused_response(Missing(FIRST)).headers


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refused(FIRST), 400, "first"),
        (Http404("the table of secrets"), 404, "not_found"),
        (PermissionDenied("Not you."), 403, "forbidden"),
        (ValidationError("Too long."), 400, "bad_field"),
        (exceptions.ValidationError({"name": ["Too long."]}), 400, "bad_field"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.ParseError("Not JSON."), 400, "parse_error"),
        (exceptions.UnsupportedMediaType("text/x"), 415, "unsupported_media_type"),
    ],
)
def test_every_error_of_the_api_becomes_a_document(error, status, code):
    body = read(answer(error, {}))

    assert (body["status"], body["code"]) == (status, code)
    assert "{" not in body["title"]


def test_a_404_does_not_repeat_what_was_looked_for():
    assert "secrets" not in answer(Http404("the table of secrets"), {}).content.decode()


@pytest.mark.parametrize(("text", "detail"), [("Not you.", "Not you."), ("", "No.")])
def test_a_denied_permission_says_why_where_it_can(text, detail):
    assert read(answer(PermissionDenied(text), {}))["detail"] == detail


def test_an_error_that_nobody_foresaw_is_left_to_django():
    assert answer(RuntimeError("secret"), {}) is None


def test_what_the_database_refuses_is_told_text_by_text():
    assert codes_and_texts(ValidationError(["One.", "Two."])) == [
        ("bad_field", "One."),
        ("bad_field", "Two."),
    ]


@pytest.mark.parametrize(
    ("detail", "texts"),
    [
        ({"name": ["Too long.", "Not text."]}, ["Field `name`: Too long.", "Field `name`: Not text."]),
        ({"policy": {"lift": ["Too high."]}}, ["Field `policy.lift`: Too high."]),
        ({"non_field_errors": ["Nothing fits."]}, ["Nothing fits."]),
        (["Nothing fits."], ["Nothing fits."]),
        ("Nothing fits.", ["Nothing fits."]),
        ({"items": [{"id": ["Missing."]}, {}]}, ["Field `items.id`: Missing."]),
    ],
)
def test_what_is_wrong_with_a_field_names_it(detail, texts):
    found = codes_and_texts(exceptions.ValidationError(detail))

    assert found == [("bad_field", text) for text in texts]


def test_headers_of_the_framework_are_kept():
    error = exceptions.APIException("Later.")
    error.headers = {"Retry-After": "9"}

    assert answer(error, {}).headers["Retry-After"] == "9"
