"""Known vulnerabilities by package, read from files in OSV's format and kept in an index of ours.

The files are what osv.dev and others export: a zip, a JSON file, or a folder of both. Nobody is asked over
the network. The index is made anew when the files change, under its name only when it is whole.
"""

import json
import os
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from skills.bundles.dependencies import Ecosystem

_SCHEMA = """
create table advisory (ecosystem text, name text, entry text);
create table source (fingerprint text);
"""
_LARGEST = 5_000_000  # bytes of one advisory


class CannotRead(Exception):
    """The files are not there, or not in OSV's format."""


@dataclass(frozen=True, kw_only=True)
class Advisory:
    """What one advisory says about one package, in the words of OSV's schema."""

    id: str
    aliases: list[str]
    summary: str
    label: str
    versions: list[str]
    ranges: list[list[dict[str, str]]]


class Advisories:
    """The advisories of SOURCE, looked up in the file INDEX; raises CannotRead."""

    def __init__(self, source: Path, index: Path) -> None:
        fingerprint = _fingerprint(source)
        try:
            if _stored_fingerprint(index) != fingerprint:
                _build(source, index, fingerprint)
            self._database = sqlite3.connect(f"file:{index}?mode=ro", uri=True)
        except (OSError, sqlite3.Error, zipfile.BadZipFile, ValueError) as error:
            raise CannotRead(f"{source.name} cannot be read: {error}") from error

    def about(self, ecosystem: Ecosystem, name: str) -> list[Advisory]:
        rows = self._database.execute(
            "select entry from advisory where ecosystem = ? and name = ?", (ecosystem, _name(ecosystem, name))
        )
        return [Advisory(**json.loads(entry)) for (entry,) in rows]

    def close(self) -> None:
        self._database.close()


def _name(ecosystem: str, name: str) -> str:
    return canonicalize_name(name) if ecosystem == Ecosystem.PYPI else name


def _fingerprint(source: Path) -> str:
    """Changes when a file of SOURCE does."""
    try:
        files = sorted(_files(source))
        facts = [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    except OSError as error:
        raise CannotRead(f"{source.name} cannot be read: {error.strerror}") from error
    if not facts:
        raise CannotRead(f"{source.name} holds no file in OSV's format.")
    return "\n".join(facts)


def _files(source: Path) -> Iterator[Path]:
    if source.is_dir():
        yield from (path for path in source.rglob("*") if path.suffix in (".json", ".zip"))
    else:
        source.stat()
        yield source


def _stored_fingerprint(index: Path) -> str:
    if not index.exists():
        return ""
    with closing(sqlite3.connect(f"file:{index}?mode=ro", uri=True)) as database:
        try:
            row = database.execute("select fingerprint from source").fetchone()
        except sqlite3.Error:  # of another release, or torn
            return ""
    return str(row[0]) if row else ""


def _build(source: Path, index: Path, fingerprint: str) -> None:
    index.parent.mkdir(parents=True, exist_ok=True)
    draft = index.with_suffix(f".{os.getpid()}")
    draft.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(draft)) as database:
            database.executescript(_SCHEMA)
            rows = (
                row for path in _files(source) for text in _texts(path) for row in _rows(json.loads(text))
            )
            database.executemany("insert into advisory values (?, ?, ?)", rows)
            database.execute("create index by_package on advisory (ecosystem, name)")
            database.execute("insert into source values (?)", (fingerprint,))
            database.commit()
        draft.rename(index)
    finally:
        draft.unlink(missing_ok=True)


def _texts(path: Path) -> Iterator[bytes]:
    """Each advisory in the file PATH."""
    if path.suffix != ".zip":
        yield path.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.filename.endswith(".json") and entry.file_size <= _LARGEST:
                yield archive.read(entry)


def _rows(advisory: Any) -> Iterator[tuple[str, str, str]]:
    """A row for each package that ADVISORY names, unless it was withdrawn."""
    if not isinstance(advisory, dict) or "id" not in advisory:
        raise ValueError("a file is no advisory in OSV's format")
    if advisory.get("withdrawn"):
        return
    for affected in advisory.get("affected", []):
        package = affected.get("package", {})
        ecosystem = str(package.get("ecosystem", ""))
        if ecosystem not in set(Ecosystem):
            continue
        entry = {
            "id": advisory["id"],
            "aliases": advisory.get("aliases", []),
            "summary": advisory.get("summary") or advisory.get("details", "")[:200],
            "label": _label(advisory, affected),
            "versions": affected.get("versions", []),
            # Ranges of commits say nothing about versions.
            "ranges": [one["events"] for one in affected.get("ranges", []) if one.get("type") != "GIT"],
        }
        yield ecosystem, _name(ecosystem, str(package.get("name", ""))), json.dumps(entry)


def _label(advisory: dict[str, Any], affected: dict[str, Any]) -> str:
    """How severe it is, in the word of whoever wrote it; "" where only a vector or nothing says so."""
    for holder in (advisory, affected):
        specific = holder.get("database_specific")
        if isinstance(specific, dict) and isinstance(specific.get("severity"), str):
            return str(specific["severity"]).lower()
    return ""
