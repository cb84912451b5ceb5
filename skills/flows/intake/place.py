"""Where skills were found: what their paths are kept under, and what their provenance names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from skills.catalog.provenance import ProvenanceFacts

_LOCAL = "file:"
_SUFFIX = re.compile(r"(\.git|\.zip|\.tar(\.gz|\.zst)?|\.tgz|\.jsonl(\.gz)?)$", re.IGNORECASE)
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SCP = re.compile(r"^([^/@:]+@)?([^/@:]+):(?!/)(.+)$")  # user@host:path, as ssh takes it


@dataclass(frozen=True, kw_only=True)
class Place:
    """A folder, a repository, a registry, as it was when it was read.

    `source` is what its paths are kept under: the same text each time, for paths of one text are compared
    with those of before. `url`, `ref` and `revision` go into the provenance; `url` is "" where there is no
    address that anybody else could read. `folder` is the part that was read, "" for all of it; paths count
    from the top of the whole. `source_id` and `answerable` are as in the provenance.
    """

    source: str
    url: str = ""
    ref: str = ""
    revision: str = ""
    folder: str = ""
    source_id: int | None = None
    answerable: Sequence[int] = ()

    @property
    def name(self) -> str:
        """What people call it: the last part of its address."""
        return _SUFFIX.sub("", re.split(r"[/:]", (self.url or self.source).rstrip("/"))[-1])

    def holds(self, path: str) -> bool:
        """Whether PATH lies in the part that was read."""
        return not self.folder or path == self.folder or path.startswith(f"{self.folder}/")

    def provenance(self, path: str) -> ProvenanceFacts | None:
        """That of what lies at PATH, None where nobody else could go and look."""
        if not self.url:
            return None
        return ProvenanceFacts(
            url=self.url,
            ref=self.ref,
            revision=self.revision,
            path=path,
            source_id=self.source_id,
            answerable=self.answerable,
        )


def place_of_address(url: str, *, ref: str = "", revision: str = "", folder: str = "") -> Place:
    """The place behind URL, as Git and people write it; another branch or tag is another source.

    However it is written, the same repository is the same source: git@host:acme/tools.git as
    https://host/acme/tools.
    """
    address = _SCHEME.sub("", _SCP.sub(r"\2/\3", url)).rstrip("/").removesuffix(".git")
    if _is_path(url):
        return Place(source=local_source(address), ref=ref, revision=revision, folder=folder)
    host, slash, path = address.rpartition("@")[2].partition("/")
    source = f"{host.lower()}{slash}{path}{'@' if ref else ''}{ref}"
    return Place(source=source, url=url, ref=ref, revision=revision, folder=folder)


def _is_path(url: str) -> bool:
    """Whether URL leads to a folder of this machine."""
    return url.startswith(("/", ".", "file:")) or not (_SCHEME.match(url) or _SCP.match(url))


def local_source(path: str) -> str:
    """The source of what lies at PATH of this machine."""
    return f"{_LOCAL}{path}"


def is_local(source: str) -> bool:
    """Whether SOURCE is known by a path of this machine only: the same skills may lie elsewhere next time."""
    return source.startswith(_LOCAL)
