"""In tests, a name that a template of ours uses and nobody defined fails, wherever it stands.

Django turns such a name into "", and its tag `if` swallows every exception besides: a misspelt name in
a condition is only ever false. The failure of pytest is no `Exception`, so no tag of Django can hide it.
"""

from pathlib import Path
from typing import Any

import pytest
from django.template.base import FilterExpression, Parser, Variable, VariableDoesNotExist

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
# allauth draws its elements with these, and gives each only the attributes it has
NOT_OURS = TEMPLATES / "allauth"


class _Undefined(str):
    """What Django puts in the place of a call that cannot be made; it still reads as ""."""

    __slots__ = ()


UNDEFINED = _Undefined()


class StrictVariable(Variable):
    """A variable of the template ORIGIN that must exist."""

    def __init__(self, name: str, origin: Path) -> None:
        super().__init__(name)
        self.origin = origin

    def resolve(self, context: Any) -> Any:
        __tracebackhide__ = True
        try:
            value = super().resolve(context)
        except VariableDoesNotExist as missing:
            pytest.fail(f"{self.origin} uses {self.var}, and nothing defines {missing.params[0]}")
        if value is UNDEFINED:
            pytest.fail(f"{self.origin} calls {self.var}, which needs arguments or finds no row")
        return value


def is_ours(template: Path) -> bool:
    return template.is_relative_to(TEMPLATES) and not template.is_relative_to(NOT_OURS)


def install() -> None:
    """From now on, expressions parsed from our templates are strict."""
    parse = FilterExpression.__init__

    def parse_strictly(self: FilterExpression, token: str, parser: Parser) -> None:
        parse(self, token, parser)
        template = Path(str(getattr(parser.origin, "name", "")))
        if not is_ours(template):
            return
        origin = template.relative_to(TEMPLATES)
        if self.is_var:
            self.var = StrictVariable(self.var.var, origin)
        self.filters = [
            (
                function,
                [
                    (is_name, StrictVariable(value.var, origin) if is_name else value)
                    for is_name, value in arguments
                ],
            )
            for function, arguments in self.filters
        ]

    FilterExpression.__init__ = parse_strictly
