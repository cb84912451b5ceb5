"""A `.well-known/agent-skills` index: 0.2 with digests or 0.1 with lists of files.

Other SkillHubs are read by it too: each serves one for all of its skills, for a team and for a skill.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from skills.bundles.limits import BundleLimits
from skills.lib.errors import Problem
from skills.upstream.address import Upstream, UpstreamKind, UpstreamLimits
from skills.upstream.collected import Collected, collecting, listed, revision_of
from skills.upstream.downloads import Downloads, joined
from skills.upstream.failures import NotRead, PartNotRead
from skills.upstream.listings import ListedSkill, Listing, read_index
from skills.upstream.trees import Snapshot

_LARGEST = 5_000_000  # bytes of an index; one of 5,000 skills has some two million
_PLACES = ("/.well-known/agent-skills/index.json", "/.well-known/skills/index.json")


@dataclass(frozen=True)
class _Found:
    """A skill of an index: its folder in the tree, and the address of the index that lists it."""

    folder: str
    index: str
    entry: ListedSkill

    @property
    def mark(self) -> str:
        """What stands for its bytes, "" where the index has nothing that does."""
        text = self.entry.digest or self.entry.version
        return hashlib.sha256(text.encode()).hexdigest() if text.startswith("sha256:") else ""


def revision(upstream: Upstream, limits: UpstreamLimits) -> str:
    """A digest over what the index lists; an index without digests is read for it."""
    found, _ = _skills(upstream, Downloads(upstream, limits))
    if all(skill.mark for skill in found):
        return revision_of({skill.folder: skill.mark for skill in found})
    with opened(upstream, limits, {}) as snapshot:
        return snapshot.revision


@contextmanager
def opened(upstream: Upstream, limits: UpstreamLimits, known: Mapping[str, str]) -> Iterator[Snapshot]:
    """Each skill in a folder of its name; those whose marks are KNOWN are not downloaded."""
    downloads = Downloads(upstream, limits)
    with collecting(upstream, limits, known) as collected:
        found, passed_over = _skills(upstream, downloads)
        for name, reason in passed_over.items():
            collected.leave_out(name, reason)
        for skill in found:
            if not (skill.mark and collected.is_known(skill.folder, skill.mark)):
                try:
                    _download(collected, downloads, skill, limits)
                except PartNotRead as error:
                    collected.lose(skill.folder, f"cannot be read: {error}")
        yield collected.snapshot()


def _skills(upstream: Upstream, downloads: Downloads) -> tuple[list[_Found], dict[str, str]]:
    """What is to be read, and reasons by path for what is not."""
    if upstream.kind == UpstreamKind.SKILLHUB and upstream.names:
        return _named_skills(upstream, downloads)
    index, listing = _index(upstream, downloads, _base(upstream.url))
    if not upstream.names:
        return [_Found(entry.name, index, entry) for entry in listing.entries], listing.passed_over
    wanted = set(upstream.names)
    found = [_Found(entry.name, index, entry) for entry in listing.entries if entry.name in wanted]
    passed_over = {
        path: reason for path, reason in listing.passed_over.items() if path.partition("/")[0] in wanted
    }
    there = {skill.folder for skill in found} | {path.partition("/")[0] for path in passed_over}
    return found, passed_over | dict.fromkeys(sorted(wanted - there), "is not in the index.")


def _named_skills(upstream: Upstream, downloads: Downloads) -> tuple[list[_Found], dict[str, str]]:
    """Skills (`team/name`) and whole teams (`team`) of another SkillHub."""
    found: dict[str, _Found] = {}
    passed_over: dict[str, str] = {}
    for name in upstream.names:
        team = name.partition("/")[0]
        place = f"/s/{quote(name)}" if "/" in name else f"/t/{quote(name)}"
        try:
            index, listing = _index(upstream, downloads, _base(upstream.url) + place)
        except NotRead as error:
            if error.problems[0].code != "source_missing":
                raise
            passed_over[name] = "is not there, or not for this token."
            continue
        for entry in listing.entries:
            found.setdefault(f"{team}/{entry.name}", _Found(f"{team}/{entry.name}", index, entry))
        passed_over |= {f"{team}/{other}": reason for other, reason in listing.passed_over.items()}
    return list(found.values()), passed_over


def _base(url: str) -> str:
    """URL without what may stand at its end: people copy the address of the index, too."""
    base = url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0].rstrip("/").removesuffix("/index.json")
    for place in _PLACES:
        base = base.removesuffix(place.removesuffix("/index.json"))
    return base


def _index(upstream: Upstream, downloads: Downloads, base: str) -> tuple[str, Listing]:
    """The address of the newest kind of index below BASE, and what it lists; raises NotRead."""
    fault = ""
    for place in _PLACES:
        data = downloads.find(base + place, _LARGEST)
        if data is None:
            continue
        listing = listed(upstream, read_index, data)
        if not listing.problem:
            return base + place, listing
        fault = fault or f"What is at {base}{place} {listing.problem}"
    if fault:
        raise NotRead(Problem("source_damaged", fault, "Ask its operator whether the index is right."))
    text = f"There is no index of skills at {base}{_PLACES[0]}."
    raise NotRead(Problem("source_missing", text, "Write the address that /.well-known/ follows."))


def _download(collected: Collected, downloads: Downloads, skill: _Found, limits: UpstreamLimits) -> None:
    entry, folder = skill.entry, skill.folder
    if entry.files:
        _download_files(collected, downloads, skill, limits)
        return
    most = limits.file if entry.type == "skill-md" else BundleLimits().archive
    data = downloads.find(joined(skill.index, entry.url), most)
    if data is None:
        collected.lose(folder, "is in the index, and nothing is at its address.")
    elif f"sha256:{hashlib.sha256(data).hexdigest()}" != entry.digest:
        collected.lose(folder, f"has other bytes than its digest {entry.digest[:19]}… says.")
    elif entry.type == "skill-md":
        collected.add(folder, {"SKILL.md": data})
    else:
        collected.add_archive(folder, data)


def _download_files(
    collected: Collected, downloads: Downloads, skill: _Found, limits: UpstreamLimits
) -> None:
    """One request a file; where one is missing, the skill would not be whole."""
    files: dict[str, bytes] = {}
    if len(skill.entry.files) > BundleLimits().files:
        collected.lose(skill.folder, f"has more than {BundleLimits().files} files.")
        return
    for path in skill.entry.files:
        data = downloads.find(joined(skill.index, quote(f"{skill.entry.name}/{path}")), limits.file)
        if data is None:
            collected.lose(skill.folder, f"lists {path!r}, and nothing is at its address.")
            return
        files[path] = data
    collected.add(skill.folder, files)
