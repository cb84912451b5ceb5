"""The one client for addresses that people of the instance choose, and for servers on this machine.

The name is resolved once, every answer is checked (`ip_addresses`), and the connection goes to the
address that was checked. Redirects are not followed. Chosen addresses must be public, or a source's at a
host that the operator names (SOURCE_HOSTS); only `get_loopback_json` reaches this machine, and nothing else.
Models are asked by clients of their own, at addresses that staff choose and `check_server` has seen.
"""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from skills.lib import ip_addresses
from skills.lib.ip_addresses import IpAddress
from skills.lib.json_values import Json

_SECONDS = 10
_LOOPBACK_SECONDS = 2  # a server on this machine answers at once, or is not there
_MOST_BYTES = 1_000_000  # of an answer that is read
_HEADERS = {"User-Agent": "SkillHub"}


class NotAllowed(Exception):
    """The address is not one we send to."""


@dataclass(frozen=True)
class Target:
    """The parts of an http(s) address; `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str


def parse_url(url: str) -> Target:
    """Read an http(s) address without credentials; raises NotAllowed."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise NotAllowed("This is not an address.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise NotAllowed("The address is http:// or https:// with a host and no password.")
    query = f"?{parts.query}" if parts.query else ""
    return Target(parts.scheme, parts.hostname, port, f"{parts.path or '/'}{query}")


def public_address(host: str, port: int) -> str:
    """An IP address of HOST when all its addresses are public; raises NotAllowed."""
    return _resolve(host, port, ip_addresses.is_public, "a public address")


def is_named_by_operator(target: Target) -> bool:
    """Whether SOURCE_HOSTS lets skills be read from there, inside of the own network or over http."""
    return not {target.host, f"{target.host}:{target.port}"}.isdisjoint(settings.SOURCE_HOSTS)


def source_address(target: Target) -> str:
    """An IP address that skills are read from; raises NotAllowed."""
    if is_named_by_operator(target):
        return _resolve(target.host, target.port, lambda _: True, "an address")
    return public_address(target.host, target.port)


def loopback_address(host: str, port: int) -> str:
    """An IP address of HOST when all its addresses are this machine's own; raises NotAllowed."""
    return _resolve(host, port, lambda ip: ip.is_loopback, "an address of this machine")


def check_server(url: str) -> None:
    """Raises NotAllowed where URL is nothing that staff may have models asked at (`ip_addresses.is_server`).

    A name that is not known passes: its server may come later, and whoever asks it is told then.
    """
    target = parse_url(url)
    for address in _looked_up(target.host, target.port):
        check_server_address(address)


def check_server_address(address: str) -> None:
    """Raises NotAllowed where an IP address is no server's that staff may have models asked at."""
    if not ip_addresses.is_server(ip_addresses.read(address)):
        raise NotAllowed(f"{address} is not an address at which models are asked.")


def _resolve(host: str, port: int, is_allowed: Callable[[IpAddress], bool], wanted: str) -> str:
    addresses = _looked_up(host, port)
    if not addresses:
        raise NotAllowed(f"{host} cannot be found.")
    # All of them, not one: a name with a public and a private address would be used as it pleases whoever
    # owns it.
    if not all(is_allowed(ip_addresses.read(address)) for address in addresses):
        raise NotAllowed(f"{host} is not {wanted}.")
    return addresses[0]


def _looked_up(host: str, port: int) -> list[str]:
    """The IP addresses of HOST; none where it is not known."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # the latter where a part of the name is empty or too long
        return []
    return [str(sockaddr[0]) for *_, sockaddr in answers]


class PinnedConnection(http.client.HTTPConnection):
    """A connection to an address that was checked, with the name for TLS and the Host header."""

    def __init__(self, target: Target, address: str, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self.address = address
        self.seconds = seconds
        self.tls = target.scheme == "https"

    def connect(self) -> None:
        # To the address that was checked: asking for the name again could get another answer (DNS rebinding).
        self.sock = socket.create_connection((self.address, self.port), self.seconds)
        if self.tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def post_json(url: str, body: Mapping[str, object]) -> int:
    """POST BODY to a public address; the status of the answer. Raises NotAllowed or OSError."""
    return post(url, json.dumps(body).encode(), {"Content-Type": "application/json"})


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """POST BODY to a public address, in a few seconds; the status of the answer.

    Raises NotAllowed or OSError.
    """
    target = parse_url(url)
    connection = PinnedConnection(target, public_address(target.host, target.port), _SECONDS)
    try:
        with _deadline(connection):
            connection.request("POST", target.path, body, {**_HEADERS, **headers})
            return connection.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()


def get_json(url: str) -> Json:
    """GET the JSON at an address that skills may be read from (`source_address`), in a few seconds.

    Raises NotAllowed, OSError where it is not answered with status 200 in time, and ValueError where the
    answer is too long or no JSON.
    """
    target = parse_url(url)
    connection = PinnedConnection(target, source_address(target), _SECONDS)
    try:
        with _deadline(connection):
            connection.request("GET", target.path, headers=_HEADERS)
            answer = connection.getresponse()
            data = answer.read(_MOST_BYTES + 1)
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise OSError(f"{url} answered {answer.status}.")
    if len(data) > _MOST_BYTES:
        raise ValueError(f"{url} answered more than {_MOST_BYTES} bytes.")
    value: Json = json.loads(data)
    return value


@contextmanager
def _deadline(connection: PinnedConnection) -> Iterator[None]:
    """Hang up after a few seconds: the limit of a socket begins again with each byte that drips in."""
    deadline = threading.Timer(_SECONDS, _hang_up, [connection])
    deadline.daemon = True
    deadline.start()
    try:
        yield
    finally:
        deadline.cancel()


def _hang_up(connection: PinnedConnection) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def get_loopback_json(url: str) -> Json:
    """GET the JSON that a server on this machine answers with status 200.

    Raises NotAllowed for every other machine's address, OSError where nobody answers so, and ValueError
    where the answer is no JSON.
    """
    target = parse_url(url)
    connection = PinnedConnection(target, loopback_address(target.host, target.port), _LOOPBACK_SECONDS)
    try:
        connection.request("GET", target.path, headers=_HEADERS)
        answer = connection.getresponse()
        data = answer.read(_MOST_BYTES)
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise OSError(f"{url} answered {answer.status}.")
    value: Json = json.loads(data)
    return value
