"""Reads the rows of a query as CSV that PostgreSQL itself writes, piece by piece and with flat memory."""

from collections.abc import Iterator, Sequence

from django.db import connection, transaction

# Rows come as an index gives them. Otherwise millions are joined and sorted before the first one is sent, and
# a database that says nothing for some seconds counts as away.
_AS_THEY_COME = tuple(f"set local enable_{way} = off" for way in ("hashjoin", "mergejoin", "sort"))
_PIECE = 64 * 1024  # bytes: sending each row by itself costs more than making it


def copied(query: str, values: Sequence[object]) -> Iterator[bytes]:
    """The rows of QUERY with its VALUES, below a line of the names of its columns.

    Their order is to be one that an index has.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for setting in _AS_THEY_COME:
            cursor.execute(setting)
        with cursor.copy(f"copy ({query}) to stdout (format csv, header)", values) as rows:
            piece = bytearray()
            for row in rows:
                piece += row
                if len(piece) >= _PIECE:
                    yield bytes(piece)
                    piece.clear()
            yield bytes(piece)


def inert(text: str) -> str:
    """SQL for TEXT, an expression, as a cell that no spreadsheet takes for a formula."""
    # OWASP's list of what begins a formula (CSV injection); a leading apostrophe makes it text.
    return rf"case when left({text}, 1) = any('{{=,+,-,@,\t,\r}}') then '''' || {text} else {text} end"
