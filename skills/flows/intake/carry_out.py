"""Carries a line of a plan out: twice the same, or killed in between, makes no second and no half version."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from skills.catalog import uploads
from skills.catalog.models import Upload, Version, Visibility
from skills.catalog.source_paths import Brought, SourcePath, keep_source_path, mark_gone
from skills.flows.intake.changes import Change, ChangeKind, Planned
from skills.flows.intake.place import Place
from skills.flows.release import Submission, submit_all
from skills.lib.near_names import NameIndex
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Role, Team


def draft_of(planned: Planned, by: Account) -> Upload | None:
    """The upload of a planned version, whose bytes may be put on disk before it is carried out."""
    if not planned.change.is_new_version or planned.report is None:
        return None
    bundle = planned.report.accepted().named(planned.change.name)
    return uploads.draft(bundle=bundle, report=planned.report, by=by)


@dataclass(frozen=True, kw_only=True)
class Intake:
    """Who brings what lies at a place into a team, and how; `others` is as for `submit_all`."""

    actor: Actor
    team: Team
    place: Place
    visibility: str = Visibility.TEAM
    changelog: str = ""
    others: NameIndex | None = None

    def carry_out(self, planned: Planned) -> Version | None:
        """Do what PLANNED says of a skill; the version that it brought in, or remembered.

        Raises Refused where the catalogue has changed since the plan was made: the next plan says how.
        """
        by = rules.role(self.actor, self.team, Role.MEMBER)
        if planned.change.kind == ChangeKind.GONE:
            _mark_gone(self.team, self.place, planned.change, by)
            return None
        upload = draft_of(planned, by)
        if upload is None:
            return _remember(self.team, self.place, planned)
        (version,) = self.submit([(planned.change, upload)])
        return version

    def submit(self, drafts: Sequence[tuple[Change, Upload]], *, are_kept: bool = False) -> list[Version]:
        """Make the versions of planned changes from their `draft_of`, all or none; raises Refused.

        ARE_KEPT says that the bytes are on the disk.
        """
        submissions = [self._submission(change, upload, is_kept=are_kept) for change, upload in drafts]
        answers = submit_all(actor=self.actor, team=self.team, submissions=submissions, others=self.others)
        for (change, _), (version, is_new) in zip(drafts, answers, strict=True):
            if not is_new:
                # Somebody else may have published these bytes since the plan was made.
                with transaction.atomic():
                    keep_source_path(version, _brought(self.place, change))
        return [version for version, _ in answers]

    def _submission(self, change: Change, upload: Upload, *, is_kept: bool) -> Submission:
        return Submission(
            upload=upload,
            number=change.number,
            wanted=self.visibility,
            changelog=self.changelog,
            provenance=self.place.provenance(change.path),
            brought=_brought(self.place, change),
            is_kept=is_kept,
        )


def _brought(place: Place, change: Change) -> Brought:
    return Brought(
        source=place.source,
        path=change.path,
        written_name=change.written_name,
        mark=change.mark,
        moved_from=change.moved_from,
    )


@transaction.atomic
def _mark_gone(team: Team, place: Place, change: Change, by: Account) -> None:
    rows = SourcePath.objects.select_related("skill__team")
    row = rows.filter(team=team, source=place.source, path=change.path).first()
    if row is not None:
        mark_gone(row, by)


def _remember(team: Team, place: Place, planned: Planned) -> Version | None:
    """Keep where a skill lies whose bytes the catalogue has already, or that it is there again.

    Returns the version with these bytes where its path is new.
    """
    change = planned.change
    if change.kind != ChangeKind.UNCHANGED or change.is_settled:
        return None
    if planned.report is None:
        SourcePath.objects.filter(team=team, source=place.source, path=change.path).update(gone_at=None)
        return None
    digest = f"sha256:{planned.report.accepted().archive.digest}"
    versions = Version.objects.filter(skill__team=team, skill__name=change.name, digest=digest)
    version = versions.select_related("skill").order_by("-pk").first()
    if version is not None:
        with transaction.atomic():
            keep_source_path(version, _brought(place, change))
    return version
