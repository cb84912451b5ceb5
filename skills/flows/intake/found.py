"""Reads the skills of a snapshot one by one: the files of each that come along, and what stays behind."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from skills.bundles.frontmatter import FILE
from skills.bundles.limits import BundleLimits, human
from skills.bundles.skill_folders import SkillFolder, skill_folders
from skills.lib.errors import Problem, ProblemSeverity, Refused
from skills.upstream.trees import Snapshot

TOP = "."  # how the top of a source is written where a path is shown or kept
_LONGEST_PATH = 500  # characters that are kept
_SHORTEN = "Leave out what the agent does not need."


@dataclass(frozen=True, kw_only=True)
class FoundSkill:
    """One skill as it lies in its source; `files` are under their paths in the bundle.

    `mark` is equal as long as everything that lies there is. `files` are empty where there are `problems`,
    and where the mark was known.
    """

    path: str
    skill_md: str
    mark: str
    files: dict[str, bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    left_out: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()


class Reader:
    """The skills of SNAPSHOT; those whose marks its caller knows are not read."""

    def __init__(self, snapshot: Snapshot, limits: BundleLimits) -> None:
        self.snapshot, self.tree, self.limits = snapshot, snapshot.tree, limits
        folders = sorted(skill_folders(self.tree.paths), key=lambda folder: folder.path, reverse=True)
        # The first keeps a name that several have: the one nearest to the top. Among equals any order would
        # do that is the same each time.
        self.folders = sorted(folders, key=lambda folder: folder.path.count("/"))

    @property
    def paths(self) -> frozenset[str]:
        """Where there are skills, those included that the snapshot did not read again."""
        return frozenset(folder.path or TOP for folder in self.folders) | self.snapshot.unchanged

    def skills(self, known: Mapping[str, str]) -> Iterator[FoundSkill]:
        """Every skill, in the order in which they get their names; KNOWN are marks by path."""
        seen: set[str] = set()
        for folder in self.folders:
            skill = self._without_files(folder)
            # Of the same files at several new paths only the first are read.
            if known.get(skill.path, skill.mark if skill.mark in seen else "") == skill.mark:
                yield skill
            else:
                yield self._read(folder, skill)
            seen.add(skill.mark)

    def _without_files(self, folder: SkillFolder) -> FoundSkill:
        left_out = [
            _left_out(folder.inner(item.path) or item.path, item.reason)
            for item in self.snapshot.left_out
            if folder.holds(item.path)
        ]
        left_out += [
            _left_out(folder.inner(path), "Hidden files configure tools, not skills.")
            for path in folder.files
            if _is_hidden(folder.inner(path))
        ]
        spelled = folder.inner(folder.skill_md)
        return FoundSkill(
            path=folder.path or TOP,
            skill_md=folder.skill_md,
            mark=self.tree.mark(folder.path),
            notes=() if spelled == FILE else (f"{spelled} is called {FILE} here",),
            left_out=tuple(left_out),
        )

    def _read(self, folder: SkillFolder, skill: FoundSkill) -> FoundSkill:
        kept = [path for path in folder.files if not _is_hidden(folder.inner(path))]
        problem = self._too_much(skill, kept)
        if problem is not None:
            return replace(skill, problems=(problem,))
        try:
            files = {folder.inner(path): data for path, data in self.tree.read(kept)}
        except Refused as refused:
            return replace(skill, problems=tuple(refused.problems))
        except OSError as error:
            text = f"A file cannot be read: {error}."
            return replace(skill, problems=(Problem("unreadable_file", text, "Look at its rights."),))
        spelled = folder.inner(folder.skill_md)
        if spelled != FILE:
            files[FILE] = files.pop(spelled)
        return replace(skill, files=files)

    def _too_much(self, skill: FoundSkill, paths: Sequence[str]) -> Problem | None:
        """Why the files are not even read: no bundle could hold them."""
        if len(skill.path) > _LONGEST_PATH:
            text = (
                f"The path of the skill has {len(skill.path)} characters; at most {_LONGEST_PATH} are kept."
            )
            return Problem("bad_path", text, "Move it to a folder nearer to the top.")
        if len(paths) > self.limits.files:
            text = f"There are {len(paths)} files; at most {self.limits.files} are accepted."
            return Problem("too_many_files", text, _SHORTEN)
        total = sum(self.tree.files[path].size for path in paths)
        if total > self.limits.unpacked:
            text = f"The files have {human(total)}; at most {human(self.limits.unpacked)} are accepted."
            return Problem("too_large", text, _SHORTEN)
        return None


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/"))


def _left_out(path: str, reason: str) -> Problem:
    text = f"{path} was left out: {reason[:1].lower()}{reason[1:].rstrip('.')}."
    return Problem("left_out", text, file=path, severity=ProblemSeverity.NOTE)
