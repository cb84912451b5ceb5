"""Reads the skills of a snapshot one by one: the files of each that come along, and what stays behind."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from skills.bundles.frontmatter import FILE
from skills.bundles.limits import BundleLimits, human
from skills.bundles.packs import SkillPlace, folders_above, lenient_survey
from skills.lib.errors import Problem, ProblemSeverity, Refused
from skills.upstream.trees import LeftOut, Snapshot

TOP = "."  # how the top of a source is written where a path is shown or kept
_NOTES = frozenset({"renamed", "folder_collision"})  # codes of what a survey says of a whole skill
_LONGEST_PATH = 500  # characters that are kept
_SHORTEN = "Leave out what the agent does not need."


@dataclass(frozen=True, kw_only=True)
class FoundSkill:
    """One skill as it lies in its source; `files` are under their paths in the bundle.

    `mark` is equal as long as everything that lies there is, and `original` the path that `path` stands for
    where a link leads to it, else the same. `files` are empty where there are `problems`, and where the mark
    was known.
    """

    path: str
    original: str
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
        found, unsafe = lenient_survey(self.tree.paths)
        left_out = [LeftOut(path, problem.text) for path, problem in unsafe.items()]
        self._left_out = sorted([*snapshot.left_out, *left_out], key=_path_of)
        self.top, self._outside = found.top, found.problems
        places = sorted(found.skills, key=lambda place: place.path, reverse=True)
        # The first keeps a name that several have: what no link leads to, then the one nearest to the top.
        # Among equals any order would do that is the same each time.
        self._listed = frozenset(map(self._path, places))
        self.places = sorted(places, key=lambda place: (self._has_link(place), place.path.count("/")))

    def _has_link(self, place: SkillPlace) -> bool:
        """Whether the SKILL.md of PLACE lies elsewhere; other files of it may be its own."""
        skill_md = place.sources[FILE]
        return self.tree.original(skill_md) != skill_md

    def _original(self, place: SkillPlace) -> str:
        """The path of the skill whose files links make those of PLACE; else its own."""
        skill_md = place.sources[FILE]
        folder, original = (path.rpartition("/")[0] for path in (skill_md, self.tree.original(skill_md)))
        is_link = original in self._listed and self.tree.mark(original) == self.tree.mark(folder)
        return original if is_link else self._path(place)

    def _is_link(self, place: SkillPlace) -> bool:
        return self._original(place) != self._path(place)

    @property
    def links(self) -> frozenset[str]:
        """Where skills lie only because a link leads to them."""
        return frozenset(self._path(place) for place in self.places if self._is_link(place))

    @property
    def paths(self) -> frozenset[str]:
        """Where there are skills, those included that the snapshot did not or could not read."""
        unread = {item.path.rpartition("/")[0] or TOP for item in self.unread}
        return self._listed | self.snapshot.unchanged | unread

    @property
    def unlisted(self) -> frozenset[str]:
        """Folders that are still the same, and of which the snapshot has no files."""
        return self.snapshot.unchanged - self._listed

    def _path(self, place: SkillPlace) -> str:
        """That of PLACE in the whole source, where a folder that holds everything counts too."""
        return "/".join(part for part in (self.top, place.path) if part) or TOP

    def skills(self, known: Mapping[str, str]) -> Iterator[FoundSkill]:
        """Every skill, in the order in which they get their names; KNOWN are marks by path."""
        seen: set[str] = set()
        for place in self.places:
            skill = self._without_files(place)
            # Of the same files at several new paths only the first are read, and of a link none.
            is_copy = skill.mark in seen and (skill.path not in known or skill.original != skill.path)
            if is_copy or known.get(skill.path) == skill.mark:
                yield skill
            else:
                yield self._read(self._sources(place), skill)
            seen.add(skill.mark)

    def _sources(self, place: SkillPlace) -> Mapping[str, str]:
        """The files of PLACE; where it is the whole source, other skills in it are its neighbours."""
        if place.path:
            return place.sources
        others = tuple(f"{other.path}/" for other in self.places if other.path)
        return {path: name for path, name in place.sources.items() if not path.startswith(others)}

    @property
    def unread(self) -> list[LeftOut]:
        """Each SKILL.md, in whatever case it is written, that the snapshot could not give."""
        return [item for item in self._left_out if _is_skill_md(item.path)]

    @property
    def outside(self) -> list[Problem]:
        """What lies in no skill and was left out."""
        folders = {place.sources[FILE].rpartition("/")[0] for place in self.places}
        others = [
            item
            for item in self._left_out
            if not _is_skill_md(item.path) and folders.isdisjoint(folders_above(item.path))
        ]
        return [*self._outside, *(_left_out(item, "") for item in others)]

    def _without_files(self, place: SkillPlace) -> FoundSkill:
        skill_md = place.sources[FILE]
        folder = skill_md.rpartition("/")[0]
        notes = [problem.text for problem in place.problems if problem.code in _NOTES]
        left_out = [_left_out(item, folder) for item in self._left_out_below(folder)]
        return FoundSkill(
            path=self._path(place),
            original=self._original(place),
            skill_md=skill_md,
            mark=self.tree.mark(folder),
            notes=tuple(notes),
            left_out=(*left_out, *(problem for problem in place.problems if problem.code == "left_out")),
            problems=tuple(
                problem for problem in place.problems if problem.severity == ProblemSeverity.ERROR
            ),
        )

    def _left_out_below(self, folder: str) -> list[LeftOut]:
        if not folder:
            return self._left_out
        # As in trees.below: "0" is what follows "/".
        start, stop = (bisect_left(self._left_out, f"{folder}{end}", key=_path_of) for end in "/0")
        return self._left_out[start:stop]

    def _read(self, sources: Mapping[str, str], skill: FoundSkill) -> FoundSkill:
        problem = self._too_much(skill, list(sources.values()))
        if problem is not None:
            return replace(skill, problems=(*skill.problems, problem))
        path_of = {name: path for path, name in sources.items()}
        try:
            files = {path_of[name]: data for name, data in self.tree.read(sources.values())}
        except Refused as refused:
            return replace(skill, problems=(*skill.problems, *refused.problems))
        except OSError as error:
            text = f"A file cannot be read: {error}."
            return replace(skill, problems=(Problem("unreadable_file", text, "Look at its rights."),))
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


def _is_skill_md(path: str) -> bool:
    return path.rpartition("/")[2].lower() == FILE.lower()


def _path_of(item: LeftOut) -> str:
    return item.path


def _left_out(item: LeftOut, folder: str) -> Problem:
    path = item.path.removeprefix(f"{folder}/") if folder else item.path
    text = f"{path} was left out: {item.reason[:1].lower()}{item.reason[1:].rstrip('.')}."
    return Problem("left_out", text, file=path, severity=ProblemSeverity.NOTE)
