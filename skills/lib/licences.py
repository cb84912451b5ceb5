"""What a licence field really says: an SPDX expression, or the author's own words."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol


@dataclass(frozen=True)
class Licence:
    """`spdx` is the normalised expression, empty where TEXT is not one."""

    text: str
    spdx: str

    @property
    def label(self) -> str:
        return self.spdx or self.text or "No licence stated"


class _Licensing(Protocol):
    """What is used of license_expression, which has no types."""

    def parse(self, expression: str, *, validate: bool, strict: bool) -> object: ...


@cache
def _licensing() -> _Licensing:
    from license_expression import get_spdx_licensing

    licensing: _Licensing = get_spdx_licensing()
    return licensing


@lru_cache(maxsize=1_000)  # most skills say one of a few
def read(text: str) -> Licence:
    """Read a licence field; free text stays as it is and is never guessed into a licence."""
    text = text.strip()
    if not text or len(text) > 120:
        return Licence(text[:120], "")
    from license_expression import ExpressionError

    # Not `validate`: of some broken expressions ("MIT AND") it raises AttributeError.
    try:
        expression = _licensing().parse(text, validate=True, strict=True)
    except ExpressionError:
        return Licence(text, "")
    return Licence(text, str(expression))
