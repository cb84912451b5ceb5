"""Bounded downloads of one reading: checked addresses, its time and size, no redirects."""

import contextlib
import http.client
import socket
import string
import threading
import time
from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import quote, urljoin, urlsplit

from skills.bundles.limits import human
from skills.lib import outgoing
from skills.lib.errors import Problem
from skills.upstream.address import Upstream, UpstreamLimits
from skills.upstream.failures import NotRead, PartNotRead
from skills.upstream.refusals import redirects, too_large, too_slow, wants_token

_SECONDS = 15  # without a byte
_PART = 65_536


class Downloads:
    """GET requests that share the time and the size of one reading."""

    def __init__(self, upstream: Upstream, limits: UpstreamLimits) -> None:
        self._upstream, self._limits = upstream, limits
        self._until = time.monotonic() + limits.seconds
        self._room = limits.size
        self._own = {_origin(upstream.url)}

    def count_as_own(self, url: str) -> None:
        """Take the server of URL for the source itself: when it is away, so is everything."""
        self._own.add(_origin(url))

    def find(self, url: str, most: int) -> bytes | None:
        """What URL answers, None where nothing is there; raises NotRead, also beyond MOST bytes."""
        target = self._checked(url)
        headers = {
            "User-Agent": "SkillHub",
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        if self._upstream.token and _origin(url) == _origin(self._upstream.url):
            headers["Authorization"] = f"Bearer {self._upstream.token}"
        try:
            address = outgoing.source_address(target)
            connection = outgoing.PinnedConnection(target, address, min(_SECONDS, self._left()))
            with contextlib.closing(connection), self._ended_in_time(connection):
                # People write addresses with spaces and letters of all scripts, as browsers take them.
                connection.request("GET", quote(target.path, safe=string.punctuation), headers=headers)
                return self._body(url, connection.getresponse(), most)
        except outgoing.NotAllowed as error:
            raise _not_allowed(str(error)) from None
        except (OSError, http.client.HTTPException) as error:
            self._left()
            text = f"{url} cannot be reached: {str(error)[:200] or 'the connection broke.'}"
            problem = Problem("source_unreachable", text, "Check the address and try again later.")
            raise self._away(url)(problem) from None

    def get(self, url: str, most: int) -> bytes:
        """What URL answers; raises NotRead where nothing is there, too."""
        found = self.find(url, most)
        if found is None:
            remedy = "Check the address; for what is private give a token that may read it."
            raise NotRead(Problem("source_missing", f"There is nothing at {url}.", remedy))
        return found

    def _away(self, url: str) -> type[NotRead]:
        """What it means that the server of URL is away: all of the source, or a part that lies elsewhere."""
        return NotRead if _origin(url) in self._own else PartNotRead

    def _checked(self, url: str) -> outgoing.Target:
        """Where URL leads; the address of an artifact was written by whoever is asked."""
        try:
            target = outgoing.parse_url(url)
        except outgoing.NotAllowed as error:
            raise _not_allowed(str(error)) from None
        if target.scheme != "https" and not outgoing.is_named_by_operator(target):
            raise _not_allowed(f"{target.host} is asked over https alone.")
        return target

    def _left(self) -> float:
        """Seconds that are left; raises NotRead when none is."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise too_slow(self._upstream, self._limits)
        return left

    @contextlib.contextmanager
    def _ended_in_time(self, connection: outgoing.PinnedConnection) -> Iterator[None]:
        """Connect, and end it with the time: a server that drips keeps its own patience alive."""
        opened: list[socket.socket] = []  # the connection forgets its socket once the answer has begun

        def end() -> None:
            for sock in filter(None, (*opened, connection.sock)):
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(self._left(), end)
        timer.daemon = True
        timer.start()
        try:
            connection.connect()
            opened.append(connection.sock)
            yield
        finally:
            timer.cancel()

    def _body(self, url: str, answer: http.client.HTTPResponse, most: int) -> bytes | None:
        if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            return None
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise wants_token(self._upstream, self._limits)
        if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
            raise redirects(url)
        if answer.status == HTTPStatus.FORBIDDEN:
            text = f"{url} is not for this token, or for nobody."
            raise PartNotRead(Problem("source_sign_in", text, "Give a token that may read it."))
        if answer.status != HTTPStatus.OK:
            is_refused = answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
            kind = PartNotRead if is_refused else self._away(url)
            raise kind(Problem("source_unreachable", f"{url} answered {answer.status}.", "Try again later."))
        if answer.getheader("Content-Encoding", "identity") != "identity":
            text = f"{url} answered packed bytes, which were not asked for."
            raise PartNotRead(
                Problem("source_damaged", text, "Ask its operator to answer without compression.")
            )
        return self._read(url, answer, most)

    def _read(self, url: str, answer: http.client.HTTPResponse, most: int) -> bytes:
        data = bytearray()
        while part := answer.read(_PART):
            data += part
            self._room -= len(part)
            self._left()
            if self._room < 0:
                raise too_large(self._upstream, self._limits)
            if len(data) > most:
                text = f"{url} answers more than {human(most)}."
                raise PartNotRead(Problem("source_too_large", text, "Ask its operator to make it smaller."))
        self._left()  # an end that we made looks like the server's
        if answer.length:  # closed before the bytes that it announced
            raise http.client.IncompleteRead(b"", answer.length)
        return bytes(data)


def joined(base: str, url: str) -> str:
    """URL as BASE means it (RFC 3986); raises NotRead where it is none."""
    try:
        return urljoin(base, url)
    except ValueError:
        raise _not_allowed(f"{url[:200]!r} is no address.") from None


def _origin(url: str) -> tuple[str, str]:
    """The scheme and host of URL, "" where it is no address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc


def _not_allowed(text: str) -> PartNotRead:
    remedy = "Name a public host over https, or ask the operator to add the host to SOURCE_HOSTS."
    return PartNotRead(Problem("source_address", text, remedy))
