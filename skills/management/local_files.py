"""The files in an archive, or in JSON lines of skills, on this machine."""

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec
from django.conf import settings

from skills.bundles.frontmatter import FILE
from skills.bundles.packs import below_top, survey
from skills.bundles.unpack import unpack_tree
from skills.catalog import uploads
from skills.flows.intake.place import Place, local_source
from skills.lib.errors import Problem, ProblemSeverity, Refused
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
    files = {below_top(top, name): data for name, data in unpacked.files.items()}
    left_out = [LeftOut(below_top(top, name), reason) for name, reason in unpacked.left_out.items()]
    return _place(path), Snapshot(revision="", tree=_tree(files), left_out=tuple(left_out))


class _SkillLine(msgspec.Struct):
    owner: str
    slug: str
    skill_md: str


def lines_at(path: Path) -> tuple[Place, Snapshot]:
    """The skills of PATH: lines of JSON with owner, slug and skill_md, perhaps in gzip; raises Refused."""
    files: dict[str, bytes] = {}
    left_out: list[LeftOut] = []
    for number, line in _numbered_lines(path):
        skill_md = f"{line.owner}/{line.slug}/{FILE}"
        if skill_md in files:
            left_out.append(LeftOut(skill_md, f"Line {number} names it again; the first one counts."))
        else:
            files[skill_md] = line.skill_md.encode()
    return _place(path), Snapshot(revision="", tree=_tree(files), left_out=tuple(left_out))


def _numbered_lines(path: Path) -> Iterator[tuple[int, _SkillLine]]:
    decoder = msgspec.json.Decoder(_SkillLine)
    number = 0
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        remedy = "Each line is an object of JSON with the texts owner, slug and skill_md."
        raise Refused(Problem("bad_json", f"Line {number}: {error}.", remedy)) from None
    except (EOFError, zlib.error) as error:
        what = f"The gzip is cut off or damaged after line {number}: {error}."
        raise Refused(Problem("bad_archive", what, "Download or copy it again.")) from None


def _place(path: Path) -> Place:
    return Place(source=local_source(str(path.resolve())))


def _tree(files: Mapping[str, bytes]) -> FileTree:
    def read(paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return ((path, files[path]) for path in paths)

    listed = {path: UpstreamFile(len(data), hashlib.sha256(data).hexdigest()) for path, data in files.items()}
    return FileTree(files=listed, read=read)
