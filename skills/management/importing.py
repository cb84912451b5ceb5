"""Brings existing skills in: lenient where it can mend, honest about what it did."""

import gzip
import io
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from skills.bundles.archive import read_zip
from skills.bundles.lenient import mend, renamed
from skills.bundles.validate import check_files, unwrap
from skills.catalog import uploads
from skills.catalog.models import State, Version
from skills.catalog.numbers import parse
from skills.flows.release import release_imported, submit
from skills.lib.errors import Refused
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Team

FIRST = "1.0.0"


@dataclass(frozen=True)
class Found:
    """One skill on disk: where it was found, what to call it, its files."""

    source: str
    slug: str
    files: dict[str, bytes]


@dataclass
class Report:
    """Each source is in exactly one of the three lists."""

    imported: list[str] = field(default_factory=list)
    mended: list[tuple[str, list[str]]] = field(default_factory=list)
    refused: list[tuple[str, list[str]]] = field(default_factory=list)


@dataclass(frozen=True)
class Options:
    """APPROVE runs the checks at once and releases; who runs the command answers for it."""

    approve: bool = False
    visibility: str = "team"


def find(path: Path) -> Iterator[Found]:
    """Skills in a folder (or git checkout), a zip, or JSON lines of owner, slug, skill_md."""
    if path.is_dir():
        yield from _folders(path)
    elif path.suffix == ".zip":
        files, _ = read_zip(path.read_bytes(), uploads.limits())
        yield Found(path.name, path.stem, unwrap(files))
    else:
        yield from _lines(path)


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


def _lines(path: Path) -> Iterator[Found]:
    with _open(path) as lines:
        for line in lines:
            row = json.loads(line)
            slug = f"{row['owner']}-{row['slug']}"
            yield Found(f"{row['owner']}/{row['slug']}", slug, {"SKILL.md": row["skill_md"].encode()})


def _folders(path: Path) -> Iterator[Found]:
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
        yield Found(str(folder.relative_to(path)) or ".", slug, files)


def _tracked(path: Path) -> set[Path] | None:
    """What git tracks, where PATH is a checkout: build products stay out."""
    if not (path / ".git").exists():
        return None
    done = subprocess.run(["git", "-C", str(path), "ls-files", "-z"], capture_output=True, check=False)
    return {path / name for name in done.stdout.decode().split("\0") if name} or None


def bring_in(*, actor: Actor, team: Team, found: Found, options: Options, report: Report) -> Version | None:
    """Import one skill and enter it in the report."""
    files, notes = mend(found.files, found.slug, uploads.limits())
    checked = check_files(files, uploads.limits())
    try:
        bundle = checked.accepted()
        name = bundle.manifest.name
        digest = f"sha256:{bundle.archive.digest}"
        if _taken_by_another(team, name, digest):
            files, note = renamed(files, found.slug, uploads.limits())
            notes = [*notes, note]
            checked = check_files(files, uploads.limits())
            bundle = checked.accepted()
        by = rules.signed_in(actor)
        upload = uploads.draft(bundle=bundle, report=checked, by=by)
        version, _ = submit(
            actor=actor, team=team, upload=upload, number=_number(bundle.manifest.version),
            wanted=options.visibility, changelog="Imported.",
        )  # fmt: skip
        if options.approve and version.state == State.SCANNING:
            release_imported(version_id=version.pk, by=by)
    except Refused as refused:
        report.refused.append((found.source, [problem.text for problem in refused.problems]))
        return None
    if notes:
        report.mended.append((found.source, notes))
    else:
        report.imported.append(found.source)
    return version


def _number(written: str) -> str:
    try:
        return parse(written).text if written else FIRST
    except Refused:
        return FIRST


def _taken_by_another(team: Team, name: str, digest: str) -> bool:
    """Whether `team/name` is there with other bytes: another source had the name first."""
    versions = Version.objects.filter(skill__names__team=team, skill__names__name=name)
    return versions.exists() and not versions.filter(digest=digest).exists()
