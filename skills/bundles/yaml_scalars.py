"""What a plain scalar of YAML means: the core schema of YAML 1.2 (yaml.org/spec/1.2.2, section 10.3.2).

Decision 0030 says why this schema, and what becomes of values that YAML 1.1 reads in another way.
"""

import math
import re
from functools import cache
from typing import Any, Final

import yaml

Scalar = bool | int | float | str | None

_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL_OR_HEXADECIMAL = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Python writes and reads integers of up to 4,300 decimal digits; longer ones stay the text they are.
_LONGEST_NUMBER = 3_000


def resolve(text: str) -> Scalar:
    """The value of the plain scalar TEXT; what JSON cannot hold (.inf, .nan, 1e999) stays text."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > _LONGEST_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OCTAL_OR_HEXADECIMAL.fullmatch(text):
        return int(text, base=0)
    if _FLOAT.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text


def reads_otherwise_in_yaml_1_1(text: str) -> bool:
    """Whether readers of YAML 1.1, such as PyYAML, take the plain scalar TEXT for another value."""
    value = resolve(text)
    older = _resolver().resolve(yaml.ScalarNode, text, (True, False)).rpartition(":")[2]
    if older == "timestamp":  # a date alone is the same text again once it is JSON
        return not _DATE.fullmatch(text)
    if older == "int" and _LEADING_ZERO.fullmatch(text):
        return True
    return bool(older != _TYPES.get(type(value), "str"))


_TYPES: Final = {type(None): "null", bool: "bool", int: "int", float: "float"}


@cache
def _resolver() -> Any:
    return yaml.resolver.Resolver()
