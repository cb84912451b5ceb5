"""Syncing a source of 200 skills of which 3 changed, against `git fetch` and reading the tree."""

import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.report import Figure

SKILLS, CHANGED, ROUNDS = 200, 3, 7  # rounds in turns; the median counts
_WORDS = [f"word{number}" for number in range(3_000)]


def skill(number: int, change: str = "") -> dict[str, str]:
    """A skill of the usual size: a text, three references and a script."""
    rng = random.Random(f"{number} {change}")
    folder = f"skills/skill-{number:03}"
    head = (
        f"---\nname: skill-{number:03}\ndescription: Skill {number} of the bench. Use it for nothing.\n---\n"
    )
    return {
        f"{folder}/SKILL.md": head + " ".join(rng.choices(_WORDS, k=900)),
        **{
            f"{folder}/references/{part}.md": " ".join(
                random.Random(f"{number} {part}").choices(_WORDS, k=1_200)
            )
            for part in ("one", "two", "three")
        },
        f"{folder}/scripts/run.py": f"print({number})\n" * 40,
    }


def tree(change: str) -> dict[str, str]:
    """The files of all skills; the first ones are as CHANGE makes them."""
    files: dict[str, str] = {}
    for number in range(SKILLS):
        files |= skill(number, change if number < CHANGED else "")
    return files


def git(folder: Path, *arguments: str) -> bytes:
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, check=True).stdout


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def baseline(clone: Path) -> None:
    """What anybody needs who has a clone: fetch, and read the files."""
    git(clone, "fetch", "--quiet")
    git(clone, "archive", "--format=tar", "FETCH_HEAD")


class Ours:
    """A team that follows the repository at URL."""

    def __init__(self, url: str) -> None:
        from skills.flows.intake.place import Place
        from skills.people.actor import actor_for_session
        from skills.upstream.address import Upstream, UpstreamKind
        from tests.factories import a_person, a_team

        owner = a_person(f"sync-{os.getpid()}")
        self.team = a_team(f"team-{os.getpid()}", admin=owner)
        self.actor = actor_for_session(owner)
        self.place = Place(source=url, url=url)
        self.upstream = Upstream(kind=UpstreamKind.GIT, url=url)

    def known(self) -> dict[str, str]:
        from skills.catalog.source_paths import SourcePath

        return dict(SourcePath.objects.filter(team=self.team).values_list("path", "mark"))

    def read(self) -> None:
        """Fetch, list the tree, and read what changed."""
        from skills.upstream.address import UpstreamLimits
        from skills.upstream.opened import open_upstream

        known = self.known()
        with open_upstream(self.upstream, UpstreamLimits(), known) as snapshot:
            changed = known.keys() - snapshot.unchanged
            assert len(changed) == CHANGED, changed
            for folder in changed:
                dict(snapshot.tree.read(snapshot.tree.below(folder)))

    def ask(self) -> None:
        from skills.upstream.address import UpstreamLimits
        from skills.upstream.opened import revision

        revision(self.upstream, UpstreamLimits())

    def sync(self) -> int:
        """Fetch, plan, and bring in what changed; how many versions that made."""
        from skills.flows.intake.carry_out import Intake
        from skills.flows.intake.plan import plan
        from skills.jobs.enqueue import in_bulk, wake_all
        from skills.upstream.address import UpstreamLimits
        from skills.upstream.opened import open_upstream

        intake = Intake(actor=self.actor, team=self.team, place=self.place)
        made = 0
        with open_upstream(self.upstream, UpstreamLimits(), self.known()) as snapshot, in_bulk():
            for line in plan(actor=self.actor, team=self.team, place=self.place, snapshot=snapshot):
                if line.change.is_new_version:
                    intake.carry_out(line)
                    made += 1
        wake_all()
        return made


def measure() -> list[Figure]:
    from django.conf import settings

    from tests.git_server import git_server

    with tempfile.TemporaryDirectory() as folder, git_server(Path(folder)) as server:
        settings.SOURCE_HOSTS = [server.host]
        repository = server.repository()
        repository.commit(tree("first"))
        ours = Ours(repository.url)
        assert ours.sync() == SKILLS
        clone = Path(folder) / "clone"
        git(Path(folder), "clone", "-q", repository.url, str(clone))
        fetched, read, synced, asked = [], [], [], []
        for number in range(ROUNDS):
            repository.commit(tree(f"change {number}"))
            fetched.append(seconds(lambda: baseline(clone)))
            synced.append(seconds(ours.sync))
            asked.append(seconds(ours.ask))
            repository.commit(tree(f"again {number}"))
            read.append(seconds(ours.read))
    base, sync, read_, ask = (statistics.median(times) * 1_000 for times in (fetched, synced, read, asked))
    note = f"ms against {base:.0f} ms; {SKILLS} skills, {CHANGED} changed"
    return [
        Figure(
            "syncing: fetching and reading what changed", read_ / base, most=1.5, note=f"{read_:.0f} {note}"
        ),
        Figure("syncing, until every new version waits", sync / base, most=1.5, note=f"{sync:.0f} {note}"),
        Figure("syncing: asking whether anything changed", ask / base, most=1.0, note=f"{ask:.0f} {note}"),
    ]
