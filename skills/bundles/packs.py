"""Finds the skills in a tree of files, by the names of the files alone: of an archive, a folder, a commit.

`survey` is the whole of it. Whoever has the tree then reads only the files that a skill keeps.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from skills.bundles.frontmatter import FILE
from skills.bundles.leftovers import is_trace, leftover
from skills.bundles.nearly_skills import reason_to_leave_out
from skills.bundles.paths import same_for_some, unsafe_path_problem
from skills.lib.errors import Problem, ProblemSeverity

_MOST_FOLDERS = 40  # that a skill may lie deep in a tree: each is asked for each file


@dataclass(frozen=True, kw_only=True)
class SkillPlace:
    """One skill of a tree. `path` is its folder within the tree's `top`, "" where the tree is the skill.

    `sources` says for each path of the bundle under which name the tree holds it. `problems` are notes on
    what was left out or renamed, and errors where two names became one.
    """

    path: str
    sources: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Survey:
    """The skills of a tree, sorted by path, and notes on what lies in none of them.

    `top` is the one folder that holds everything, "" where there is none. An error among the problems refuses
    the whole tree: a name in it leads elsewhere.
    """

    top: str
    skills: list[SkillPlace]
    problems: list[Problem]


@dataclass(frozen=True)
class _Entry:
    """A file: its name in the tree, and the path that the name means."""

    name: str
    path: str

    @property
    def is_composed(self) -> bool:
        """Whether its accents were put together, which macOS keeps apart."""
        return not self.name.replace("\\", "/").endswith(self.path)

    @property
    def has_backslash(self) -> bool:
        return "\\" in self.name


def survey(names: Iterable[str]) -> Survey:
    """The skills among files called NAMES."""
    found, unsafe = lenient_survey(names)
    return Survey("", [], list(unsafe.values())) if unsafe else found


def lenient_survey(names: Iterable[str]) -> tuple[Survey, dict[str, Problem]]:
    """The same without those of NAMES that lead elsewhere, and why by name."""
    every = [_Entry(name, _path(name)) for name in sorted(names)]
    unsafe = {entry.name: problem for entry in every if (problem := unsafe_path_problem(entry.path))}
    entries = [entry for entry in every if entry.name not in unsafe]
    top = _top(entries)
    if top:
        entries = [_Entry(entry.name, entry.path.removeprefix(f"{top}/")) for entry in entries]
    members: dict[str, list[_Entry]] = {folder: [] for folder in _skill_folders(entries)}
    outside: list[str] = []
    for entry in entries:
        holders = [folder for folder in folders_above(entry.path) if folder in members]
        for folder in holders:
            members[folder].append(entry)
        if not holders:
            outside.append(entry.path)
    skills = [_place(folder, members[folder]) for folder in sorted(members)]
    _tell_twins(skills)
    return Survey(top, skills, _outside_notes(outside, members)), unsafe


def _path(name: str) -> str:
    """The path NAME means: PowerShell writes backslashes, tar begins with './', macOS takes accents apart."""
    path = unicodedata.normalize("NFC", name.replace("\\", "/"))
    while path.startswith("./"):
        path = path[2:].lstrip("/") if path[2:3] == "/" else path[2:]
    return path


def below_top(top: str, name: str) -> str:
    """NAME without the TOP of its survey, however its archive writes that; as it is where it is elsewhere."""
    bare, start = name.replace("\\", "/"), 0
    while bare.startswith("./", start):
        start += len("./")
    end = bare.find("/", start)
    return name[end + 1 :] if end >= 0 and _path(bare[start:end]) == top else name


def _top(entries: Sequence[_Entry]) -> str:
    """The one folder that holds every file but traces and hidden files beside it."""
    folders: set[str] = set()
    for entry in entries:
        first, slash, _ = entry.path.partition("/")
        if slash:
            folders.add(first)
        elif leftover(first) is None:
            return ""
    tops = [folder for folder in folders if not is_trace(folder)]
    return tops[0] if len(tops) == 1 else ""


def _skill_folders(entries: Iterable[_Entry]) -> set[str]:
    """Each folder with a SKILL.md, in any spelling."""
    paths = (entry.path for entry in entries)
    found = (path.rpartition("/")[0] for path in paths if _is_skill_md(path) and not is_trace(path))
    return {folder for folder in found if folder.count("/") < _MOST_FOLDERS}


def _is_skill_md(path: str) -> bool:
    return path.rpartition("/")[2].lower() == FILE.lower()


def folders_above(path: str) -> list[str]:
    """Every folder that PATH lies in and a skill may, from the top, which is ""."""
    parts = path.split("/", _MOST_FOLDERS + 1)[:-1]
    return ["", *("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))]


def _place(folder: str, entries: Sequence[_Entry]) -> SkillPlace:
    """The skill in FOLDER, of the ENTRIES that lie in it."""
    place = SkillPlace(path=folder)
    left_out: Counter[tuple[str, str]] = Counter()
    start = len(folder) + 1 if folder else 0
    skill_md = _skill_md_of([entry.path[start:] for entry in entries])
    for entry in entries:
        path = entry.path[start:]
        if left := leftover(path):
            left_out[left.place, left.reason] += 1
            continue
        if path == skill_md != FILE:
            place.problems.append(_note("renamed", f"{path} was taken as {FILE}.", FILE))
            path = FILE
        if path in place.sources:
            text = f"The files hold {path!r} twice{_difference(place.sources[path], entry.name)}."
            place.problems.append(Problem("duplicate_file", text, "Keep one of the two.", file=path))
        elif entry.is_composed:
            text = f"{path}: accents of its name were joined to their letters (Unicode NFC)."
            place.problems.append(_note("renamed", text, path))
        place.sources[path] = entry.name
    if any(entry.has_backslash for entry in entries):
        text = "Backslashes in names were read as folders, as Windows means them."
        place.problems.append(_note("renamed", text))
    place.problems.extend(_leftover_notes(left_out))
    return place


def _difference(first: str, second: str) -> str:
    """How two names of a tree differ that mean the same path; "" where they do not."""
    if "\\" in first + second and first.replace("\\", "/") == second.replace("\\", "/"):
        return ", with slashes and with backslashes"
    if first != second and unicodedata.normalize("NFC", first) == unicodedata.normalize("NFC", second):
        return ", its accents joined to their letters and apart from them (Unicode NFC and NFD)"
    return f", as {first!a} and {second!a}" if first != second else ""


def _tell_twins(skills: Iterable[SkillPlace]) -> None:
    """Note where folders of skills are one folder on some systems: a copy made there lacks a skill."""
    first: dict[str, str] = {}
    for place in skills:
        other = first.setdefault(same_for_some(place.path), place.path)
        if other != place.path:
            text = f"The folders {shown(place.path)} and {shown(other)} are the same on some systems."
            place.problems.append(_note("folder_collision", f"{text} Windows and macOS show one skill."))


def _skill_md_of(paths: Sequence[str]) -> str:
    """Which of PATHS is the skill's text; the right spelling comes before all others."""
    found = sorted(path for path in paths if "/" not in path and _is_skill_md(path))
    return FILE if FILE in found else found[0]


def _outside_notes(paths: Iterable[str], skills: Iterable[str]) -> list[Problem]:
    """What lies in no skill: whole folders where no skill is below them."""
    above = {folder for skill in skills for folder in folders_above(f"{skill}/")}
    counted: Counter[tuple[str, str]] = Counter()
    for path in paths:
        left = leftover(path)
        folder = next((folder for folder in folders_above(path)[1:] if folder not in above), "")
        place = f"{folder}/" if folder else path
        if left and len(left.place) <= len(place):
            place = left.place
        reason = left.reason if left and left.place == place else "it lies outside of every skill"
        if left is None and (nearly := reason_to_leave_out(path)):
            place, reason = path, nearly
        counted[place, reason] += 1
    return _leftover_notes(counted)


def _leftover_notes(counted: Counter[tuple[str, str]]) -> list[Problem]:
    """One note for each place with its reason, which say how many files it holds."""
    notes = []
    for (place, reason), count in counted.items():
        files = f" ({count:,} files)" if count > 1 else ""
        notes.append(_note("left_out", f"{shown(place)}{files} was left out: {reason}.", place))
    return notes


def _note(code: str, text: str, file: str = "") -> Problem:
    return Problem(code, text, file=file, severity=ProblemSeverity.NOTE)


def shown(path: str) -> str:
    """PATH as it can stand in a text: letters that move or hide others are written out."""
    return path if path.isprintable() else ascii(path)
