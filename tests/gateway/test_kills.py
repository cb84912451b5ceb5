"""Gateways that are killed and a database that is away: a small part of `bench/gateway_kills.py`."""

import os

import pytest
from django.db import connection

from bench import gateway_kills
from tests.gateway.conftest import END_OTHERS

pytestmark = pytest.mark.django_db
SOAK = bool(os.environ.get("SOAK"))
CALLS, KILLS, GATEWAYS = (10_000, 100, 4) if SOAK else (60, 1, 1)


def break_connections():
    with connection.cursor() as cursor:
        cursor.execute(END_OTHERS)


def test_the_books_say_what_the_provider_billed_whatever_is_killed(desk, monkeypatch):
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    given = connection.settings_dict
    address = " ".join(f"{ours}={given[name]}" for name, ours in names.items() if given[name])
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "skillhub.settings")

    reckoning = gateway_kills.siege(CALLS, KILLS, break_connections, GATEWAYS)

    assert reckoning.settled > CALLS / 4
    assert reckoning.is_right, str(reckoning)
