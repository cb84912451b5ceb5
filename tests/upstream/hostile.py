"""Servers that answer what no honest one does."""

import contextlib
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "c" * 40
_ADVERTISED = b"application/x-git-upload-pack-advertisement"
_BLOB = 3  # type of an object in a pack


@dataclass
class Hostile:
    """A running server; `asked` are the paths that it was asked for."""

    url: str
    asked: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")


@contextlib.contextmanager
def hostile(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[Hostile]:
    """A server that lets ANSWER write what it likes; a reader that leaves in between is no fault."""
    server = Hostile("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked.append(self.path)
            self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                answer(self)

        do_POST = do_GET  # noqa: N815 -- the name that http.server calls

        def log_message(self, *_):
            """Nothing on the screen of the tests."""

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    server.url = f"http://127.0.0.1:{running.server_port}"
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def head(handler: BaseHTTPRequestHandler, status: int = 200, **headers: str) -> None:
    """A status and headers; `_` in a name stands for a hyphen."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def redirecting(goal: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Sends whoever asks to the same path at GOAL."""
    return lambda handler: head(handler, 302, Location=goal + handler.path, Content_Length="0")


def endless(handler: BaseHTTPRequestHandler) -> None:
    """One branch, and for it a pack with one file that never ends."""
    if handler.path.startswith("/skills.git/info/refs"):
        _advertise(handler)
        return
    head(handler, Content_Type="application/x-git-upload-pack-result")
    handler.wfile.write(packet(f"shallow {COMMIT}\n".encode()) + b"0000")
    if b"done" not in handler.body:  # a first question about the depth alone
        return
    handler.wfile.write(packet(b"NAK\n") + b"PACK" + struct.pack(">2I", 2, 1) + _object_head(_BLOB, 1 << 40))
    packer = zlib.compressobj(0)
    while True:
        handler.wfile.write(packer.compress(bytes(range(256)) * 4_096))


def endless_list(handler: BaseHTTPRequestHandler) -> None:
    """Branches for ever."""
    head(handler, Content_Type=_ADVERTISED.decode())
    handler.wfile.write(packet(b"# service=git-upload-pack\n") + b"0000")
    handler.wfile.write(packet(f"{COMMIT} HEAD\0shallow\n".encode()))
    while True:
        handler.wfile.write(packet(f"{COMMIT} refs/heads/{'x' * 900}\n".encode()) * 100)


def _advertise(handler: BaseHTTPRequestHandler) -> None:
    head(handler, Content_Type=_ADVERTISED.decode())
    handler.wfile.write(packet(b"# service=git-upload-pack\n") + b"0000")
    handler.wfile.write(packet(f"{COMMIT} HEAD\0shallow\n".encode()) + b"0000")


def packet(data: bytes) -> bytes:
    """A pkt-line (gitprotocol-common(5))."""
    return f"{len(data) + 4:04x}".encode() + data


def _object_head(kind: int, size: int) -> bytes:
    """Type and size before an object in a pack (gitformat-pack(5))."""
    rest = size >> 4
    out = bytearray([(kind << 4) | (size & 15) | (0x80 if rest else 0)])
    while rest:
        out.append((rest & 127) | (0x80 if rest >> 7 else 0))
        rest >>= 7
    return bytes(out)


def serving(answers: dict[str, bytes]) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answers by path, with 404 for every other one; no hostility at all."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        data = answers.get(handler.path)
        head(handler, 404 if data is None else 200, Content_Length=str(len(data or b"")))
        handler.wfile.write(data or b"")

    return answer
