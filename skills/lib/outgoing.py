"""The one client for addresses that people of the instance choose: public addresses only, no redirects.

The name is resolved once, every answer is checked after unwrapping mapped and NAT64 forms, and the
connection goes to the address that was checked.
"""

import http.client
import ipaddress
import json
import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

_SECONDS = 10
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotAllowed(Exception):
    """The address is not one we send to."""


def check(url: str) -> tuple[str, str, int, str]:
    """(scheme, host, port, path) of an http(s) address without credentials; raises NotAllowed."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise NotAllowed("This is not an address.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise NotAllowed("The address is http:// or https:// with a host and no password.")
    return (
        parts.scheme,
        parts.hostname,
        port,
        f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}",
    )


def public_address(host: str, port: int) -> tuple[int, str]:
    """(family, address) of HOST when all its addresses are public; raises NotAllowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise NotAllowed(f"{host} cannot be found.") from None
    for _, _, _, _, place in found:
        if not _is_public(str(place[0])):
            raise NotAllowed(f"{host} is not a public address.")
    return found[0][0], str(found[0][4][0])


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped or ip.sixtofour:
            ip = ip.ipv4_mapped or ip.sixtofour or ip
        elif ip in _NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.is_global and not ip.is_multicast


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, with the name for TLS and the Host header."""

    def __init__(self, host: str, port: int, address: str, *, tls: bool) -> None:
        super().__init__(host, port, timeout=_SECONDS)
        self.address, self.tls = address, tls

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), _SECONDS)
        if self.tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def post_json(url: str, body: dict[str, Any]) -> int:
    """POST BODY; the status of the answer. Raises NotAllowed or OSError."""
    scheme, host, port, path = check(url)
    _, address = public_address(host, port)
    connection = _Pinned(host, port, address, tls=scheme == "https")
    try:
        headers = {"Content-Type": "application/json", "User-Agent": "SkillHub"}
        connection.request("POST", path, json.dumps(body).encode(), headers)
        return connection.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()
