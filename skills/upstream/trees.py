"""The files at an address as they were at one moment, read when somebody asks for them."""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol


@dataclass(frozen=True)
class LeftOut:
    """A file or folder that is there and was not read, and why, as a sentence without its path."""

    path: str
    reason: str


@dataclass(frozen=True)
class UpstreamFile:
    """A file before its bytes are read; `content` is the same where the bytes are the same."""

    size: int
    content: str


class FileReader(Protocol):
    """Reads bytes of files that stand in a tree."""

    def __call__(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Each of PATHS with its bytes, in this order; raises NotRead."""


@dataclass(frozen=True, kw_only=True)
class FileTree:
    """Files by path, sorted, with `/` between folders; a path is as it was written there.

    `marks` are those of folders that were marked by who listed them, before their files were there, and
    `links` says for symbolic links which path of the tree they stand for.
    """

    files: Mapping[str, UpstreamFile]
    read: FileReader
    marks: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    _made_marks: dict[str, str] = field(init=False, repr=False, default_factory=dict)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self.files))

    def original(self, path: str) -> str:
        """The path that PATH stands for, where it is a link or lies in one; else PATH."""
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            target = self.links.get("/".join(parts[:depth]))
            if target is not None:
                return "/".join(part for part in (target, *parts[depth:]) if part)
        return path

    def below(self, folder: str) -> tuple[str, ...]:
        """The paths of all files in FOLDER and its folders; "" is the top."""
        return below(self.paths, folder)

    def mark(self, folder: str) -> str:
        """A text that is equal as long as the files in FOLDER are."""
        if folder in self.marks:
            return self.marks[folder]
        if folder not in self._made_marks:
            self._made_marks[folder] = self._mark_of_files(folder)
        return self._made_marks[folder]

    def _mark_of_files(self, folder: str) -> str:
        sha256 = hashlib.sha256()
        for path in self.below(folder):
            name = path.removeprefix(f"{folder}/")
            sha256.update(f"{len(name.encode())}:{name}{self.files[path].content}\n".encode())
        return sha256.hexdigest()


def below(paths: tuple[str, ...], folder: str) -> tuple[str, ...]:
    """Those of the sorted PATHS that lie in FOLDER; all in "", the top."""
    if not folder:
        return paths
    # "0" is what follows "/" among characters, so it ends whatever begins with "folder/".
    return paths[bisect_left(paths, f"{folder}/") : bisect_left(paths, f"{folder}0")]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What an address held.

    `revision` is the commit, or a digest over what a registry listed. `unchanged` are those folders of the
    asked ones whose files are still the same; the tree of an index does not hold them.
    """

    revision: str
    tree: FileTree
    left_out: tuple[LeftOut, ...] = ()
    unchanged: frozenset[str] = frozenset()


def under(folder: str, snapshot: Snapshot) -> Snapshot:
    """SNAPSHOT, which was read of FOLDER alone, with the paths that its files have in the whole source."""
    if not folder:
        return snapshot
    start = len(folder) + 1

    def read(paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        for path, data in snapshot.tree.read(path[start:] for path in paths):
            yield f"{folder}/{path}", data

    return replace(
        snapshot,
        tree=FileTree(
            files={f"{folder}/{path}": file for path, file in snapshot.tree.files.items()},
            read=read,
            links={
                f"{folder}/{path}": f"{folder}/{target}".rstrip("/")
                for path, target in snapshot.tree.links.items()
            },
        ),
        left_out=tuple(replace(left, path=f"{folder}/{left.path}") for left in snapshot.left_out),
        unchanged=frozenset(f"{folder}/{path}".rstrip("/") for path in snapshot.unchanged),
    )
