"""Every skill of an archive or folder that holds several, each validated by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from skills.bundles.unpack import UnpackedSkill, unpack, way_to_a_skill
from skills.bundles.validate import Validation, check_skills
from skills.catalog import uploads
from skills.lib.errors import Problem, ProblemSeverity, Refused
from skills.lib.limited import LimitReached, run_limited

_AT_ONCE = 8  # skills that the checking process gets in one piece: one by one, the wire would dominate


@dataclass(frozen=True)
class CheckedSkill:
    """One skill of a pack: its folder there, "" for the top, and what was found in it."""

    path: str
    report: Validation


@dataclass(frozen=True)
class CheckedPack:
    """All skills that were sent, and notes on what lies outside of them."""

    skills: list[CheckedSkill]
    notes: list[Problem]


def check_pack(content: bytes | Mapping[str, bytes], paths: Sequence[str] = ()) -> CheckedPack:
    """Every skill of CONTENT, or those at PATHS; raises Refused where it cannot be read as a whole."""
    try:
        pack = run_limited(uploads.check_limits(), unpack, content, uploads.limits())
    except LimitReached as reached:
        raise uploads.too_costly(reached) from reached
    if errors := [problem for problem in pack.problems if problem.severity == ProblemSeverity.ERROR]:
        raise Refused(errors)
    if missing := set(paths) - set(pack.paths):
        text = f"There is no skill at {min(missing)!r}."
        raise Refused(Problem("no_skill_md", text, "Name the folder of its SKILL.md, as the check does."))
    wanted = [skill for skill in pack.skills if not paths or skill.path in paths]
    if not wanted:
        text = "There is no SKILL.md, at the top or in a folder."
        raise Refused(Problem("no_skill_md", text, way_to_a_skill(pack.problems)))
    reports = (report for batch in _batches(wanted) for report in _checks_of(batch))
    skills = [
        CheckedSkill(skill.path, uploads.unless_denied(report))
        for skill, report in zip(wanted, reports, strict=True)
    ]
    return CheckedPack(skills, pack.problems)


def _batches(skills: Sequence[UnpackedSkill]) -> Iterator[Sequence[UnpackedSkill]]:
    for start in range(0, len(skills), _AT_ONCE):
        yield skills[start : start + _AT_ONCE]


def _checks_of(batch: Sequence[UnpackedSkill]) -> list[Validation]:
    """The checks of BATCH; where a skill takes too much, it alone is refused."""
    try:
        return run_limited(uploads.check_limits(skills=len(batch)), check_skills, batch, uploads.limits())
    except LimitReached as reached:
        if len(batch) == 1:
            return [Validation(uploads.too_costly(reached).problems)]
    return [report for skill in batch for report in _checks_of([skill])]
