"""Reads whole numbers that people and programs send: in addresses, forms and JSON."""

from typing import TypeVar

LARGEST = 2**63 - 1  # what a bigint column of PostgreSQL holds

Default = TypeVar("Default")


def from_text(text: str, default: Default, *, least: int = 0, most: int = LARGEST) -> int | Default:
    """The number that TEXT writes in the digits 0 to 9, where it is from LEAST to MOST; else DEFAULT.

    No sign, no space and no digits of other scripts: `int()` takes them all, and raises for text that is
    longer than a few thousand digits.
    """
    # The length is looked at before `int()` is: reading a number takes longer than linear time.
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(LARGEST)):
        return default
    return from_json(int(text), default, least=least, most=most)


def from_json(value: object, default: Default, *, least: int = 0, most: int = LARGEST) -> int | Default:
    """VALUE where it is a whole number of JSON from LEAST to MOST, else DEFAULT; true is no number."""
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    return default
