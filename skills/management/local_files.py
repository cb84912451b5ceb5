"""The files in an archive, or in JSON lines of skills, on this machine."""

import gzip
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO

from django.conf import settings

from skills.bundles.frontmatter import FILE
from skills.bundles.packs import survey
from skills.bundles.unpack import unpack_tree
from skills.catalog import uploads
from skills.flows.intake.place import Place, local_source
from skills.lib.errors import ProblemSeverity, Refused
from skills.lib.limited import LimitReached, run_limited
from skills.upstream.trees import FileTree, LeftOut, Snapshot, UpstreamFile


def archive_at(path: Path) -> tuple[Place, Snapshot]:
    """What the archive PATH holds; raises Refused where it cannot be read."""
    # Whoever may run this command may bring a whole repository.
    limits = replace(uploads.limits(), archive=settings.LIMIT_PACK_UNPACKED)
    try:
        unpacked = run_limited(uploads.check_limits(), unpack_tree, path.read_bytes(), limits)
    except LimitReached as reached:
        raise uploads.too_costly(reached) from reached
    if errors := [problem for problem in unpacked.problems if problem.severity == ProblemSeverity.ERROR]:
        raise Refused(errors)
    # The folder around everything carries the commit's name in some archives: the paths below it stay.
    top = survey(unpacked.files).top
    files = {_below(top, name): data for name, data in unpacked.files.items()}
    left_out = [LeftOut(_below(top, name), reason) for name, reason in unpacked.left_out.items()]
    return _place(path), Snapshot(revision="", tree=_tree(files), left_out=tuple(left_out))


def _below(top: str, name: str) -> str:
    """NAME without the folder TOP, which holds nearly everything; "" is none."""
    return name.removeprefix(f"{top}/") if top else name


def lines_at(path: Path) -> tuple[Place, Snapshot]:
    """The skills of PATH: lines of JSON with owner, slug and skill_md, perhaps in gzip."""
    files: dict[str, bytes] = {}
    with _open(path) as lines:
        for line in lines:
            row = json.loads(line)
            files[f"{row['owner']}/{row['slug']}/{FILE}"] = row["skill_md"].encode()
    return _place(path), Snapshot(revision="", tree=_tree(files))


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8")
    return path.open(encoding="utf-8")


def _place(path: Path) -> Place:
    return Place(source=local_source(str(path.resolve())))


def _tree(files: Mapping[str, bytes]) -> FileTree:
    def read(paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return ((path, files[path]) for path in paths)

    listed = {path: UpstreamFile(len(data), hashlib.sha256(data).hexdigest()) for path, data in files.items()}
    return FileTree(listed, read)
