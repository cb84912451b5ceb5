"""What somebody does who can write to the database: changes that the guards refuse to everybody else."""

from collections.abc import Sequence

from django.db import connection


def tamper(sql: str, parameters: Sequence[object] = (), *, table: str = "skills_event") -> None:
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")  # PostgreSQL alters no table that has checks to come
        cursor.execute(f"alter table {table} disable trigger user")
        cursor.execute(sql, parameters)
        cursor.execute("set constraints all immediate")
        cursor.execute(f"alter table {table} enable trigger user")
        cursor.execute("set constraints all deferred")
