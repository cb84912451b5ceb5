"""What a team has when a plan is made: its skills by every name they had, their versions and paths."""

from collections.abc import Collection
from dataclasses import dataclass, field

from skills.catalog.models import OPEN, SkillName, State, Version
from skills.catalog.source_paths import SourcePath
from skills.flows.intake.place import Place, is_local
from skills.people.models import Team


@dataclass(frozen=True, kw_only=True)
class KnownVersion:
    number: str
    digest: str
    state: State
    holds_number: bool


@dataclass(frozen=True, kw_only=True)
class KnownPath:
    """A row of `SourcePath`, with as much of it as a plan asks for."""

    source: str
    path: str
    skill_id: int
    written_name: str
    mark: str
    is_gone: bool


@dataclass(kw_only=True)
class KnownSkill:
    """A skill under its name of today; its team is another one where it has moved there."""

    name: str
    team_id: int
    team_handle: str
    versions: list[KnownVersion] = field(default_factory=list)
    source_paths: list[KnownPath] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.team_handle}/{self.name}"

    @property
    def newest_number(self) -> str:
        """That of the version that was submitted last."""
        return self.versions[-1].number if self.versions else ""

    @property
    def held_numbers(self) -> list[str]:
        return [version.number for version in self.versions if version.holds_number]

    @property
    def fate(self) -> str:
        """What became of the newest version, where readers do not get it and no decision is due."""
        if not self.versions or self.versions[-1].state in (*OPEN, State.APPROVED):
            return ""
        return f"{self.newest_number}: {self.versions[-1].state.label.lower()}"

    def is_newest(self, digest: str) -> bool:
        return bool(self.versions) and self.versions[-1].digest == digest

    def has(self, digest: str) -> bool:
        return any(version.digest == digest for version in self.versions)


class TeamState:
    """Read once for a plan: rows that come later meet the constraints when the plan is carried out."""

    def __init__(self, team: Team) -> None:
        self.by_id: dict[int, KnownSkill] = {}
        self.by_name: dict[str, KnownSkill] = {}
        self._read_names(team)
        self._read_versions(team)
        self._read_source_paths(team)

    def _read_names(self, team: Team) -> None:
        fields = ("name", "skill_id", "skill__name", "skill__team_id", "skill__team__handle")
        for name, skill_id, today, team_id, handle in SkillName.objects.filter(team=team).values_list(
            *fields
        ):
            skill = KnownSkill(name=today, team_id=team_id, team_handle=handle)
            self.by_name[name] = self.by_id.setdefault(skill_id, skill)

    def _read_versions(self, team: Team) -> None:
        rows = Version.objects.filter(skill__names__team=team).distinct().order_by("pk")
        fields = ("skill_id", "number", "digest", "state", "approved_at")
        for skill_id, number, digest, state, approved_at in rows.values_list(*fields):
            known = KnownVersion(
                number=number,
                digest=digest,
                state=State(state),
                holds_number=approved_at is not None or state in OPEN,
            )
            self.by_id[skill_id].versions.append(known)

    def _read_source_paths(self, team: Team) -> None:
        fields = ("source", "path", "skill_id", "written_name", "mark", "gone_at")
        rows = SourcePath.objects.filter(team=team).order_by("pk")
        for source, path, skill_id, written_name, mark, gone_at in rows.values_list(*fields):
            known = KnownPath(
                source=source,
                path=path,
                skill_id=skill_id,
                written_name=written_name,
                mark=mark,
                is_gone=gone_at is not None,
            )
            self.by_id[skill_id].source_paths.append(known)

    def source_paths(self, place: Place) -> dict[str, KnownPath]:
        """What was brought in from the part of the source that was read now, by path."""
        rows = [row for known in self.by_id.values() for row in known.source_paths]
        return {row.path: row for row in rows if row.source == place.source and place.holds(row.path)}


def may_continue(known: KnownSkill, place: Place, paths: Collection[str]) -> bool:
    """Whether what PLACE has at a new path, under a name of KNOWN, is the next version of it.

    It is not where KNOWN still lies at another of PATHS, those of the same source now; nor where it came
    from another address. Local folders are no reason: the same skills may lie elsewhere next time.
    """
    for row in known.source_paths:
        if row.source == place.source:
            if row.path in paths:
                return False
        elif not row.is_gone and not is_local(place.source) and not is_local(row.source):
            return False
    return True
