"""Imports existing skills: mends what it can, refuses the rest, and reports both."""

import gzip
import io
import json
import subprocess
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, TypeVar

from skills.bundles.catalogue_words import suggest_name
from skills.bundles.validate import Bundle, Validation, check_all, unpacked_zip
from skills.catalog import uploads
from skills.catalog.models import State, Upload, Version, Visibility
from skills.catalog.numbers import parse
from skills.flows.names import names_of_others
from skills.flows.release import release_imported, scan_held, submit
from skills.jobs.enqueue import in_bulk, wake_all
from skills.jobs.lease import BATCH as WAKE_BATCH
from skills.lib.errors import Refused
from skills.lib.limited import LimitReached, run_limited
from skills.lib.near_names import near
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Team
from skills.people.names import listed
from skills.scans.checks.contract import DidNotFinish

T = TypeVar("T")
# What the catalogue decided for a skill whose SKILL.md does not say it.
_DECIDED = frozenset(
    {"catalogue_name", "catalogue_description", "no_front_matter", "bad_yaml", "duplicate_field"}
)
FIRST_NUMBER = "1.0.0"  # of a skill whose metadata names no version
_CHECK_BATCH = (
    8  # skills that are handed to the checking process at once: one by one, pickling would dominate
)


@dataclass(frozen=True)
class FoundSkill:
    """One skill on disk: where it was found, what to call it, its files."""

    source: str
    slug: str
    files: dict[str, bytes]


@dataclass(frozen=True)
class Draft:
    """A checked skill as it will be written, and what was mended."""

    upload: Upload
    number: str
    notes: list[str]


@dataclass
class ImportReport:
    """Each source is in exactly one of the three lists."""

    imported: list[str] = field(default_factory=list)
    mended: list[tuple[str, list[str]]] = field(default_factory=list)
    refused: list[tuple[str, list[str]]] = field(default_factory=list)


def find(path: Path) -> Iterator[FoundSkill]:
    """Skills in a folder (or git checkout), a zip, or JSON lines of owner, slug, skill_md."""
    if path.is_dir():
        yield from _folders(path)
    elif path.suffix == ".zip":
        yield FoundSkill(path.name, path.stem, _files_of_zip(path))
    else:
        yield from _lines(path)


def _files_of_zip(path: Path) -> dict[str, bytes]:
    """Raises Refused where the zip cannot be read."""
    try:
        unpacked = run_limited(uploads.check_limits(), unpacked_zip, path.read_bytes(), uploads.limits())
    except LimitReached as reached:
        raise uploads.too_costly(reached) from reached
    if unpacked.problems:
        raise Refused(unpacked.problems)
    return unpacked.files


def count(path: Path) -> int | None:
    """How many skills there are, for the progress bar."""
    if path.is_dir():
        return sum(1 for _ in path.rglob("SKILL.md"))
    if path.suffix == ".zip":
        return 1
    with _open(path) as lines:
        return sum(1 for _ in lines)


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8")
    return path.open(encoding="utf-8")


def _lines(path: Path) -> Iterator[FoundSkill]:
    with _open(path) as lines:
        for line in lines:
            row = json.loads(line)
            slug = f"{row['owner']}-{row['slug']}"
            yield FoundSkill(f"{row['owner']}/{row['slug']}", slug, {"SKILL.md": row["skill_md"].encode()})


def _folders(path: Path) -> Iterator[FoundSkill]:
    tracked = _tracked(path)
    for manifest in sorted(path.rglob("SKILL.md")):
        folder = manifest.parent
        if ".git" in folder.parts:
            continue
        files = {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for file in sorted(folder.rglob("*"))
            if file.is_file() and not file.is_symlink() and (tracked is None or file in tracked)
        }
        slug = folder.name if folder != path else path.resolve().name
        yield FoundSkill(str(folder.relative_to(path)) or ".", slug, files)


def _tracked(path: Path) -> set[Path] | None:
    """What git tracks, where PATH is a checkout: build products stay out."""
    if not (path / ".git").exists():
        return None
    done = subprocess.run(["git", "-C", str(path), "ls-files", "-z"], capture_output=True, check=False)
    return {path / name for name in done.stdout.decode().split("\0") if name} or None


class Importer:
    """Imports skills into TEAM on ACTOR's word; APPROVE runs the checks at once and releases."""

    def __init__(
        self, actor: Actor, team: Team, *, approve: bool = False, visibility: str = Visibility.TEAM
    ) -> None:
        self.actor, self.by, self.team = actor, rules.signed_in(actor), team
        self.approve, self.visibility = approve, visibility
        self.report = ImportReport()
        self.names_of_others = names_of_others(actor, team)
        self.digests: dict[str, set[str]] = {}  # of all versions of the team, by skill name
        rows = Version.objects.filter(skill__names__team=team).values_list("skill__names__name", "digest")
        for name, digest in rows.iterator():
            self.digests.setdefault(name, set()).add(digest)

    def bring_in(self, skills: Iterable[FoundSkill]) -> None:
        """Import each of SKILLS and enter it in the report; the worker hears of them in bulk."""
        with in_bulk():
            for number, (skill, draft) in enumerate(self._drafts(skills), 1):
                self._bring_in(skill, draft)
                if number % WAKE_BATCH == 0:
                    wake_all()
        wake_all()

    def _drafts(self, skills: Iterable[FoundSkill]) -> Iterator[tuple[FoundSkill, Draft | Refused]]:
        """What to write of each skill, whose bytes are on the disk by then.

        A thread flushes the next skill's bytes while the caller writes the rows of this one.
        """
        with ThreadPoolExecutor(1) as disk:

            def start(
                skill: FoundSkill, checked: Validation
            ) -> tuple[FoundSkill, Draft | Refused, Future[None] | None]:
                try:
                    draft = self._draft(skill, checked)
                except Refused as refused:
                    return skill, refused, None
                return skill, draft, disk.submit(uploads.keep_bytes, draft.upload)

            started = (start(skill, checked) for skill, checked in _checked(skills))
            for skill, draft, flush in _ahead(started, 1):
                if flush:
                    flush.result()
                yield skill, draft

    def _bring_in(self, skill: FoundSkill, draft: Draft | Refused) -> None:
        try:
            if isinstance(draft, Refused):
                raise draft
            self._write(draft)
        except Refused as refused:
            self.report.refused.append((skill.source, [problem.text for problem in refused.problems]))
        else:
            if draft.notes:
                self.report.mended.append((skill.source, draft.notes))
            else:
                self.report.imported.append(skill.source)

    def publish(self, skill: FoundSkill, checked: Validation) -> Version:
        """The version of a checked skill; raises Refused."""
        return self._write(self._draft(skill, checked))

    def _draft(self, skill: FoundSkill, checked: Validation) -> Draft:
        bundle = checked.accepted()
        notes = [problem.text for problem in checked.problems if problem.code in _DECIDED]
        if self._taken_by_another(bundle):
            taken, name = bundle.manifest.name, suggest_name(skill.slug)
            notes.append(f"the name {taken!r} was taken; the catalogue calls it {name}")
            bundle = bundle.named(name)
        name = bundle.manifest.name
        found = [] if name in self.digests else near(name, self.names_of_others)
        if found:
            notes = [*notes, f"the name {name!r} is near to {listed(found)}; staff are asked about it"]
        upload = uploads.draft(bundle=bundle, report=checked, by=self.by)
        self.digests.setdefault(bundle.manifest.name, set()).add(upload.digest)
        return Draft(upload, _number(bundle.manifest.version), notes)

    def _write(self, draft: Draft) -> Version:
        version, _ = submit(
            actor=self.actor,
            team=self.team,
            upload=draft.upload,
            number=draft.number,
            wanted=self.visibility,
            changelog="Imported.",
            others=self.names_of_others,
        )
        if self.approve and version.state == State.SCANNING:
            try:
                release_imported(version_id=version.pk, by=self.by)
            except DidNotFinish as error:
                scan_held(version_id=version.pk, problem=f"The checks did not finish: {error}")
                draft.notes.append("the checks did not finish; it waits for them before it can be approved")
        return version

    def _taken_by_another(self, bundle: Bundle) -> bool:
        """Whether `team/name` is there with other bytes only: another source had the name first."""
        digests = self.digests.get(bundle.manifest.name, set())
        return digests != set() and f"sha256:{bundle.archive.digest}" not in digests


def _checked(skills: Iterable[FoundSkill]) -> Iterator[tuple[FoundSkill, Validation]]:
    """Each skill with its check, which a limited child does two batches ahead."""
    rest = iter(skills)
    batches = iter(lambda: list(islice(rest, _CHECK_BATCH)), [])
    with ThreadPoolExecutor(1) as pool:
        started = ((batch, pool.submit(_checks_of, batch)) for batch in batches)
        for batch, checks in _ahead(started, 2):
            yield from zip(batch, checks.result(), strict=True)


def _checks_of(batch: Sequence[FoundSkill]) -> list[Validation]:
    """The checks of BATCH; where a skill takes too much, it alone is refused."""
    pairs = [(skill.files, skill.slug) for skill in batch]
    try:
        return run_limited(uploads.check_limits(skills=len(batch)), check_all, pairs, uploads.limits())
    except LimitReached as reached:
        if len(batch) == 1:
            return [Validation(uploads.too_costly(reached).problems)]
    return [check for skill in batch for check in _checks_of([skill])]


def _ahead(items: Iterable[T], most: int) -> Iterator[T]:
    """ITEMS, each only after MOST more were taken: the work that taking one starts has time to end."""
    waiting: deque[T] = deque()
    for item in items:
        waiting.append(item)
        if len(waiting) > most:
            yield waiting.popleft()
    yield from waiting


def _number(text: str) -> str:
    """The number an author wrote, or the first where there is none that can be read."""
    try:
        return parse(text).text if text else FIRST_NUMBER
    except Refused:
        return FIRST_NUMBER
