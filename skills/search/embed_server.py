"""The embed process: answers `POST /v1/embeddings` as OpenAI does, on a Unix socket or host:port.

It is http.server and not a web framework: one route, a handful of callers of our own, and the
process that holds torch stays as small as it can be (docs/decisions/0018).
"""

import base64
import json
import socketserver
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Literal, TypedDict

from skills.search import embedder
from skills.search.embed import PATH

MOST_TEXTS = 64  # of one request
MOST_BYTES = 4_000_000  # of a request's body
_IDLE_SECONDS = 60  # an open connection may wait for its next request
# One request at a time: PyTorch uses all cores for it, and makes its own threads only once.
_model_thread = ThreadPoolExecutor(1)


class Embedding(TypedDict):
    object: Literal["embedding"]
    index: int
    embedding: str | list[float]  # base64 of little-endian float32, or the numbers


class TokenUsage(TypedDict):
    prompt_tokens: int
    total_tokens: int


class EmbeddingsAnswer(TypedDict):
    object: Literal["list"]
    data: list[Embedding]
    model: str
    usage: TokenUsage


class BadRequest(Exception):
    """A request that is refused; `param` is the field at fault, `code` OpenAI's word for it."""

    def __init__(
        self,
        message: str,
        *,
        status: HTTPStatus = HTTPStatus.BAD_REQUEST,
        param: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.param, self.code = status, param, code


@dataclass(frozen=True)
class EmbeddingsRequest:
    model: str
    texts: list[str]
    as_base64: bool

    @classmethod
    def from_body(cls, body: bytes) -> "EmbeddingsRequest":
        """Raises BadRequest."""
        try:
            fields = json.loads(body)
        except ValueError as error:
            raise BadRequest(f"The body is not JSON: {error}") from None
        if not isinstance(fields, dict):
            raise BadRequest("The body is not a JSON object.")
        model, encoding = fields.get("model"), fields.get("encoding_format", "float")
        if not isinstance(model, str) or not model:
            raise BadRequest("`model` is the name of a model.", param="model")
        if encoding not in ("float", "base64"):
            raise BadRequest("`encoding_format` is float or base64.", param="encoding_format")
        return cls(model, _texts(fields.get("input")), encoding == "base64")


def _texts(value: object) -> list[str]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise BadRequest("`input` is a text or a list of texts.", param="input")
    if not 1 <= len(texts) <= MOST_TEXTS:
        raise BadRequest(f"`input` has 1 to {MOST_TEXTS} texts.", param="input")
    return texts


def answer(request: EmbeddingsRequest) -> EmbeddingsAnswer:
    """The vectors of REQUEST; raises BadRequest where its model cannot be loaded."""
    try:
        embedder.load(request.model)
    except Exception as error:  # whatever a name or folder leads to: hub, disk, pickles, configuration
        raise BadRequest(
            f"The model {request.model!r} cannot be loaded: {type(error).__name__}: {error}",
            status=HTTPStatus.NOT_FOUND,
            param="model",
            code="model_not_found",
        ) from error
    tokens = embedder.count_tokens(request.model, request.texts)
    vectors = embedder.encode(request.model, request.texts).astype("<f4")
    data: list[Embedding] = [
        {
            "object": "embedding",
            "index": index,
            "embedding": (
                base64.b64encode(vector.tobytes()).decode() if request.as_base64 else vector.tolist()
            ),
        }
        for index, vector in enumerate(vectors)
    ]
    usage: TokenUsage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": data, "model": request.model, "usage": usage}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open between requests
    timeout = _IDLE_SECONDS
    wbufsize = -1  # head and body leave in one write

    def do_POST(self) -> None:
        try:
            request = self._request()
            self._send(HTTPStatus.OK, _model_thread.submit(answer, request).result())
        except BadRequest as refusal:
            self._refuse(refusal)
        except Exception as error:  # noqa: BLE001 - a fault in the model must not look like an outage
            message = f"{type(error).__name__}: {error}"
            self._refuse(BadRequest(message, status=HTTPStatus.INTERNAL_SERVER_ERROR))

    def do_GET(self) -> None:
        self._refuse(BadRequest(f"POST to {PATH}.", status=HTTPStatus.METHOD_NOT_ALLOWED))

    def _request(self) -> EmbeddingsRequest:
        """The request, read whole before it is judged, so that another may follow on the connection."""
        body = self._body()
        if self.path != PATH:
            raise BadRequest(f"Only {PATH} is answered here.", status=HTTPStatus.NOT_FOUND)
        return EmbeddingsRequest.from_body(body)

    def _body(self) -> bytes:
        raw = self.headers.get("Content-Length", "")
        length = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 12 else None
        if length is None or length > MOST_BYTES:
            self.close_connection = True  # the body is not read, so nothing can follow it
        if length is None:
            raise BadRequest("Content-Length is missing.", status=HTTPStatus.LENGTH_REQUIRED)
        if length > MOST_BYTES:
            message = f"A request has at most {MOST_BYTES} bytes."
            raise BadRequest(message, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return self.rfile.read(length)

    def _refuse(self, refusal: BadRequest) -> None:
        kind = (
            "server_error" if refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
        )
        error = {"message": str(refusal), "type": kind, "param": refusal.param, "code": refusal.code}
        self._send(refusal.status, {"error": error})

    def _send(self, status: HTTPStatus, document: EmbeddingsAnswer | dict[str, object]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a line for each query would tell what people search for and when."""


class _SocketServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class _PortServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def serve(address: str, model: str) -> None:
    """Answer at ADDRESS, a socket's path or host:port, until the process is stopped.

    MODEL is loaded before the socket appears, so whoever finds the socket is answered at once.
    """
    _model_thread.submit(embedder.encode, model, ["warm"]).result()
    host, _, port = address.rpartition(":")
    server: socketserver.BaseServer
    if host:
        server = _PortServer((host, int(port)), Handler)
    else:
        Path(address).unlink(missing_ok=True)
        server = _SocketServer(address, Handler)
        Path(address).chmod(0o600)
    with server:
        server.serve_forever()
