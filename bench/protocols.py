"""MCP's search against the same search by the own API, and the index of a thousand skills."""

import json
import statistics
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus

from bench.report import Figure
from bench.serving import Server

SKILLS, ASKED = 1_000, 150


def fill() -> None:
    from skills.flows.release import release_imported, submit
    from skills.people.actor import actor_for_session
    from tests.factories import a_person, a_team, an_upload, files

    owner = a_person("index-owner", staff=True)
    team = a_team("index", admin=owner)
    for number in range(SKILLS):
        name = f"index-{number}"
        upload = an_upload(owner, files(name, body=f"Say hello number {number} to somebody."))
        version, _ = submit(
            actor=actor_for_session(owner), team=team, upload=upload, number="1.0.0", wanted="public"
        )
        release_imported(version_id=version.pk, by=owner)


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure() -> list[Figure]:
    fill()
    server = Server()
    root = f"http://127.0.0.1:{server.port}"
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": "2025-11-25",
    }
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "search_skills", "arguments": {"query": "", "limit": 10}},
    }

    def by_api(query: str) -> bytes:
        return urllib.request.urlopen(f"{root}/api/v1/search?limit=10&token_budget=2000&q={query}").read()

    def by_mcp(query: str) -> bytes:
        call["params"]["arguments"]["query"] = query  # type: ignore[index]
        request = urllib.request.Request(f"{root}/mcp", json.dumps(call).encode(), headers)
        return urllib.request.urlopen(request).read()

    def index(tag: str = "") -> str:
        request = urllib.request.Request(
            f"{root}/.well-known/agent-skills/index.json", headers={"If-None-Match": tag} if tag else {}
        )
        try:
            return urllib.request.urlopen(request).headers["ETag"]
        except urllib.error.HTTPError as error:
            return tag if error.code == HTTPStatus.NOT_MODIFIED else ""

    try:
        for n in range(20):
            by_api(f"warm{n}"), by_mcp(f"warm{n}")
        pairs = [
            (timed(lambda n=n: by_api(f"hello+{n}")), timed(lambda n=n: by_mcp(f"hello {n}")))
            for n in range(ASKED)
        ]
        api, mcp = (statistics.median(values) for values in zip(*pairs, strict=True))
        tag = index()
        whole, unchanged = (
            statistics.median(timed(lambda given=given: index(given)) for _ in range(20))
            for given in ("", tag)
        )
    finally:
        server.stop()
    return [
        Figure(
            "MCP search_skills through the API's search, p50",
            mcp / api,
            most=1.5,
            note=f"{1000 * mcp:.1f} against {1000 * api:.1f} ms",
        ),
        Figure(
            "index of 1,000 skills through 100 ms",
            whole / 0.1,
            most=1.0,
            note=f"{1000 * whole:.0f} ms, the 304 {1000 * unchanged:.0f} ms",
        ),
    ]
