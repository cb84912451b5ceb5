"""A database that is away: 503 with Retry-After, in the words of whoever asked. Other faults stay."""

import errno
import json
import logging

import pytest
import redis
from botocore.exceptions import ClientError, EndpointConnectionError
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from psycopg_pool import PoolTimeout

from skills.http.outages import OutageMiddleware, away
from skills.web.errors import server_error

FAULTS = [OperationalError("server closed the connection"), InterfaceError("closed"), PoolTimeout("no room")]


def raising(error):
    def respond(_request):
        raise error

    return OutageMiddleware(respond)


def answered_while(error, request):
    """The page of a 500 for what a middleware raised, as Django asks for it."""
    try:
        raise error
    except type(error):
        return server_error(request)


def request_of(path="/"):
    return RequestFactory().get(path)


@pytest.mark.parametrize("error", FAULTS, ids=lambda error: type(error).__name__)
def test_what_middleware_meets_becomes_a_503(error):
    response = answered_while(error, request_of())

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("error", FAULTS, ids=lambda error: type(error).__name__)
def test_what_a_view_meets_becomes_a_503(error):
    response = raising(error).process_exception(request_of(), error)

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")


def test_the_api_is_answered_with_a_problem():
    response = away(request_of("/api/v1/skills"), OperationalError("down"))

    body = json.loads(response.content)
    assert (body["status"], body["code"]) == (503, "database_away")
    assert body["remedy"] == "Try again in a few seconds."


def test_everybody_else_gets_a_page_that_needs_no_database():
    response = away(request_of("/search/"), OperationalError("down"))

    assert response.headers["Content-Type"].startswith("text/html")
    assert b"<html" in response.content


@pytest.mark.parametrize("path", ["/", "/api/v1/skills"])
def test_what_the_database_said_is_logged_and_not_shown(path, caplog):
    with caplog.at_level(logging.ERROR, "skills.http.outages"):
        response = away(request_of(path), OperationalError('host "db-7.internal" is down\nDETAIL: more'))

    assert "db-7" not in response.content.decode()
    assert caplog.records[0].error == 'host "db-7.internal" is down'


def test_a_fault_without_words_is_logged_too(caplog):
    away(request_of(), OperationalError())

    assert caplog.records[0].error == ""


@pytest.mark.parametrize("error", [IntegrityError("duplicate"), RuntimeError("ours")])
def test_other_faults_are_not_called_an_outage(error):
    middleware = raising(error)

    with pytest.raises(type(error)):
        middleware(request_of())
    assert middleware.process_exception(request_of(), error) is None


def test_a_good_answer_passes_as_it_is():
    response = HttpResponse("fine")

    assert OutageMiddleware(lambda _: response)(request_of()) is response


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (redis.ConnectionError("gone"), "cache_away"),
        (redis.TimeoutError("frozen"), "cache_away"),
        (redis.ResponseError("OOM command not allowed"), "cache_away"),
        (OSError(errno.ENOSPC, "No space left on device"), "store_away"),
        (EndpointConnectionError(endpoint_url="http://store"), "store_away"),
        (ClientError({"ResponseMetadata": {"HTTPStatusCode": 503}}, "PutObject"), "store_away"),
    ],
    ids=str,
)
def test_each_engine_that_is_away_is_named(error, code):
    response = answered_while(error, request_of("/api/v1/skills"))

    assert (response.status_code, json.loads(response.content)["code"]) == (503, code)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOENT, "No such file"),
        ClientError({"ResponseMetadata": {"HTTPStatusCode": 403}}, "PutObject"),
        ValueError("a fault of ours"),
    ],
    ids=str,
)
def test_a_fault_of_ours_stays_a_fault(error):
    assert OutageMiddleware(lambda _: None).process_exception(request_of("/"), error) is None


def test_a_503_that_a_view_answers_says_when_to_try_again():
    busy = OutageMiddleware(lambda _request: HttpResponse(status=503))

    assert busy(request_of()).headers["Retry-After"] == "5"


def test_a_time_that_a_view_named_stays():
    busy = OutageMiddleware(lambda _request: HttpResponse(status=503, headers={"Retry-After": "60"}))

    assert busy(request_of()).headers["Retry-After"] == "60"
