"""Pages at size: 3,000 versions of one skill, a catalogue of 2,500, an export of 50,000 audit rows."""

import statistics
import time
import urllib.request
from typing import TYPE_CHECKING

import psutil

from bench.report import Figure
from bench.serving import Server

if TYPE_CHECKING:
    from skills.catalog.models import Version

VERSIONS, SKILLS, EVENTS = 3_000, 2_500, 50_000
ASKED = 7
LIMIT = 0.3  # seconds, of a page at size


def fill() -> str:
    """What the pages show; returns the cookie of a session that may export the audit log."""
    from django.test import Client

    from skills.audit.models import Event
    from skills.flows.release import release_imported, submit
    from skills.lib.clock import now
    from skills.people.actor import actor_for_session
    from tests.factories import a_person, a_team, an_upload, files

    owner = a_person("sizes-owner", staff=True)
    team = a_team("sizes", admin=owner)
    upload = an_upload(owner, files("sizes-many"))
    version, _ = submit(
        actor=actor_for_session(owner), team=team, upload=upload, number="1.0.0", wanted="public"
    )
    release_imported(version_id=version.pk, by=owner)
    version.refresh_from_db()
    copies(version)
    Event.objects.bulk_create(
        (Event(at=now(), actor_name="sizes", act="test", target=f"row {row}") for row in range(EVENTS)),
        batch_size=5_000,
    )
    client = Client()
    client.force_login(owner)
    return f"sessionid={client.cookies['sessionid'].value}"


def copies(version: "Version") -> None:
    """The same version many times over, of one skill and of many: only rows are counted here."""
    from skills.catalog.models import Skill, Version

    def copy(**facts: object) -> Version:
        row = Version.objects.get(pk=version.pk)
        row.pk = None
        for name, value in facts.items():
            setattr(row, name, value)
        return row

    Version.objects.bulk_create((copy(number=f"1.0.{n}") for n in range(1, VERSIONS)), batch_size=500)
    skill = Skill.objects.get(pk=version.skill_id)
    skills = [Skill.objects.get(pk=skill.pk) for _ in range(SKILLS)]
    for number, one in enumerate(skills):
        one.pk, one.name, one.latest, one.shown = None, f"sizes-{number}", None, None
    Skill.objects.bulk_create(skills)
    rows = Version.objects.bulk_create(copy(skill_id=one.pk) for one in skills)
    for one, row in zip(skills, rows, strict=True):
        one.latest = one.shown = row
    Skill.objects.bulk_update(skills, ["latest", "shown"], batch_size=500)


def seconds(url: str, headers: dict[str, str] | None = None) -> tuple[float, float, int]:
    """Seconds until the first byte and until the last, and how many bytes."""
    started = time.perf_counter()
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {})) as answer:
        answer.read(1)
        first = time.perf_counter() - started
        size = 1 + len(answer.read())
    return first, time.perf_counter() - started, size


def measure() -> list[Figure]:
    cookie = fill()
    server = Server()
    found = []
    try:
        root = f"http://127.0.0.1:{server.port}"
        for name, path, who in (
            (f"page of a skill of {VERSIONS:,} versions", "/@sizes/sizes-many/", ""),
            (f"versions page of {VERSIONS:,} versions", "/@sizes/sizes-many/versions/", ""),
            (f"settings page of {VERSIONS:,} versions", "/@sizes/sizes-many/settings/", cookie),
            (f"marketplace.json of {SKILLS:,} skills", "/t/sizes/marketplace.json", ""),
            (f"index for agents of {SKILLS:,} skills", "/.well-known/agent-skills/index.json", ""),
        ):
            before, *turns = [seconds(root + path, {"Cookie": who}) for _ in range(ASKED + 1)]
            value = statistics.median(turn[1] for turn in turns)
            found.append(
                Figure(
                    f"{name}, through {LIMIT * 1000:.0f} ms",
                    value / LIMIT,
                    most=1,
                    note=f"{value * 1000:.0f} ms, {turns[0][2] // 1000} KB; the first time"
                    f" {before[1] * 1000:.0f} ms",
                )
            )
        found += export(server, f"{root}/audit/?format=csv", cookie)
    finally:
        server.stop()
    return found


def export(server: Server, url: str, cookie: str) -> list[Figure]:
    """The first byte comes early, and the web processes grow by no part of the rows."""
    seconds(url, {"Cookie": cookie})
    before = megabytes(server)
    turns = [seconds(url, {"Cookie": cookie}) for _ in range(3)]
    first, whole, size = sorted(turns)[1]
    grown = megabytes(server) - before
    return [
        Figure(
            f"first byte of {EVENTS:,} audit rows, through {LIMIT * 1000:.0f} ms",
            first / LIMIT,
            most=1,
            note=f"{first * 1000:.0f} ms, whole {whole:.1f} s, {size // 1000} KB",
        ),
        Figure(
            "memory of the web processes after three more exports, through 10 MB",
            max(grown, 0) / 10,
            most=1,
            note=f"{grown:+.1f} MB",
        ),
    ]


def megabytes(server: Server) -> float:
    """Resident memory of all web processes."""
    workers = psutil.Process(server.process.pid).children(recursive=True)
    return sum(worker.memory_info().rss for worker in workers) / 1e6
