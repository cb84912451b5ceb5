"""Other people's wire formats over our selectors and the same rights.

Every package in this folder is a protocol. Its `urls.py` has `urlpatterns`, with whole paths, because
the other side decided them; its `__init__.py` may have `install_lines`, what the page of a skill says
about the tools that speak it. A new package is found without being listed anywhere.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@cache
def packages() -> tuple[ModuleType, ...]:
    """The protocols, in the order of their names."""
    names = sorted(module.name for module in iter_modules(__path__) if module.ispkg)
    return tuple(import_module(f"{__name__}.{name}") for name in names)
