"""Asks the embed process for vectors; when it is away, searches go on by words."""

import hashlib
import json
import socket
import struct
from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings
from django.core.cache import cache

Vector = tuple[float, ...]
_KEPT = 86_400  # seconds a query's vector is remembered, by all processes
_AT_HAND = 500  # vectors that a process has at hand


class Away(RuntimeError):
    """The embed process does not answer, or not in time."""


def vectors(model: str, texts: Sequence[str], *, seconds: float) -> list[Vector]:
    """One unit vector for each of TEXTS; raises Away."""
    request = json.dumps({"model": model, "texts": list(texts)}).encode() + b"\n"
    try:
        with _connected(seconds) as sock, sock.makefile("rb") as answer:
            sock.sendall(request)
            head = json.loads(answer.readline() or b'{"error": "it hung up"}')
            if "error" in head:
                raise Away(head["error"])
            width = head["dimensions"]
            data = answer.read(4 * width * head["texts"])
    except (OSError, ValueError) as error:
        raise Away(f"the embed process does not answer: {error}") from error
    if len(data) != 4 * width * len(texts):
        raise Away("the embed process hung up")
    return list(struct.iter_unpack(f"<{width}f", data))


def _connected(seconds: float) -> socket.socket:
    address = settings.EMBED_ADDRESS
    host, _, port = address.rpartition(":")
    if host:
        return socket.create_connection((host, int(port)), seconds)
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(seconds)
    try:
        sock.connect(address)
    except OSError:
        sock.close()
        raise
    return sock


def query_vector(model: str, text: str) -> str | None:
    """The vector of a query as pgvector reads it, remembered for a day; None when it is to be had not."""
    if not settings.EMBED:
        return None
    try:
        return _remembered(model, text)
    except Away:
        return None


@lru_cache(maxsize=_AT_HAND)
def _remembered(model: str, text: str) -> str:
    key = "vector:" + hashlib.sha256(f"{model}\n{text}".encode()).hexdigest()
    found: str | None = cache.get(key)
    if found is None:
        found = written(vectors(model, [text], seconds=settings.EMBED_SECONDS)[0])
        cache.set(key, found, _KEPT)
    return found


def forget() -> None:
    """Start anew, as a fresh process."""
    _remembered.cache_clear()


def written(vector: Vector) -> str:
    """VECTOR as pgvector reads it."""
    return f"[{','.join(f'{value:.6f}' for value in vector)}]"
