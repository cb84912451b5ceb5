"""Servers on this machine that answer as an endpoint of models does, or as one that is wrong."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, object]  # status, and what is sent as JSON; text is sent as it is
ANSWER = {
    "id": "x",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "ok"}}],
    "usage": {"prompt_tokens": 5, "completion_tokens": 1, "total_tokens": 6},
}


def openai(request: BaseHTTPRequestHandler) -> Answer:
    """An OpenAI-compatible endpoint with two models and the key "right"."""
    if request.headers.get("Authorization") != "Bearer right":
        return 401, {"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}}
    if request.path == "/v1/models":
        return 200, {"object": "list", "data": [{"id": name, "object": "model"} for name in ("b", "a")]}
    if request.path != "/v1/chat/completions":
        return 404, {"detail": "Not Found"}
    asked = json.loads(request.rfile.read(int(request.headers["Content-Length"])))["model"]
    if asked not in ("a", "b"):
        return 404, {"error": {"message": f"The model `{asked}` does not exist", "code": "model_not_found"}}
    return 200, ANSWER


def anthropic(request: BaseHTTPRequestHandler) -> Answer:
    """Anthropic's endpoint: models alone."""
    if request.path.split("?")[0] != "/v1/models":
        return 404, {"type": "error", "error": {"type": "not_found_error", "message": "Not Found"}}
    if "right" not in (request.headers.get("x-api-key"), request.headers.get("Authorization", "")[7:]):
        return 401, {
            "type": "error",
            "error": {"type": "authentication_error", "message": "invalid x-api-key"},
        }
    row = {"id": "claude-x", "type": "model", "display_name": "X", "created_at": "2026-01-01T00:00:00Z"}
    return 200, {"data": [row], "has_more": False, "first_id": "claude-x", "last_id": "claude-x"}


def google(request: BaseHTTPRequestHandler) -> Answer:
    """Google's endpoint: models alone, one of which writes no text."""
    if not request.path.startswith("/v1beta/models"):
        return 404, {"error": {"code": 404, "message": "Not Found", "status": "NOT_FOUND"}}
    names = {"gemini-x": "generateContent", "embedder": "embedContent"}
    return 200, {
        "models": [
            {"name": f"models/{name}", "supportedGenerationMethods": [method]}
            for name, method in names.items()
        ]
    }


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], Answer]) -> Iterator[str]:
    """The address of a server, without a path, that answers every request with ANSWER."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            status, value = answer(self)
            body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if isinstance(value, str) else "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
