"""A server that speaks S3, for the tests of buckets."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SERVER = Path(__file__).parent / "lib" / "moto" / "bin" / "moto_server"
needs_s3 = pytest.mark.skipif(
    not SERVER.exists(), reason="no S3 server here: CI=1 sh .ci/tools gets moto where pip may be used"
)


@contextmanager
def s3_server() -> Iterator[str]:
    """Its address, while it runs; it keeps everything in memory."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [SERVER, "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert process.poll() is None
            time.sleep(0.1)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
