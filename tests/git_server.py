"""Git over HTTP on this machine, for tests: repositories made from values, served by git's own backend."""

import base64
import contextlib
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FILE, LINK, SUBMODULE = "100644", "120000", "160000"  # modes of entries
_AUTHOR = "Test <test@example.com> 1700000000 +0000"


@dataclass(frozen=True)
class Link:
    """A symbolic link to TARGET."""

    target: str


@dataclass(frozen=True)
class Submodule:
    """A commit of another repository."""

    commit: str = "1" * 40


Entry = str | bytes | Link | Submodule


@dataclass(frozen=True)
class ServedRepository:
    """A bare repository under the address `url`."""

    path: Path
    url: str

    def commit(self, files: Mapping[str, Entry], branch: str = "main") -> str:
        """A commit on BRANCH whose tree holds FILES and nothing else; its id."""
        head = f"commit refs/heads/{branch}\ncommitter {_AUTHOR}\ndata 4\ntest\n"
        if self._has(branch):
            head += f"from refs/heads/{branch}^0\n"
        stream = head.encode() + b"deleteall\n" + b"".join(_change(*item) for item in files.items())
        self.git("fast-import", "--quiet", "--force", input=stream + b"\n")
        return self.git("rev-parse", f"refs/heads/{branch}")

    def _has(self, branch: str) -> bool:
        return (self.path / "refs" / "heads" / branch).exists()

    def git(self, *arguments: str, input: bytes = b"") -> str:
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
        words = ["git", *identity, "-C", str(self.path), *arguments]
        done = subprocess.run(words, input=input, env=environment, capture_output=True, check=True)
        return done.stdout.decode().strip()


def _change(path: str, entry: Entry) -> bytes:
    quoted = (
        b'"' + path.encode("utf-8", "surrogateescape").replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    )
    if isinstance(entry, Submodule):
        return f"M {SUBMODULE} {entry.commit} ".encode() + quoted + b"\n"
    mode, content = (LINK, entry.target) if isinstance(entry, Link) else (FILE, entry)
    data = content.encode() if isinstance(content, str) else content
    return f"M {mode} inline ".encode() + quoted + b"\n" + f"data {len(data)}\n".encode() + data + b"\n"


@dataclass
class GitServer:
    """A server of repositories; `requests` are the methods, paths and headers that it was sent.

    With `password` set it answers those who send it, as any user.
    """

    folder: Path
    url: str = ""
    password: str = ""
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def repository(self, name: str = "skills") -> ServedRepository:
        path = self.folder / f"{name}.git"
        subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", path], check=True)
        return ServedRepository(path, f"{self.url}/{name}.git")

    def lets_in(self, headers: Mapping[str, str]) -> bool:
        sent = base64.b64decode(headers.get("Authorization", "").removeprefix("Basic ")).decode()
        return not self.password or sent.partition(":")[2] == self.password


@contextlib.contextmanager
def git_server(folder: Path) -> Iterator[GitServer]:
    """A server on a free port of this machine."""
    server = GitServer(folder)

    class Handler(_Backend):
        served = server

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{running.server_port}"
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


class _Backend(BaseHTTPRequestHandler):
    """Hands requests to `git http-backend`, which speaks CGI."""

    protocol_version = "HTTP/1.1"
    served: GitServer

    def do_GET(self):
        path, _, query = self.path.partition("?")
        self.served.requests.append((self.command, self.path, dict(self.headers)))
        body = self._body()
        if not self.served.lets_in(self.headers):
            self.send_response(401)
            self.send_header("WWW-Authenticate", "Basic")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": "/nonexistent",
            "GIT_PROJECT_ROOT": str(self.served.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_ADDR": "127.0.0.1",
        }
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", "http-backend"],
            input=body,
            env=environment,
            capture_output=True,
            check=False,
        )
        head, _, data = done.stdout.partition(b"\r\n\r\n")
        lines = [line.split(": ", 1) for line in head.decode().split("\r\n") if line]
        status = next((value for name, value in lines if name == "Status"), "200")
        self.send_response(int(status.split()[0]))
        for name, value in lines:
            if name != "Status":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_GET  # noqa: N815 -- the name that http.server calls

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def log_message(self, *_):
        """Nothing on the screen of the tests."""
