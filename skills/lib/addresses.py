"""Addresses of ours where people use them: under PUBLIC_URL, which may have a path.

Inside of a request `reverse` gives the path of PUBLIC_URL along; in a thread of its own it does not, and rows
keep addresses without it, so that the hub can move. These take either.
"""

from django.conf import settings


def bare(path: str) -> str:
    """PATH as the URL configuration knows it."""
    return path.removeprefix(settings.PUBLIC_PATH) if _has_prefix(path) else path


def here(path: str) -> str:
    """PATH as a browser asks for it on our host."""
    return path if _has_prefix(path) else f"{settings.PUBLIC_PATH}{path}"


def public_address(path: str) -> str:
    """PATH with scheme and host, for whoever is elsewhere."""
    return f"{settings.PUBLIC_URL}{bare(path)}"


def public_origin() -> str:
    """Scheme and host, as a browser names where a request comes from."""
    return str(settings.PUBLIC_URL).removesuffix(settings.PUBLIC_PATH)


def _has_prefix(path: str) -> bool:
    return path.startswith(f"{settings.PUBLIC_PATH}/")
