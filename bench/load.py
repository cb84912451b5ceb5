"""A small load generator: keep-alive sockets in threads of a process of its own."""

import json
import socket
import subprocess
import sys
import threading
import time
from http import HTTPStatus


def _one(sock: socket.socket, request: bytes) -> int:
    sock.sendall(request)
    data = b""
    while b"\r\n\r\n" not in data:
        part = sock.recv(65_536)
        if not part:
            raise ConnectionError
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    status = int(head[9:12])
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length")
        ),
        0,
    )
    left = 0 if status == HTTPStatus.NOT_MODIFIED else length - len(body)
    while left > 0:
        left -= len(sock.recv(65_536))
    return status


def _worker(port: int, request: bytes, until: float, times: list[float], statuses: set[int]) -> None:
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while time.perf_counter() < until:
            started = time.perf_counter()
            statuses.add(_one(sock, request))
            times.append(time.perf_counter() - started)


def measure(port: int, path: str, headers: dict[str, str], seconds: float, threads: int) -> dict:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in headers.items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    times: list[float] = []
    statuses: set[int] = set()
    until = time.perf_counter() + seconds
    pool = [
        threading.Thread(target=_worker, args=(port, request, until, times, statuses)) for _ in range(threads)
    ]
    for thread in pool:
        thread.start()
    for thread in pool:
        thread.join()
    times.sort()
    return {
        "rps": len(times) / seconds,
        "p50": times[len(times) // 2] * 1000,
        "p95": times[int(len(times) * 0.95)] * 1000,
        "statuses": sorted(statuses),
    }


def run(
    port: int, path: str, headers: dict[str, str] | None = None, seconds: float = 3, threads: int = 8
) -> dict:
    """Measure in a process of its own; milliseconds and requests a second."""
    facts = json.dumps([port, path, headers or {}, seconds, threads])
    done = subprocess.run(
        [sys.executable, "-m", "bench.load", facts], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


if __name__ == "__main__":
    print(json.dumps(measure(*json.loads(sys.argv[1]))))
