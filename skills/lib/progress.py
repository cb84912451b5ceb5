"""Says which file of a bundle is read now, so that a reading that is ended can name it."""

from collections.abc import Callable

_listeners: list[Callable[[str], None]] = []


def reading(place: str) -> None:
    """PLACE, a path of a bundle, is read from here on; costs nothing where nobody listens."""
    for listener in _listeners:
        listener(place)


def listen(listener: Callable[[str], None]) -> None:
    """Have LISTENER called with each place, to the end of this process."""
    _listeners.append(listener)
