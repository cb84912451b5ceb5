"""Where skills were found: what their paths are kept under, and what their provenance names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from skills.catalog.provenance import ProvenanceFacts
from skills.upstream.address import is_local_path, same_for_all

_LOCAL = "file:"
_SUFFIX = re.compile(r"(\.git|\.zip|\.tar(\.gz|\.zst)?|\.tgz|\.jsonl(\.gz)?)$", re.IGNORECASE)


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

    However it is written, the same repository is the same source.
    """
    if is_local_path(url):
        address = url.removeprefix("file://").rstrip("/").removesuffix(".git")
        return Place(source=local_source(address), ref=ref, revision=revision, folder=folder)
    source = f"{same_for_all(url)}{'@' if ref else ''}{ref}"
    return Place(source=source, url=url, ref=ref, revision=revision, folder=folder)


def local_source(path: str) -> str:
    """The source of what lies at PATH of this machine."""
    return f"{_LOCAL}{path}"


def is_local(source: str) -> bool:
    """Whether SOURCE is known by a path of this machine only: the same skills may lie elsewhere next time."""
    return source.startswith(_LOCAL)
