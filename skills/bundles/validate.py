"""Validates every bundle the same way: files in; a bundle, or every problem at once, out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from skills.bundles import hidden
from skills.bundles.archive import read_zip
from skills.bundles.binary import searchable
from skills.bundles.frontmatter import FILE, FrontMatter, read_front_matter
from skills.bundles.limits import BundleLimits, human
from skills.bundles.magic import decode
from skills.bundles.manifest import Manifest, read_manifest
from skills.bundles.opaque import opaque_file
from skills.bundles.pack import Archive, pack
from skills.bundles.paths import collisions, is_junk, path_problem
from skills.bundles.secrets import find_secrets
from skills.bundles.text_places import is_program, text_problem
from skills.lib.errors import Problem, ProblemSeverity, Refused
from skills.lib.progress import reading

_MOST_PROBLEMS = 300  # that are told at once
_SHORTEN = "Leave out what the agent does not need."


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
    """Every problem, and the bundle, which is None exactly when a problem is an error."""

    problems: list[Problem] = field(default_factory=list)
    bundle: Bundle | None = None

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == ProblemSeverity.ERROR]

    def accepted(self) -> Bundle:
        """The bundle; raises Refused with every error."""
        if self.bundle is None:
            raise Refused(self.errors)
        return self.bundle


def check(content: bytes | Mapping[str, bytes], limits: BundleLimits, folder: str = "") -> Validation:
    """Validate a zip, or files by path; FOLDER as in `check_files`."""
    if isinstance(content, bytes):
        return check_zip(content, limits, folder)
    return check_files(content, limits, folder)


def check_zip(data: bytes, limits: BundleLimits, folder: str = "") -> Validation:
    """Validate an uploaded zip."""
    try:
        files, notes = read_zip(data, limits)
    except Refused as refusal:
        return Validation(refusal.problems)
    report = check_files(files, limits, folder)
    report.problems[:0] = notes
    return report


@dataclass(frozen=True)
class UnpackedZip:
    """The files of a zip by path, or why it cannot be read."""

    files: dict[str, bytes]
    problems: list[Problem]


def unpacked_zip(data: bytes, limits: BundleLimits) -> UnpackedZip:
    """The files of a zip as `check_zip` would see them, before any of them is looked at."""
    try:
        files, _ = read_zip(data, limits)
    except Refused as refusal:
        return UnpackedZip({}, refusal.problems)
    return UnpackedZip(unwrap(files), [])


def check_all(skills: Sequence[tuple[Mapping[str, bytes], str]], limits: BundleLimits) -> list[Validation]:
    """Validate many, each with its files and the folder they lay in; pure, so that a child can do it."""
    return [check_files(files, limits, folder) for files, folder in skills]


def check_files(files: Mapping[str, bytes], limits: BundleLimits, folder: str = "") -> Validation:
    """Validate files by path, as a folder upload or an editor hands them over.

    The name of the FOLDER they lay in is that of a skill whose SKILL.md says none.
    """
    notes = [
        Problem("left_out", f"{path} was left out.", file=path, severity=ProblemSeverity.NOTE)
        for path in sorted(files)
        if is_junk(path)
    ]
    brought = {path: data for path, data in files.items() if not is_junk(path)}
    kept = unwrap(brought)
    folder = folder or _wrapper(brought)
    problems = [*notes, *_structure(kept, limits)]
    texts = {path: text for path, data in kept.items() if (text := decode(data)) is not None}
    for path, text in texts.items():
        reading(path)
        problems += hidden.refused_characters(text, path, is_program=is_program(path, kept[path]))
        problems += hidden.suspicious_text(text, path)
    problems += find_secrets({path: searchable(data) for path, data in kept.items()})
    reading(FILE)
    matter, matter_problems = _front_matter(kept, limits)
    problems += hidden.controls_in_front_matter(matter.raw)
    # Where SKILL.md cannot be read, what is missing in it would only be told again.
    manifest, manifest_problems = (None, []) if matter_problems else read_manifest(matter, kept, folder)
    problems += [*matter_problems, *manifest_problems]
    report = Validation(_worst_first(problems))
    if manifest is not None and not report.errors:
        report.bundle = Bundle(kept, manifest, pack(kept), texts[FILE])
    return report


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


def unwrap(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Take the files out of the one folder they all lie in, when SKILL.md lies in it too."""
    folder = _wrapper(files)
    return {path.removeprefix(f"{folder}/"): data for path, data in files.items()} if folder else dict(files)


def _wrapper(files: Mapping[str, bytes]) -> str:
    """The one folder that all FILES lie in, SKILL.md among them; else ""."""
    folders = {path.split("/", 1)[0] for path in files}
    if FILE in files or len(folders) != 1:
        return ""
    folder = folders.pop()
    return folder if f"{folder}/{FILE}" in files else ""


def _structure(files: Mapping[str, bytes], limits: BundleLimits) -> list[Problem]:
    problems = [problem for path in sorted(files) if (problem := path_problem(path, limits)) is not None]
    problems += collisions(files)
    if len(files) > limits.files:
        text = f"There are {len(files)} files; at most {limits.files} are accepted."
        problems.append(Problem("too_many_files", text, _SHORTEN))
    total = sum(map(len, files.values()))
    if total > limits.unpacked:
        text = f"The files have {human(total)}; at most {human(limits.unpacked)} are accepted."
        problems.append(Problem("too_large", text, _SHORTEN))
    for path, data in sorted(files.items()):
        if len(data) > limits.file:
            text = f"{path} has {human(len(data))}; at most {human(limits.file)} are accepted."
            problems.append(Problem("too_large", text, _SHORTEN, file=path))
        if problem := opaque_file(path, data):
            problems.append(problem)
    return problems


def _front_matter(files: Mapping[str, bytes], limits: BundleLimits) -> tuple[FrontMatter, list[Problem]]:
    if FILE not in files:
        other = next((path for path in files if path.lower().endswith("skill.md")), "")
        hint = f" {other!r} is there: rename it." if other else ""
        text = "There is no SKILL.md (exactly so, in capitals) at the top."
        return FrontMatter(), [Problem("no_skill_md", text, f"Add SKILL.md.{hint}", file=FILE)]
    if len(files[FILE]) > limits.skill_md:
        text = f"SKILL.md has {human(len(files[FILE]))}; at most {human(limits.skill_md)} are read."
        return FrontMatter(), [Problem("too_large", text, "Move text into references/.", file=FILE)]
    if problem := text_problem(FILE, files[FILE]):
        return FrontMatter(), [problem]
    # With its byte order mark, which `texts` is without: not every reader passes over it.
    matter = read_front_matter(files[FILE].decode(), limits)
    return matter, matter.problems if matter.is_dangerous else []
