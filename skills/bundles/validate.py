"""Validates every bundle the same way: files in; a bundle, or every problem at once, out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from skills.bundles import hidden
from skills.bundles.binary import searchable
from skills.bundles.frontmatter import FILE, FrontMatter, read_front_matter
from skills.bundles.limits import BundleLimits, human
from skills.bundles.magic import decode
from skills.bundles.manifest import Manifest, read_manifest
from skills.bundles.opaque import opaque_file
from skills.bundles.pack import Archive, pack
from skills.bundles.paths import collisions, path_problem
from skills.bundles.secrets import find_secrets
from skills.bundles.text_places import is_program, text_problem
from skills.bundles.unpack import UnpackedPack, UnpackedSkill, chosen, unpack
from skills.bundles.worth_a_look import of_the_whole
from skills.lib.errors import Problem, ProblemSeverity, Refused
from skills.lib.progress import reading

_MOST_PROBLEMS = 300  # that are told at once


@dataclass(frozen=True)
class Bundle:
    """Accepted files with their manifest and the zip that will be served."""

    files: Mapping[str, bytes]
    manifest: Manifest
    archive: Archive
    skill_md: str

    def named(self, name: str) -> Self:
        """The same bytes under another NAME of the catalogue; SKILL.md says what it said."""
        return replace(self, manifest=self.manifest.named(name))


@dataclass
class Validation:
    """Every problem, and the bundle, which is None exactly when a problem is an error.

    `paths` are the folders of all skills in what was sent: where there are several, one must be chosen.
    """

    problems: list[Problem] = field(default_factory=list)
    bundle: Bundle | None = None
    paths: list[str] = field(default_factory=list)

    @property
    def is_pack(self) -> bool:
        """Whether several skills were sent, and nobody said which is meant."""
        return any(problem.code == "several_skills" for problem in self.errors)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == ProblemSeverity.ERROR]

    def accepted(self) -> Bundle:
        """The bundle; raises Refused with every error."""
        if self.bundle is None:
            raise Refused(self.errors)
        return self.bundle


def check(
    content: bytes | Mapping[str, bytes], limits: BundleLimits, folder: str = "", path: str = ""
) -> Validation:
    """Validate the skill in an archive, or in files by path; of several the one at PATH.

    The name of the FOLDER they lay in is that of a skill whose SKILL.md says none.
    """
    found = unpack(content, limits)
    try:
        skill = chosen(found, path)
    except Refused as refused:
        return Validation(refused.problems, paths=found.paths)
    report = check_skill(replace(skill, folder=skill.folder or folder), limits)
    report.paths = found.paths
    # What lies outside matters to who sent one skill; who sent several and names one knows of the others.
    if not path:
        report.problems = _worst_first([*report.problems, *found.problems, *_nested_notes(found)])
    return report


def check_files(files: Mapping[str, bytes], limits: BundleLimits, folder: str = "") -> Validation:
    """Validate files by path, as a folder upload or an editor hands them over."""
    return check(files, limits, folder)


def check_zip(data: bytes, limits: BundleLimits) -> Validation:
    """Validate an uploaded archive."""
    return check(data, limits)


def check_all(skills: Sequence[tuple[Mapping[str, bytes], str]], limits: BundleLimits) -> list[Validation]:
    """Validate many, each with its files and the folder they lay in; pure, so that a child can do it."""
    return [check_files(files, limits, folder) for files, folder in skills]


def check_skills(skills: Sequence[UnpackedSkill], limits: BundleLimits) -> list[Validation]:
    """Validate each of SKILLS; pure, so that another process can do it."""
    return [check_skill(skill, limits) for skill in skills]


def check_skill(skill: UnpackedSkill, limits: BundleLimits) -> Validation:
    """Validate one skill that was found and read."""
    if FILE not in skill.files:  # it is there and could not be read, and no other problem is worth a word
        return Validation(_worst_first(skill.problems))
    kept = skill.files
    problems = [*skill.problems, *_structure(kept, limits)]
    texts = {path: text for path, data in kept.items() if (text := decode(data)) is not None}
    for path, text in texts.items():
        reading(path)
        problems += hidden.refused_characters(text, path, is_program=is_program(path, kept[path]))
        problems += hidden.suspicious_text(text, path)
    problems += find_secrets({path: searchable(data) for path, data in kept.items()})
    reading(FILE)
    matter, matter_problems = _front_matter(kept, limits)
    problems += hidden.controls_in_front_matter(matter.raw, matter.first_line)
    # Where SKILL.md cannot be read, what is missing in it would only be told again.
    manifest, manifest_problems = (None, []) if matter_problems else read_manifest(matter, kept, skill.folder)
    problems += [*matter_problems, *manifest_problems]
    if manifest is not None:
        problems += of_the_whole(kept, manifest)
    report = Validation(_worst_first(problems))
    if manifest is not None and not report.errors:
        report.bundle = Bundle(kept, manifest, pack(kept), texts[FILE])
    return report


def _nested_notes(found: UnpackedPack) -> list[Problem]:
    """Skills below the one at the top, which stay its files."""
    return [
        Problem(
            "several_skills",
            f"{path} is a skill too, and stays a folder of this one.",
            f"By API ?path={path} publishes it by itself; else send its folder alone.",
            file=f"{path}/{FILE}",
            severity=ProblemSeverity.NOTE,
        )
        for path in found.paths
        if path and found.paths[0] == ""
    ]


def _worst_first(problems: list[Problem]) -> list[Problem]:
    """PROBLEMS, each once; where there are more than anybody reads, the rest as a number."""
    ordered = sorted(set(problems), key=_display_order)
    more = len(ordered) - _MOST_PROBLEMS
    if more <= 0:
        return ordered
    rest = Problem(
        "more_problems",
        f"There are {more:,} more problems.",
        "Mend these first.",
        severity=ordered[0].severity,
    )
    return [*ordered[:_MOST_PROBLEMS], rest]


def _display_order(problem: Problem) -> tuple[int, str, int, str]:
    rank = list(ProblemSeverity).index(problem.severity)
    return rank, problem.file, problem.line, problem.text


def _structure(files: Mapping[str, bytes], limits: BundleLimits) -> list[Problem]:
    problems = [problem for path in sorted(files) if (problem := path_problem(path, limits)) is not None]
    problems += collisions(files)
    for path, data in sorted(files.items()):
        if problem := opaque_file(path, data):
            problems.append(problem)
    return problems


def _front_matter(files: Mapping[str, bytes], limits: BundleLimits) -> tuple[FrontMatter, list[Problem]]:
    if len(files[FILE]) > limits.skill_md:
        text = f"SKILL.md has {human(len(files[FILE]))}; at most {human(limits.skill_md)} are read."
        return FrontMatter(), [Problem("too_large", text, "Move text into references/.", file=FILE)]
    if problem := text_problem(FILE, files[FILE]):
        return FrontMatter(), [problem]
    # With its byte order mark, which `texts` is without: not every reader passes over it.
    matter = read_front_matter(files[FILE].decode(), limits)
    return matter, matter.problems if matter.is_dangerous else []
