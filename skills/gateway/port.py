"""Who may listen on the gateway's port: all gateways of one product, and nobody else.

SO_REUSEPORT lets a second product in without a word, and the kernel deals its connections out to both.
"""

import errno
import http.client
import socket
import time

from django.utils.crypto import salted_hmac

MARK_HEADER = "x-skillhub-product"
_SECONDS = 5.0  # that a gateway which has just begun to listen has to answer
_PAUSE = 0.2
_HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared only


class PortTaken(Exception):
    """Somebody else listens there."""


def product_mark() -> str:
    """The same in all processes of a product, and in no other."""
    return salted_hmac("skillhub.gateway.port", "product").hexdigest()[:20]


def check_port(host: str, port: int) -> None:
    """Raises PortTaken unless nobody listens at HOST and PORT, or gateways of this product do."""
    until = time.monotonic() + _SECONDS
    while _is_taken(host, port):
        try:
            mark = _mark_at(_HERE.get(host, host), port)
        except (OSError, http.client.HTTPException):
            mark = None  # it may be about to answer, or to end
        if mark == product_mark():
            return
        if mark is not None or time.monotonic() > until:
            raise PortTaken(
                f"Port {port} on {host} is taken by another program or another SkillHub. "
                "End that, or choose another port: GATEWAY_PORT"
            )
        time.sleep(_PAUSE)


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that gateways share: the kernel deals connections out among them."""
    listening = _new_socket(host)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listening.bind((host, port))
    listening.setblocking(False)  # noqa: FBT003 - the system's own signature
    return listening


def _new_socket(host: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    # Connections that are just closing must not count as a taken port.
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return made


def _is_taken(host: str, port: int) -> bool:
    with _new_socket(host) as probe:  # without SO_REUSEPORT, so that those who share it keep it out
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return True
        return False


def _mark_at(host: str, port: int) -> str:
    """What whoever listens says of itself, "" for one that says nothing."""
    connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().getheader(MARK_HEADER) or ""
    finally:
        connection.close()
