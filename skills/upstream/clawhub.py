"""Skills of a ClawHub registry by their names, the newest version of each."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from skills.bundles.limits import BundleLimits
from skills.lib.errors import Problem
from skills.upstream.address import Upstream, UpstreamLimits
from skills.upstream.artifacts import Unpacked
from skills.upstream.collected import Collected, collecting, listed, revision_of
from skills.upstream.downloads import Downloads
from skills.upstream.failures import NotRead, PartNotRead
from skills.upstream.listings import (
    RegistrySkill,
    read_discovery,
    read_registry_files,
    read_registry_skill,
)
from skills.upstream.trees import Snapshot

_LARGEST = 1_000_000  # bytes of one answer
_NAME = re.compile(r"@?(?:([A-Za-z0-9][A-Za-z0-9._-]{0,63})/)?([A-Za-z0-9][A-Za-z0-9._-]{0,127})")
_NOT_THERE = "is not there, has no published version, or is not for this token."
_ELSEWHERE = "lies in a Git repository of its author; add that one as a source."


@dataclass(frozen=True)
class _Name:
    """A skill as somebody wrote it; `owner` is "" where the slug says enough."""

    owner: str
    slug: str

    @property
    def folder(self) -> str:
        return f"{self.owner}/{self.slug}" if self.owner else self.slug

    def query(self, **more: str) -> str:
        query = urlencode(({"ownerHandle": self.owner} if self.owner else {}) | more)
        return f"?{query}" if query else ""


def revision(upstream: Upstream, limits: UpstreamLimits) -> str:
    """A digest over the newest number of each skill."""
    registry = _Registry(upstream, limits)
    marks = {}
    for name in _names(upstream):
        found = registry.skill(name)
        if found and found.number:
            marks[name.folder] = _mark(found)
    return revision_of(marks)


@contextmanager
def opened(upstream: Upstream, limits: UpstreamLimits, known: Mapping[str, str]) -> Iterator[Snapshot]:
    """Each skill in a folder of its name; those whose marks are KNOWN are not downloaded."""
    registry = _Registry(upstream, limits)
    with collecting(upstream, limits, known) as collected:
        for name in _names(upstream):
            found = registry.skill(name)
            if found is None:
                collected.leave_out(name.folder, _NOT_THERE)
            elif found.problem:
                collected.lose(name.folder, found.problem)
            elif not collected.is_known(name.folder, _mark(found)):
                try:
                    registry.download(collected, name, found.number)
                except PartNotRead as error:
                    collected.lose(name.folder, f"cannot be read: {error}")
        yield collected.snapshot()


def _names(upstream: Upstream) -> list[_Name]:
    matches = [_NAME.fullmatch(name) for name in upstream.names]
    if not matches or None in matches:
        text = "A registry is read by the names of skills, such as gifgrep or alice/gifgrep."
        raise NotRead(Problem("source_missing", text, "Write one name a line."))
    return [_Name(match[1] or "", match[2]) for match in matches if match]


def _mark(found: RegistrySkill) -> str:
    """A published number never gets other bytes, so it stands for them."""
    return hashlib.sha256(f"{found.owner}@{found.number}".encode()).hexdigest()


class _Registry:
    """The API of a registry, wherever its site says that it is."""

    def __init__(self, upstream: Upstream, limits: UpstreamLimits) -> None:
        self._upstream = upstream
        self._downloads = Downloads(upstream, limits)
        site = upstream.url.rstrip("/")
        said = self._downloads.find(f"{site}/.well-known/clawhub.json", _LARGEST)
        base = listed(upstream, read_discovery, said) if said else ""
        self._api = f"{(base or site).rstrip('/')}/api/v1"
        self._downloads.count_as_own(self._api)

    def skill(self, name: _Name) -> RegistrySkill | None:
        """What the registry says of NAME, None where it has nothing to read."""
        try:
            data = self._downloads.find(f"{self._api}/skills/{quote(name.slug)}{name.query()}", _LARGEST)
        except PartNotRead as error:
            return RegistrySkill(problem=f"cannot be read: {error}")
        found = listed(self._upstream, read_registry_skill, data) if data else None
        return found if found and (found.number or found.problem) else None

    def download(self, collected: Collected, name: _Name, number: str) -> None:
        """Add the version NUMBER of NAME, whose files must be those that the registry lists."""
        query = name.query(slug=name.slug, version=number)
        data = self._downloads.get(f"{self._api}/download{query}", BundleLimits().archive)
        if data.startswith(b"{"):
            collected.lose(name.folder, _ELSEWHERE)
            return
        listed_at = f"{self._api}/skills/{quote(name.slug)}/versions/{quote(number)}{name.query()}"
        files = listed(self._upstream, read_registry_files, self._downloads.get(listed_at, _LARGEST))
        if files.problem:
            collected.lose(name.folder, files.problem)
            return
        unpacked = collected.unpacked(data)
        if fault := unpacked.problem or _other_bytes(unpacked, files.digests):
            collected.lose(name.folder, f"cannot be read: {fault}")
            return
        collected.add(name.folder, {path: unpacked.files[path] for path in files.digests})
        for path in sorted(unpacked.files.keys() - files.digests.keys()):
            collected.leave_out(f"{name.folder}/{path}", "is the registry's, not the skill's.")


def _other_bytes(unpacked: Unpacked, digests: Mapping[str, str]) -> str:
    """What in an archive is not as the registry lists it; "" where all is."""
    for path, digest in digests.items():
        data = unpacked.files.get(path)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            return f"{path!r} has other bytes than the registry lists."
    return ""
