"""Whether an instance is for this machine alone: demo logins and open figures are only for such."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

from skillhub.loopback import way_in_from_elsewhere
from skills.http.actors import address

_OF_PROXIES = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


def serves_others() -> bool:
    """Whether any setting says that more than this machine gets here."""
    way_in = way_in_from_elsewhere(
        listens=settings.LISTEN_HOST,
        public_url=settings.PUBLIC_URL,
        allowed_hosts=settings.ALLOWED_HOSTS,
        is_behind_proxy=settings.BEHIND_PROXY or settings.TRUSTED_PROXIES > 0,
    )
    return bool(way_in)


def is_from_this_machine(request: HttpRequest) -> bool:
    """Whether a program of this machine asks by itself.

    Behind a proxy every caller has the proxy's address, which often is this machine's. So nothing may speak
    of a proxy: neither the operator's settings nor the request.
    """
    if serves_others() or any(name in request.headers for name in _OF_PROXIES):
        return False
    return ip_address(address(request, 0)).is_loopback
