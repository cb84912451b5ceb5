"""The files of a folder of this machine: links inside are followed; of a checkout only what Git tracks."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from skills.bundles.frontmatter import FILE
from skills.bundles.leftovers import is_trace
from skills.bundles.packs import lenient_survey
from skills.flows.intake.place import Place, local_source, place_of_address
from skills.lib.errors import Problem, Refused
from skills.management.checkouts import Checkout, checkout_of
from skills.upstream.trees import FileTree, LeftOut, Snapshot, UpstreamFile

_MOST_FILES = 200_000  # links may show the same folders again and again
_UNTRACKED = "Git does not track it."
_SUBMODULE = "It is a submodule: import that by itself."


def folder_at(path: Path) -> tuple[Place, Snapshot]:
    """What lies in the folder PATH, and where that is; raises Refused."""
    root = path.resolve()
    checkout = checkout_of(root)
    if checkout is not None and root != checkout.top and checkout.path_of(root) not in checkout.folders:
        # A folder that only happens to lie in a checkout, as build products do.
        checkout = None
    walk = _Walk(root, checkout)
    walk.go()
    snapshot = Snapshot(
        revision=checkout.commit if checkout else "",
        tree=_tree(walk.files, walk.links),
        left_out=tuple(walk.left_out),
    )
    return _place(root, checkout), snapshot


def _place(root: Path, checkout: Checkout | None) -> Place:
    if checkout is None:
        return Place(source=local_source(str(root)))
    folder = checkout.path_of(root)
    part = "" if folder == "." else folder
    if checkout.remote:
        return place_of_address(checkout.remote, revision=checkout.commit, folder=part)
    return Place(source=local_source(str(checkout.top)), revision=checkout.commit, folder=part)


def _tree(files: dict[str, Path], links: dict[str, str]) -> FileTree:
    """FILES by path; only what lies in a skill is read to know its content."""
    found, _ = lenient_survey(files)
    inside = {name for place in found.skills for name in place.sources.values()}
    listed = {path: _file(place, is_read=path in inside) for path, place in files.items()}

    def read(paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return ((path, files[path].read_bytes()) for path in paths)

    return FileTree(files=listed, read=read, links=links)


def _file(place: Path, *, is_read: bool) -> UpstreamFile:
    try:
        size = place.stat().st_size
        if not is_read:
            return UpstreamFile(size, str(size))
        with place.open("rb") as file:
            return UpstreamFile(size, hashlib.file_digest(file, "sha256").hexdigest())
    except OSError:
        # Whoever reads it gets the same error, and says so where the skill is named.
        return UpstreamFile(0, "unreadable")


class _Walk:
    """Every file of the folder ROOT by its path from the top of its checkout, or from ROOT itself."""

    def __init__(self, root: Path, checkout: Checkout | None) -> None:
        self.root, self.checkout = root, checkout
        self.files: dict[str, Path] = {}
        self.links: dict[str, str] = {}
        self.left_out: list[LeftOut] = []

    def go(self) -> None:
        start = self.checkout.path_of(self.root) if self.checkout else "."
        self._visit(self.root, "" if start == "." else f"{start}/", (self.root,))
        if self.checkout:
            missing = self.checkout.tracked - self.files.keys() - {item.path for item in self.left_out}
            prefix = "" if start == "." else f"{start}/"
            self.left_out += [
                LeftOut(path, "Git tracks it, and it is not in the folder.")
                for path in sorted(missing)
                if path.startswith(prefix)
            ]

    def _visit(self, folder: Path, prefix: str, trail: tuple[Path, ...]) -> None:
        """What lies in FOLDER, under PREFIX; TRAIL are the folders that lead there."""
        if len(self.files) > _MOST_FILES:
            text = f"{self.root} has more than {_MOST_FILES:,} files, links counted each time."
            raise Refused(Problem("too_many_files", text, "Import a folder further down."))
        for place in sorted(folder.iterdir()):
            path = f"{prefix}{place.name}"
            if place.name == ".git":
                continue
            if not _is_utf8(place.name):
                self.left_out.append(LeftOut(ascii(path)[1:-1], "Its name is not UTF-8."))
            elif place.is_symlink():
                self._follow(place, path, trail)
            elif place.is_dir():
                self._enter(place, path, trail)
            else:
                self._take(place, path)

    def _take(self, file: Path, path: str) -> None:
        if not file.is_file():
            self.left_out.append(LeftOut(path, "It is neither a file nor a folder."))
        elif self._is_tracked(file):
            self.files[path] = file
        else:
            self.left_out.append(LeftOut(path, _UNTRACKED))

    def _enter(self, folder: Path, path: str, trail: tuple[Path, ...]) -> None:
        if self.checkout is None or self.checkout.path_of(folder) in self.checkout.folders:
            self._visit(folder, f"{path}/", (*trail, folder))
            return
        is_submodule = self.checkout.path_of(folder) in self.checkout.submodules
        reason = _SUBMODULE if is_submodule else _UNTRACKED
        self.left_out.append(LeftOut(f"{path}/", reason))
        # As one line, but for the skills in it: somebody may miss them.
        for skill_md in _skills_below(folder, path):
            self.left_out.append(LeftOut(skill_md, reason))

    def _follow(self, link: Path, path: str, trail: tuple[Path, ...]) -> None:
        if not self._is_tracked(link):
            self.left_out.append(LeftOut(path, _UNTRACKED))
            return
        try:
            target = link.resolve(strict=True)
        except (OSError, RuntimeError):
            self.left_out.append(LeftOut(path, "It is a link that leads nowhere."))
            return
        if not target.is_relative_to(self.root) or ".git" in target.relative_to(self.root).parts:
            self.left_out.append(LeftOut(path, "It is a link that leads out of what is imported."))
        elif target in trail:
            self.left_out.append(LeftOut(path, "It is a link to a folder that it lies in."))
        elif target.is_dir():
            self.links[path] = self._path_of(target)
            self._enter(target, path, trail)
        elif target.is_file() and self._is_tracked(target):
            self.links[path] = self._path_of(target)
            self.files[path] = target
        else:
            self.left_out.append(LeftOut(path, "It is a link to what Git does not track."))

    def _path_of(self, place: Path) -> str:
        """PLACE as `files` has it, "" for the top."""
        top = self.checkout.top if self.checkout else self.root
        return "" if place == top else place.relative_to(top).as_posix()

    def _is_tracked(self, place: Path) -> bool:
        return self.checkout is None or self.checkout.path_of(place) in self.checkout.tracked


def _skills_below(folder: Path, path: str) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_trace(name))
        inner = Path(place).relative_to(folder).as_posix()
        for name in sorted(names):
            if name.lower() == FILE.lower() and _is_utf8(f"{inner}{name}"):
                yield f"{path}/{name}" if inner == "." else f"{path}/{inner}/{name}"


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
