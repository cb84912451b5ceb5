"""Sends statements of a transaction one after the other without waiting for each answer."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection
from psycopg import Pipeline


@contextmanager
def pipelined() -> Iterator[None]:
    """Inside of it only reading an answer waits. What a statement is refused for is raised by its end at the
    latest, so it is for transactions, which end with it.
    """
    with ExitStack() as stack:
        if Pipeline.is_supported():
            connection.ensure_connection()
            stack.enter_context(connection.wrap_database_errors)
            stack.enter_context(connection.connection.pipeline())
        yield


def ids_from(statement: str, parameters: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """The id of the row that STATEMENT makes with each of PARAMETERS, None where it makes none."""
    with pipelined(), ExitStack() as stack:
        cursors = [stack.enter_context(connection.cursor()) for _ in parameters]
        for cursor, values in zip(cursors, parameters, strict=True):
            cursor.execute(statement, values)
        rows = [cursor.fetchone() for cursor in cursors]
    return [row[0] if row else None for row in rows]
