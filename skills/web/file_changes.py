"""What changed between two versions, file by file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from skills.bundles.compare import PathChange, PathChangeKind, compare
from skills.bundles.file_diffs import FileDiff, Showing, diff_files, not_compared
from skills.catalog.models import File, Version
from skills.delivery.content import all_files, file_bytes
from skills.lib import soft_cache
from skills.lib.diff import Spot
from skills.lib.limited import LimitReached, Limits, run_limited
from skills.web.threads import PlacedTalk

_LIMITS = Limits(processor_seconds=5, seconds=15)  # of one page
_COLOURING = Limits(processor_seconds=2, seconds=8)
_UNREAD_SECONDS = 3_600  # after which lexers are asked again that took too long
_FEW = 3  # files that are read one by one; more are read with the whole zip


@dataclass(kw_only=True)
class FileChange:
    """One file that differs.

    `talk` is what was said beside its lines. One that is put off is compared when somebody asks for it or
    scrolls to it; `why_folded` says why it waits to be asked for. `sha256` is that of the new bytes, "" of a
    file that was removed.
    """

    diff: FileDiff
    sha256: str = ""
    size: int = 0
    is_put_off: bool = False
    why_folded: str = ""
    is_viewed: bool = False
    is_whole: bool = False
    talk: PlacedTalk = field(default_factory=PlacedTalk)

    @property
    def path(self) -> str:
        return self.diff.path

    @property
    def is_shown_whole(self) -> bool:
        return self.diff.rows is not None and not self.diff.unshown


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What of a comparison is wanted: of all files or of `only` one, in full or as much as `at_once` bytes.

    With `most` they are so many files from place `start` on. The file at `asked` is compared whatever room
    there is. `whole` and `spots` are by path: files to show with every line, and lines to show though they
    are the same. `folded` says by path why a file waits.
    """

    only: str = ""
    start: int = 0
    most: int | None = None
    at_once: int | None = None
    asked: str = ""
    whole: Collection[str] = ()
    spots: Mapping[str, Collection[Spot]] = field(default_factory=dict)
    folded: Mapping[str, str] = field(default_factory=dict)


EVERYTHING = Wish()


def paths_changed(old: Version | None, new: Version) -> list[PathChange]:
    """Every file that differs; all files of NEW where there is no OLD."""
    before = {file.path: file.sha256 for file in old.files.all()} if old else {}
    after = {file.path: file.sha256 for file in new.files.all()}
    return [change for change in compare(before, after) if change.kind != PathChangeKind.SAME]


def changed_files(old: Version | None, new: Version, wish: Wish = EVERYTHING) -> list[FileChange]:
    """Every file that differs, as far as WISH asks for it."""
    before, after = _files(old), _files(new)
    changes = paths_changed(old, new)
    if wish.only:
        changes = [change for change in changes if change.path == wish.only] or _unchanged(wish, after)
    elif wish.most is not None:
        changes = changes[wish.start : wish.start + wish.most]
    sizes = {
        change.path: _size(before.get(change.path)) + _size(after.get(change.path)) for change in changes
    }
    wanted = _wanted(changes, sizes, wish)
    diffs = {diff.path: diff for diff in _diffs(old, new, wanted, wish)}
    return [
        FileChange(
            diff=diffs.get(change.path) or not_compared(change),
            sha256=after[change.path].sha256 if change.path in after else "",
            size=sizes[change.path],
            is_put_off=change.path not in diffs,
            why_folded="" if change.path in diffs else wish.folded.get(change.path, ""),
            is_whole=change.path in wish.whole,
        )
        for change in changes
    ]


def _unchanged(wish: Wish, files: Mapping[str, File]) -> list[PathChange]:
    """The one file that is asked for, where nothing changed in it and it is to be shown all the same."""
    is_asked = wish.only in files and (wish.only in wish.spots or wish.only in wish.whole)
    return [PathChange(wish.only, PathChangeKind.SAME)] if is_asked else []


def _files(version: Version | None) -> dict[str, File]:
    return {file.path: file for file in version.files.all()} if version else {}


def _size(file: File | None) -> int:
    return file.size if file else 0


def _wanted(changes: Sequence[PathChange], sizes: Mapping[str, int], wish: Wish) -> list[PathChange]:
    """Those of CHANGES that are compared now: in their order, as long as there is room."""
    room = wish.at_once
    wanted = []
    for change in changes:
        if change.path in wish.folded and not wish.only:
            continue
        if room is not None:
            room -= sizes[change.path]
        if room is None or room >= 0 or change.path == wish.asked:
            wanted.append(change)
    return wanted


def _diffs(old: Version | None, new: Version, changes: list[PathChange], wish: Wish) -> list[FileDiff]:
    """The differences that CHANGES name, with colours where their lexers are quick."""
    if not changes:
        return []
    paths = {change.path for change in changes}
    sides = _bytes_of(old, paths), _bytes_of(new, paths)
    # One text must not hide what changed in all the others, and not keep the readers from everybody.
    key = f"no colours:{old.digest if old else ''}:{new.digest}"
    if soft_cache.get(key) is None:
        try:
            return run_limited(_COLOURING, diff_files, *sides, changes, _showings(paths, wish, coloured=True))
        except LimitReached:
            soft_cache.put(key, "", _UNREAD_SECONDS)
    try:
        return run_limited(_LIMITS, diff_files, *sides, changes, _showings(paths, wish, coloured=False))
    except LimitReached:
        return [not_compared(change) for change in changes]


def _showings(paths: Collection[str], wish: Wish, *, coloured: bool) -> dict[str, Showing]:
    return {
        path: Showing(whole=path in wish.whole, spots=list(wish.spots.get(path, ())), is_coloured=coloured)
        for path in paths
    }


def _bytes_of(version: Version | None, paths: Collection[str]) -> dict[str, bytes]:
    """The files at PATHS, as far as VERSION has them."""
    if version is None or not version.has_content:
        return {}
    files = [file for file in version.files.all() if file.path in paths]
    if len(files) <= _FEW:
        return {file.path: file_bytes(version, file) for file in files}
    return {path: data for path, data in all_files(version).items() if path in paths}
