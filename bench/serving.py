"""Fetching and pages against a bare view and a bare template on the same server, in turns."""

import os
import secrets
import statistics
import subprocess
import sys
import time
import urllib.request

from bench import load
from bench.report import Figure
from skillhub.embedded import web_server

ROUNDS = 5


class Server:
    """granian with the product's own options on a free port."""

    def __init__(self) -> None:
        self.port = 18_000 + secrets.randbelow(2_000)
        command = [
            sys.executable,
            "-m",
            "granian",
            *web_server.options(host="127.0.0.1", port=self.port, workers=2),
            web_server.APPLICATION,
        ]
        self.process = subprocess.Popen(command, env={**os.environ, "PROCESS": "web", "LOG_LEVEL": "WARNING"})
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5)
                break
            except OSError:
                time.sleep(0.1)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def fill() -> dict[str, str]:
    """Thirty public skills, one of them with a zip of 32 KB; returns its addresses and digests."""
    from skills.catalog.models import Version
    from skills.flows.release import release_imported, submit
    from skills.people.actor import actor_for_session
    from tests.factories import a_person, a_team, an_upload, files

    owner = a_person("bench-owner", staff=True)
    team = a_team("bench", admin=owner)
    noise = secrets.token_hex(31_500).encode()
    for number in range(30):
        name = f"bench-{number}"
        content = {**files(name), **({"assets/noise.txt": noise} if number == 0 else {})}
        upload = an_upload(owner, content)
        version, _ = submit(
            actor=actor_for_session(owner), team=team, upload=upload, number="1.0.0", wanted="public"
        )
        release_imported(version_id=version.pk, by=owner)
    version = Version.objects.get(skill__name="bench-0")
    return {
        "digest": version.digest,
        "size": str(version.size),
        "skill_md": version.files.get(path="SKILL.md").sha256,
    }


def ratio(
    port: int, path: str, base: str, headers: dict[str, str] | None = None, *, of: str = "rps"
) -> tuple[float, dict, dict]:
    """The median over rounds of PATH's figure through BASE's, measured in turns."""
    ratios = []
    for _ in range(ROUNDS):
        ours, bare = load.run(port, path, headers), load.run(port, base)
        ratios.append(ours[of] / bare[of])
    return statistics.median(ratios), ours, bare


def measure() -> list[Figure]:
    facts = fill()
    server = Server()
    try:
        root = "/api/v1/skills/bench/bench-0/versions/1.0.0"
        row = "/bench/row/bench"
        load.run(server.port, row)
        found = []
        for name, path, headers, least in (
            ("SKILL.md by exact version", f"{root}/files/SKILL.md", None, 0.5),
            (f"zip of {int(facts['size']) // 1000} KB by exact version", f"{root}/zip", None, 0.5),
            ("the zip again (304)", f"{root}/zip", {"If-None-Match": f'"{facts["digest"]}"'}, 0.8),
            (
                "SKILL.md again (304)",
                f"{root}/files/SKILL.md",
                {"If-None-Match": f'"sha256:{facts["skill_md"]}"'},
                0.8,
            ),
        ):
            value, ours, bare = ratio(server.port, path, row, headers)
            found.append(
                Figure(
                    name,
                    value,
                    least=least,
                    note=f"{ours['rps']:.0f} against {bare['rps']:.0f} requests/s,"
                    f" answers {ours['statuses']}",
                )
            )
        for name, path in (
            ("list page", "/"),
            ("skill page", "/@bench/bench-0/"),
            ("search page", "/?q=bench"),
        ):
            value, ours, bare = ratio(server.port, path, "/bench/template", of="p95")
            found.append(
                Figure(
                    f"{name}, p95",
                    value,
                    most=5,
                    note=f"{ours['p95']:.0f} against {bare['p95']:.0f} ms with 8 at once",
                )
            )
    finally:
        server.stop()
    return found
