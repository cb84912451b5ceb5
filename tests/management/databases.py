"""Databases of their own beside that of the tests, for what makes or upgrades a whole one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import make_conninfo


@contextmanager
def an_empty_database(name: str) -> Iterator[str]:
    """The address of a new database, which is dropped afterwards."""
    name = f"{name}_{os.getpid()}"
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(make_conninfo(address, dbname="postgres"), autocommit=True) as server:
        server.execute(f"drop database if exists {name} with (force)")
        server.execute(f"create database {name}")
        yield make_conninfo(address, dbname=name)
        server.execute(f"drop database {name} with (force)")
