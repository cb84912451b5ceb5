"""The door of this room: what an address holds now, and the cheap question whether that changed.

with open_upstream(upstream, UpstreamLimits(), known={"skills/pdf": mark}) as snapshot:
    for path, data in snapshot.tree.read(snapshot.tree.below("skills/docx")):
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from skills.upstream import git
from skills.upstream.address import Upstream, UpstreamKind, UpstreamLimits, check
from skills.upstream.trees import Snapshot

_NOTHING_KNOWN: Mapping[str, str] = {}


def revision(upstream: Upstream, limits: UpstreamLimits) -> str:
    """What `open_upstream` would name as the revision, without reading files; raises NotRead."""
    check(upstream)
    readers = {UpstreamKind.GIT: git.revision}
    return readers[upstream.kind](upstream, limits)


@contextmanager
def open_upstream(
    upstream: Upstream, limits: UpstreamLimits, known: Mapping[str, str] = _NOTHING_KNOWN
) -> Iterator[Snapshot]:
    """What UPSTREAM holds; its files can be read until the end of the `with`. Raises NotRead.

    KNOWN are the marks of folders that the caller has already.
    """
    check(upstream)
    openers = {UpstreamKind.GIT: git.opened}
    with openers[upstream.kind](upstream, limits, known) as snapshot:
        yield snapshot
