"""aimock: a server that speaks the real protocols of providers, and a portfolio that asks it."""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from skills.portfolio.models import PortfolioModel, Provider
from skills.portfolio.provider_keys import encrypt_key

HERE = Path(__file__).with_name("aimock")
PROGRAM = HERE / "node_modules" / ".bin" / "llmock"
WHY_NOT = (
    ""
    if PROGRAM.exists() and shutil.which("node")
    else "aimock is not installed: it needs Node.js and npm (sh .ci/tools)"
)
KINDS = {"openai": "/v1", "anthropic": "", "google": "", "openai_compatible": "/v1"}


class Aimock:
    def __init__(self, *flags: str, fixtures: Path = HERE / "fixtures.json") -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [
            str(PROGRAM),
            "--port",
            str(self.port),
            "--fixtures",
            str(fixtures),
            "--strict",
            "--journal-max",
            "0",
            "--log-level",
            "silent",
            *flags,
        ]
        strict = {**os.environ, "AIMOCK_STRICT_TURN_INDEX": "1"}
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=strict
        )
        for _ in range(100):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    break
            except OSError:
                time.sleep(0.1)

    def url(self, kind: str) -> str:
        return f"http://127.0.0.1:{self.port}{KINDS[kind]}"

    def served(self) -> int:
        """Requests that were answered, by aimock's own journal."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/__aimock/journal") as answer:
            return sum(entry["response"]["status"] == 200 for entry in json.load(answer))

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def portfolio(server: Aimock, *kinds: str) -> None:
    for kind in kinds:
        provider = Provider.objects.create(
            name=kind, kind=kind, base_url=server.url(kind), secret=encrypt_key("sk-test-secret")
        )
        PortfolioModel.objects.create(
            provider=provider,
            name={"google": "gemini-2.0-flash", "anthropic": "claude-test"}.get(kind, "gpt-4o-mini"),
            label=kind,
            can_judge=kind == kinds[0],
            max_output_tokens=256,
        )
