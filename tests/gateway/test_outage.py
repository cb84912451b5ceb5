"""While the database is away nothing is called, and every client is told when to come again."""

import logging

import httpx
import pytest
from django.db import connection

from skills.gateway import database
from skills.gateway.application import Gateway
from skills.gateway.connections import BrokenOffQuietly
from tests.gateway.conftest import END_OTHERS, Served
from tests.gateway.test_bad_input import PATHS

pytestmark = pytest.mark.django_db


@pytest.fixture
def without_database(monkeypatch):
    """The address of a gateway whose database does not answer."""
    monkeypatch.setattr(database, "_CONNECTION_SECONDS", 0.2)
    served = Served()
    with monkeypatch.context() as nowhere:
        nowhere.setitem(connection.settings_dict, "PORT", "9")
        address = served.serve(Gateway().application)
    yield address
    served.stop()


def test_each_protocol_says_in_its_own_shape_that_the_database_is_away(desk, without_database):
    headers = {"Authorization": f"Bearer {desk.key}"}
    answers = [httpx.post(without_database + path, json={}, headers=headers, timeout=10) for path in PATHS]

    assert [(answer.status_code, answer.headers["retry-after"]) for answer in answers] == [(503, "5")] * 3
    assert all("cannot reach its database" in answer.json()["error"]["message"] for answer in answers)
    anthropic, openai, gemini = (answer.json()["error"] for answer in answers)
    assert (anthropic["type"], openai["type"], gemini["status"]) == (
        "overloaded_error",
        "server_error",
        "UNAVAILABLE",
    )
    assert desk.provider.seen == []


def test_an_answer_that_is_broken_off_is_logged_as_information(caplog):
    log = logging.getLogger("broken off")
    log.addFilter(BrokenOffQuietly())

    log.error("ASGI callable returned without completing response.")
    log.error("Something else.")

    assert [record.levelname for record in caplog.records] == ["INFO", "ERROR"]


def test_calls_are_served_again_as_soon_as_the_database_is_back(desk):
    assert desk.messages().status_code == 200
    with connection.cursor() as cursor:
        cursor.execute(END_OTHERS)

    answers = [desk.messages() for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 6
