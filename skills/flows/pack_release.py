"""Several skills that came together, each submitted by the ordinary verb, with one answer each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from skills.catalog import uploads
from skills.catalog.models import Upload, Version
from skills.catalog.pack_checks import CheckedPack
from skills.flows.numbering import number_for
from skills.flows.release import submit
from skills.lib.errors import Problem, Refused
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Role, Team


class PackOutcome(StrEnum):
    """What became of one skill of a pack."""

    SUBMITTED = "submitted"
    UNCHANGED = "unchanged"  # the team has exactly these bytes
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class PackAnswer:
    """The answer for the skill at `path`; without a version where it was refused.

    `problems` say why it was, else what is worth a look.
    """

    path: str
    name: str
    outcome: PackOutcome
    version: Version | None
    problems: list[Problem]


@dataclass(frozen=True)
class PackWish:
    """For whom the skills of a pack are, and what is said of all of them."""

    team: Team
    visibility: str
    changelog: str


def publish_pack(*, actor: Actor, pack: CheckedPack, wish: PackWish) -> list[PackAnswer]:
    """Submit every accepted skill of PACK; the others are refused with their problems."""
    by = rules.role(actor, wish.team, Role.MEMBER)
    names: set[str] = set()
    answers = []
    for skill in pack.skills:
        bundle = skill.report.bundle
        if bundle is None:
            answers.append(_refused(skill.path, "", skill.report.errors))
            continue
        upload = uploads.draft(bundle=bundle, report=skill.report, by=by)
        answers.append(_submit(actor, skill.path, upload, wish, names))
    return answers


def publish_uploads(*, actor: Actor, staged: Sequence[Upload], wish: PackWish) -> Iterator[PackAnswer]:
    """Submit each of the uploads STAGED."""
    rules.role(actor, wish.team, Role.MEMBER)
    names: set[str] = set()
    for upload in staged:
        yield _submit(actor, str(upload.pk), upload, wish, names)


def _submit(actor: Actor, path: str, upload: Upload, wish: PackWish, names: set[str]) -> PackAnswer:
    """Submit UPLOAD unless its name is among NAMES, those of the skills before it, to which it is added."""
    name = uploads.name_of(upload)
    if name in names:
        text = f"Another skill of these is called {name!r} too."
        remedy = "Give one of them another name, or publish it by itself."
        return _refused(path, name, [Problem("name_taken", text, remedy)])
    names.add(name)
    try:
        version, is_new = submit(
            actor=actor,
            team=wish.team,
            upload=upload,
            number=number_for(wish.team, upload),
            wanted=wish.visibility,
            changelog=wish.changelog,
        )
    except Refused as refused:
        return _refused(path, name, refused.problems)
    return PackAnswer(
        path=path,
        name=name,
        outcome=PackOutcome.SUBMITTED if is_new else PackOutcome.UNCHANGED,
        version=version,
        problems=upload.problems,
    )


def _refused(path: str, name: str, problems: list[Problem]) -> PackAnswer:
    return PackAnswer(path=path, name=name, outcome=PackOutcome.REFUSED, version=None, problems=problems)
