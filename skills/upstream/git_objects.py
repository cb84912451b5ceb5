"""What lies in a bare repository: the list of a tree, and objects that one process of git hands out."""

import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO

from skills.lib.errors import Problem
from skills.upstream.failures import NotRead
from skills.upstream.git_process import Git
from skills.upstream.refusals import too_many

_AT_ONCE = 400  # questions of some 60 bytes: less than a pipe holds, so that nobody waits for the other
_PART = 1 << 18
_LONGEST_RECORD = 8_192  # bytes of one entry with its path: longer than any system takes


@dataclass(frozen=True)
class TreeEntry:
    """One entry of a tree; `mode` as Git writes it, such as 100644."""

    mode: str
    oid: str
    path: bytes


@dataclass(frozen=True)
class GitObject:
    oid: str
    kind: str
    size: int


def entries(git: Git, tree: str) -> Iterator[TreeEntry]:
    """What lies in TREE and below, without folders; raises NotRead beyond the limit."""
    with git.reading("ls-tree", "-r", "-z", "--full-tree", tree) as process:
        output = _output(process)
        rest, count = b"", 0
        while part := output.read(_PART):
            *records, rest = (rest + part).split(b"\0")
            count += len(records)
            if count > git.limits.files:
                raise too_many(git.upstream, git.limits)
            yield from map(_entry, records)
            if len(rest) > _LONGEST_RECORD:
                text = f"{git.upstream.url} holds a path of more than {_LONGEST_RECORD:,} bytes."
                raise NotRead(Problem("source_damaged", text, "Shorten it, or name a folder without it."))
        if process.wait() or rest:
            raise _damaged(git)


def _entry(record: bytes) -> TreeEntry:
    head, _, path = record.partition(b"\t")
    mode, _kind, oid = head.decode("ascii").split(" ")
    return TreeEntry(mode, oid, path)


class GitObjects:
    """Objects by name. The process ends where an object needs more than it may use."""

    def __init__(self, git: Git, process: "subprocess.Popen[bytes]") -> None:
        self._git, self._process = git, process

    def facts(self, names: Iterable[str]) -> Iterator[GitObject | None]:
        """What each of NAMES stands for; None where there is no such object."""
        rest = iter(names)
        while batch := list(islice(rest, _AT_ONCE)):
            self._ask([f"info {name}" for name in batch])
            for _ in batch:
                yield self._head()

    def contents(self, oids: Iterable[str]) -> Iterator[bytes]:
        """The bytes of each of OIDS, whose sizes the caller knows."""
        rest = iter(oids)
        while batch := list(islice(rest, _AT_ONCE)):
            self._ask([f"contents {oid}" for oid in batch])
            for _ in batch:
                head = self._head()
                if head is None:
                    raise _damaged(self._git)
                yield self._exactly(head.size + 1)[:-1]  # a line feed follows

    def _ask(self, questions: Sequence[str]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write("".join(f"{question}\n" for question in [*questions, "flush"]).encode())
            self._process.stdin.flush()
        except BrokenPipeError:
            raise _damaged(self._git) from None

    def _head(self) -> GitObject | None:
        line = _output(self._process).readline(_LONGEST_RECORD)
        words = line.decode("utf-8", "replace").split()
        if not line.endswith(b"\n"):
            raise _damaged(self._git)
        if words[-1] in ("missing", "ambiguous"):
            return None
        return GitObject(words[0], words[1], int(words[2]))

    def _exactly(self, size: int) -> bytes:
        data = _output(self._process).read(size)
        if len(data) != size:
            raise _damaged(self._git)
        return data


def _output(process: "subprocess.Popen[bytes]") -> IO[bytes]:
    assert process.stdout is not None
    return process.stdout


def _damaged(git: Git) -> NotRead:
    text = f"What {git.upstream.url} sent cannot be read: git ended before the end of its files."
    return NotRead(Problem("source_damaged", text, "Look whether git clone and git fsck take it."))
