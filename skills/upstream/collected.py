"""Skills that were downloaded one by one, as one tree: their bytes wait in a file without a name."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, TypeVar

from skills.bundles.limits import BundleLimits
from skills.bundles.packs import folders_above
from skills.lib.errors import Problem
from skills.lib.limited import LimitReached, Limits, run_limited
from skills.upstream.address import Upstream, UpstreamLimits
from skills.upstream.artifacts import Unpacked, unpack_archive
from skills.upstream.failures import NotRead
from skills.upstream.refusals import too_large, too_many
from skills.upstream.trees import FileTree, LeftOut, Snapshot, UpstreamFile

T = TypeVar("T")
# Of one download or one list; an archive of 10 MB takes a fraction of both.
_READING = Limits(processor_seconds=10, seconds=30)


class Collected:
    """What was read so far of an index or a registry, each skill in a folder of its own.

    A folder's mark is made of what the list says of it where that is enough, so that a skill whose mark is
    known needs no download.
    """

    def __init__(
        self, upstream: Upstream, limits: UpstreamLimits, known: Mapping[str, str], file: IO[bytes]
    ) -> None:
        self._upstream, self._limits, self._known, self._file = upstream, limits, known, file
        self._end = 0
        self._places: dict[str, int] = {}  # where the bytes of a content begin
        self._files: dict[str, UpstreamFile] = {}
        self._marks: dict[str, str] = {}
        self._folders: set[str] = set()
        self._known_folders: set[str] = set()
        self._left_out: list[LeftOut] = []

    def is_known(self, folder: str, mark: str) -> bool:
        """Note that FOLDER has MARK; whether the caller has it already."""
        self._marks[folder] = mark
        self._folders.add(folder)
        if self._known.get(folder) != mark:
            return False
        self._known_folders.add(folder)
        return True

    def leave_out(self, path: str, reason: str) -> None:
        self._left_out.append(LeftOut(path, reason))

    def add_archive(self, folder: str, data: bytes) -> None:
        """Add what the archive DATA holds, in FOLDER; one that cannot be read is left out."""
        unpacked = self.unpacked(data)
        if unpacked.problem:
            self.lose(folder, f"cannot be read: {unpacked.problem}")
            return
        self.add(folder, unpacked.files)
        for path, reason in unpacked.left_out.items():
            self.leave_out(f"{folder}/{path}", reason)

    def unpacked(self, data: bytes) -> Unpacked:
        """What the archive DATA holds, from a child with limits."""
        try:
            return run_limited(_READING, unpack_archive, data, BundleLimits(file=self._limits.file))
        except LimitReached as reached:
            return Unpacked({}, {}, str(reached))

    def lose(self, folder: str, reason: str) -> None:
        """Leave the skill in FOLDER out: it is there and cannot be read, so it has not gone."""
        self._marks.pop(folder, None)
        self._folders.discard(folder)
        self.leave_out(f"{folder}/SKILL.md", reason)

    def add(self, folder: str, files: Mapping[str, bytes]) -> None:
        """Add FILES, by their paths within FOLDER."""
        self._folders.add(folder)
        for path, data in files.items():
            self._files[f"{folder}/{path}"] = self._kept(data)
        if len(self._files) > self._limits.files:
            raise too_many(self._upstream, self._limits)

    def _kept(self, data: bytes) -> UpstreamFile:
        content = hashlib.sha256(data).hexdigest()
        if content not in self._places:
            if self._end + len(data) > self._limits.size:
                raise too_large(self._upstream, self._limits)
            self._places[content] = self._end
            self._file.seek(self._end)
            self._end += self._file.write(data)
        return UpstreamFile(len(data), content)

    def snapshot(self) -> Snapshot:
        """All of it; the revision stands for every mark."""
        tree = FileTree(files=self._files, read=self._read, marks=self._marks)
        unchanged = {
            folder
            for folder, mark in self._known.items()
            # What lies in a folder that was not downloaded is the same as well: skills may hold others.
            if mark == tree.mark(folder) or not self._known_folders.isdisjoint(folders_above(folder))
        }
        return Snapshot(
            revision=revision_of({folder: tree.mark(folder) for folder in self._folders}),
            tree=tree,
            left_out=tuple(self._left_out),
            unchanged=frozenset(unchanged),
        )

    def _read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        for path in paths:
            file = self._files[path]
            self._file.seek(self._places[file.content])
            yield path, self._file.read(file.size)


@contextmanager
def collecting(upstream: Upstream, limits: UpstreamLimits, known: Mapping[str, str]) -> Iterator[Collected]:
    """An empty tree, whose bytes are gone at the end."""
    with tempfile.TemporaryFile() as file:
        yield Collected(upstream, limits, known, file)


def listed(upstream: Upstream, read: Callable[[bytes], T], data: bytes) -> T:
    """What READ makes of the list DATA, in a child with limits; raises NotRead."""
    try:
        return run_limited(_READING, read, data)
    except LimitReached:
        text = f"The list of {upstream.url} takes too much to read."
        raise NotRead(
            Problem("source_damaged", text, "Ask its operator whether the list is right.")
        ) from None


def revision_of(marks: Mapping[str, str]) -> str:
    """A digest that stands for what is marked in each folder."""
    lines = "".join(f"{mark}  {folder}\n" for folder, mark in sorted(marks.items()))
    return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"
