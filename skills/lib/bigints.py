"""Whole numbers in expressions of the database."""

from django.db.models import BigIntegerField, Value


def bigint(number: int) -> Value:
    """NUMBER for an expression: Django sends a bare int as one of 32 bits, and psycopg cuts off the rest."""
    return Value(number, output_field=BigIntegerField())
