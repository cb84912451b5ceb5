"""JSON from strangers: size, depth and duplicate names bounded, refusals with a line."""

import json
import math
import re
from collections import Counter
from typing import Any, NoReturn

from skills.lib.errors import Problem

_SIZE = 1_000_000  # bytes
_DEPTH = 40
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class BadJson(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def load(data: bytes, file: str) -> Any:
    """The value in DATA; raises BadJson."""
    remedy = "Mend the JSON; `python -m json.tool FILE` shows where it breaks."

    def bad(text: str, line: int = 1) -> BadJson:
        return BadJson(Problem("bad_json", text, remedy, file=file, line=line))

    if len(data) > _SIZE:
        raise bad(f"The file is larger than {_SIZE // 1_000_000} MB.")
    try:
        text = data.decode("utf-8-sig")
        value = _parsed(text)
    except json.JSONDecodeError as error:
        raise bad(f"This is not JSON: {error.msg}.", error.lineno) from None
    except UnicodeDecodeError:
        raise bad("The file is not UTF-8.") from None
    except (ValueError, RecursionError) as error:
        raise bad(f"The JSON cannot be read: {error}.") from None
    if _deeper(value, _DEPTH):
        raise bad(f"The JSON is nested more than {_DEPTH} deep.")
    return value


def _parsed(text: str) -> Any:
    """Raises ValueError where TEXT is JSON that we cannot keep as it is."""
    value = json.loads(
        text,
        object_pairs_hook=_unique,
        parse_constant=_no_constant,
        parse_float=_finite,
        parse_int=_of_64_bits,
    )
    if _ESCAPED_SURROGATE.search(text):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            # RFC 8259, section 8.2: nothing can store it.
            raise ValueError(r"it holds half of a character, as \ud800 by itself is") from None
    return value


# Readers differ in which of two equal names they believe (RFC 8259, section 4), so neither is believed.
def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name, count in Counter(names).items() if count > 1)
        raise ValueError(f"the name {twice!r} stands twice in one object")
    return result


# Python's reader takes NaN and Infinity, which RFC 8259 does not know and PostgreSQL's jsonb refuses.
def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {text[:20]} is too large")
    return number


def _of_64_bits(text: str) -> int:
    number = int(text)
    if not -(1 << 63) <= number < 1 << 64:
        raise ValueError(f"the number {text[:20]}… needs more than 64 bits")
    return number


def _deeper(value: object, limit: int) -> bool:
    level: list[object] = [value]
    for _ in range(limit):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return True
