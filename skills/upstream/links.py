"""Symbolic links of a tree: those that lead to something in it stand for that, and no other is followed."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from skills.upstream.trees import LeftOut, UpstreamFile, below

LONGEST_TARGET = 1_000  # bytes
_MOST_LINKS = 1_000
_MOST_HOPS = 10  # from link to link

_OUT = "is a link that leads out of what this source reads."
_NOWHERE = "is a link that leads to nothing."
_ROUND = "is a link to a folder that it lies in."
_WITHIN = "is a link to a folder within a folder that is linked itself; only one of the two is followed."
_TOO_MANY = f"is a link, and more than {_MOST_LINKS:,} are not followed."


@dataclass
class Followed:
    """The files that links stand for, by the path of the link, and the links that stand for nothing.

    `targets` are the paths that links stand for, by that of the link.
    """

    files: dict[str, UpstreamFile] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    def leave_out(self, path: str, reason: str) -> None:
        self.left_out.append(LeftOut(path, reason))


def follow(links: Mapping[str, str], files: Mapping[str, UpstreamFile], most: int) -> Followed:
    """What LINKS, targets by path, stand for among FILES: at most MOST files and one, which is too many."""
    followed = Followed()
    to_folders: dict[str, str] = {}
    for number, path in enumerate(sorted(links)):
        target = _target(path, links) if number < _MOST_LINKS else None
        if target is None:
            followed.leave_out(path, _OUT if number < _MOST_LINKS else _TOO_MANY)
        elif target in files:
            followed.files[path] = files[target]
            followed.targets[path] = target
        else:
            to_folders[path] = target
    known = {**files, **followed.files}
    paths = tuple(sorted({*known, *to_folders}))
    for path, target in to_folders.items():
        if not target or path.startswith(f"{target}/"):
            followed.leave_out(path, _ROUND)
        elif inner := below(paths, target)[: most - len(followed.files) + 1]:
            followed.targets[path] = target
            _follow_folder(path, target, inner, known, followed)
        else:
            followed.leave_out(path, _NOWHERE)
    return followed


def _follow_folder(
    path: str, target: str, inner: Iterable[str], known: Mapping[str, UpstreamFile], followed: Followed
) -> None:
    """Let the link PATH stand for what lies INNER of the folder TARGET."""
    for found in inner:
        place = path + found.removeprefix(target)
        if found in known:
            followed.files[place] = known[found]
        else:
            followed.leave_out(place, _WITHIN)


def _target(path: str, links: Mapping[str, str]) -> str | None:
    """Where the link PATH leads, "" for the top; None out of the tree or round in circles."""
    at = path.split("/")[:-1]
    ahead = deque(links[path].split("/"))
    hops = 0
    if links[path].startswith("/"):
        return None
    while ahead:
        part = ahead.popleft()
        if part == "..":
            if not at:
                return None
            at.pop()
        elif part not in ("", "."):
            at.append(part)
            here = links.get("/".join(at))
            if here is not None:
                hops += 1
                if hops > _MOST_HOPS or here.startswith("/"):
                    return None
                at.pop()
                ahead.extendleft(reversed(here.split("/")))
    return "/".join(at)
