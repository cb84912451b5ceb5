"""Asks for vectors over an OpenAI-shaped embeddings endpoint; while it is away, searches use words.

The endpoint is the embed process (see `embed_server`) or any server that answers the same request,
such as TEI, vLLM or Ollama.
"""

import base64
import hashlib
import json
import socket
import struct
from collections.abc import Sequence
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from skills.lib import soft_cache

PATH = "/v1/embeddings"
Vector = tuple[float, ...]
_CACHE_SECONDS = 86_400  # a query's vector in Valkey, for all processes
_IN_PROCESS = 500  # vectors that a process holds itself


class Away(RuntimeError):
    """There are no vectors: the endpoint does not answer, not in time, or with an error."""


class _SocketConnection(HTTPConnection):
    """HTTP over the Unix socket at PATH."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def vectors(model: str, texts: Sequence[str], *, seconds: float) -> list[Vector]:
    """One vector for each of TEXTS, in their order; raises Away.

    SECONDS limits each wait for the network, and so a search by a little more than that.
    """
    # Base64 of float32 is a quarter of the same numbers in JSON, and faster to read.
    body = json.dumps({"model": model, "input": list(texts), "encoding_format": "base64"})
    headers = {"Content-Type": "application/json"}
    if settings.EMBED_KEY:
        headers["Authorization"] = f"Bearer {settings.EMBED_KEY}"
    connection, path = _endpoint(seconds)
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (OSError, HTTPException, ValueError) as error:
        raise Away(f"the embed process does not answer: {error}") from error
    finally:
        connection.close()
    if response.status != 200:
        raise Away(_error_message(answer) or f"the embed process answers {response.status}")
    try:
        rows = sorted(answer["data"], key=lambda row: row["index"])
        answered = [_vector(row["embedding"]) for row in rows]
    except (KeyError, TypeError, ValueError, struct.error) as error:
        raise Away(f"the embed process answers in another form: {error!r}") from error
    if len(answered) != len(texts):
        raise Away(f"the embed process sent {len(answered)} vectors for {len(texts)} texts")
    return answered


def _endpoint(seconds: float) -> tuple[HTTPConnection, str]:
    """A connection to EMBED_ADDRESS (a socket's path, host:port or URL), not yet open, and the path."""
    address = settings.EMBED_ADDRESS
    if "://" in address:
        url = urlsplit(address)
        kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
        return kind(url.hostname or "", url.port, timeout=seconds), url.path or PATH
    host, _, port = address.rpartition(":")
    if host:
        return HTTPConnection(host, int(port), timeout=seconds), PATH
    return _SocketConnection(address, seconds), PATH


def _vector(embedding: Any) -> Vector:
    """EMBEDDING as base64 of little-endian float32, or as numbers where a server knows no base64."""
    if isinstance(embedding, str):
        data = base64.b64decode(embedding, validate=True)
        return struct.unpack(f"<{len(data) // 4}f", data)
    return tuple(float(value) for value in embedding)


def _error_message(answer: object) -> str:
    """The message of an error in OpenAI's form, "" in any other."""
    error = answer.get("error") if isinstance(answer, dict) else None
    message = error.get("message") if isinstance(error, dict) else error
    return message if isinstance(message, str) else ""


def query_vector(model: str, text: str) -> str | None:
    """The vector of a query as pgvector reads it; None where there are no vectors or none in time."""
    if not settings.EMBED:
        return None
    try:
        return _query_vector(model, text)
    except Away:
        return None


@lru_cache(maxsize=_IN_PROCESS)
def _query_vector(model: str, text: str) -> str:
    key = "vector:" + hashlib.sha256(f"{model}\n{text}".encode()).hexdigest()
    vector = soft_cache.get(key)
    if vector is None:
        vector = as_pgvector(vectors(model, [text], seconds=settings.EMBED_SECONDS)[0])
        soft_cache.put(key, vector, _CACHE_SECONDS)
    return vector


def forget() -> None:
    """Drop the vectors that this process holds."""
    _query_vector.cache_clear()


def as_pgvector(vector: Vector) -> str:
    """VECTOR as pgvector reads it; six digits are more than its halfvec keeps."""
    return f"[{','.join(f'{value:.6f}' for value in vector)}]"
