"""Whether an instance is for this machine alone, by everything that its operator said."""

from collections.abc import Iterable
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# Django's test client calls itself so; nobody can be reached by that name.
_NOBODY = "testserver"


def way_in_from_elsewhere(
    *, listens: str, public_url: str, allowed_hosts: Iterable[str], is_behind_proxy: bool
) -> str:
    """The setting that lets others than this machine in, as the operator wrote it; "" where none does."""
    if listens not in LOOPBACK:
        return f"HOST={listens}"
    if urlsplit(public_url).hostname not in LOOPBACK:
        return f"PUBLIC_URL={public_url}"
    if is_behind_proxy:
        return "BEHIND_PROXY or TRUSTED_PROXIES"
    names = [name for name in allowed_hosts if name.strip("[]") not in LOOPBACK | {_NOBODY}]
    return f"ALLOWED_HOSTS={','.join(names)}" if names else ""
