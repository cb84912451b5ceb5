"""The door of this room: what an address holds now, and the cheap question whether that changed.

with open_upstream(upstream, UpstreamLimits(), known={"skills/pdf": mark}) as snapshot:
    for path, data in snapshot.tree.read(snapshot.tree.below("skills/docx")):
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from skills.upstream import clawhub, git, index
from skills.upstream.address import Upstream, UpstreamKind, UpstreamLimits, check
from skills.upstream.trees import Snapshot

_NOTHING_KNOWN: Mapping[str, str] = {}


class _Reader(Protocol):
    """What each kind has, as a module."""

    def revision(self, upstream: Upstream, limits: UpstreamLimits) -> str: ...

    def opened(
        self, upstream: Upstream, limits: UpstreamLimits, known: Mapping[str, str]
    ) -> AbstractContextManager[Snapshot]: ...


_KINDS: dict[UpstreamKind, _Reader] = {
    UpstreamKind.GIT: git,
    UpstreamKind.SKILLHUB: index,
    UpstreamKind.INDEX: index,
    UpstreamKind.CLAWHUB: clawhub,
}


def revision(upstream: Upstream, limits: UpstreamLimits) -> str:
    """What `open_upstream` would name as the revision, without reading files; raises NotRead."""
    check(upstream)
    return _KINDS[upstream.kind].revision(upstream, limits)


@contextmanager
def open_upstream(
    upstream: Upstream, limits: UpstreamLimits, known: Mapping[str, str] = _NOTHING_KNOWN
) -> Iterator[Snapshot]:
    """What UPSTREAM holds; its files can be read until the end of the `with`. Raises NotRead.

    KNOWN are the marks of folders that the caller has already.
    """
    check(upstream)
    with _KINDS[upstream.kind].opened(upstream, limits, known) as snapshot:
        yield snapshot
