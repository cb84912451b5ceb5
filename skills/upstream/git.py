"""A Git repository behind https, read with `git` itself (docs/decisions/0030)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from skills.lib.errors import Problem
from skills.upstream.address import Upstream, UpstreamLimits
from skills.upstream.failures import NotRead
from skills.upstream.trees import Snapshot


def revision(upstream: Upstream, _limits: UpstreamLimits) -> str:
    """The commit that the branch or tag stands at."""
    raise NotRead(Problem("source_damaged", f"{upstream.url} is not read yet.", ""))


@contextmanager
def opened(upstream: Upstream, _limits: UpstreamLimits, _known: Mapping[str, str]) -> Iterator[Snapshot]:
    """The files of that commit."""
    raise NotRead(Problem("source_damaged", f"{upstream.url} is not read yet.", ""))
    yield
