"""What the versions tab says of each version, and what its reader may do with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from skills.catalog.models import Skill, State, Version
from skills.catalog.numbers import highest
from skills.catalog.states import can_move
from skills.evals.selectors import verdicts_of
from skills.people.actor import Actor
from skills.people.models import Role


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """`channels` by name, `latest` first.

    `verdict` is what evaluations of its bytes show together, "scripted", or "" where there is none.
    `compare_with` is the number readers see, "" where a comparison adds nothing; `old` and `new` are the two
    in the order of their numbers.
    """

    version: Version
    channels: list[str]
    verdict: str
    compare_with: str
    may_yank: bool
    may_unyank: bool
    may_remove: bool

    @property
    def build(self) -> str:
        """What follows the number in the author's own writing of it, with its plus sign."""
        return f"+{self.version.build}" if self.version.build else ""

    @property
    def old(self) -> str:
        return self.compare_with if self.new == self.version.number else self.version.number

    @property
    def new(self) -> str:
        return highest([self.version.number, self.compare_with]) or ""

    @property
    def why_yanked(self) -> str:
        return self.version.reason if self.version.state == State.YANKED else ""

    @property
    def may_change(self) -> bool:
        return self.may_yank or self.may_unyank or self.may_remove


def version_rows(actor: Actor, skill: Skill, versions: Sequence[Version]) -> list[VersionRow]:
    """The rows of VERSIONS, which are those of SKILL that the actor may see."""
    names: dict[int, list[str]] = {}
    if skill.latest_id:
        names[skill.latest_id] = ["latest"]
    for name, pk in skill.channels.order_by("name").values_list("name", "version_id"):
        names.setdefault(pk, []).append(name)
    # The forms are for admins; that staff may remove what was never approved is the law of flows/access.py.
    verdicts = verdicts_of(versions)
    is_admin = actor.is_staff or actor.has_role(skill.team_id, Role.ADMIN)
    shown = skill.shown
    return [
        VersionRow(
            version=version,
            channels=names.get(version.pk, []),
            verdict=verdicts.get(version.pk, ""),
            compare_with=(
                shown.number if shown and version.has_content and version.number != shown.number else ""
            ),
            may_yank=is_admin and can_move(version, "yank"),
            may_unyank=is_admin and can_move(version, "unyank"),
            may_remove=actor.is_staff and can_move(version, "remove"),
        )
        for version in versions
    ]
