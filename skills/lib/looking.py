"""Whether somebody only looks whether a thing is there (HEAD): nothing counts that as a use of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_only_looks: ContextVar[bool] = ContextVar("only_looks", default=False)


@contextmanager
def only_looking() -> Iterator[None]:
    token = _only_looks.set(True)
    try:
        yield
    finally:
        _only_looks.reset(token)


def only_looks() -> bool:
    return _only_looks.get()
