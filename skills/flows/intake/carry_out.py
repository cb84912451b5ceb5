"""Carries a line of a plan out: twice the same, or killed in between, makes no second and no half version."""

from django.db import transaction

from skills.catalog import uploads
from skills.catalog.models import Upload, Version, Visibility
from skills.catalog.source_paths import Brought, SourcePath, keep_source_path, mark_gone
from skills.flows.intake.changes import Change, ChangeKind, Planned
from skills.flows.intake.place import Place
from skills.flows.release import submit
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


def carry_out(
    *,
    actor: Actor,
    team: Team,
    place: Place,
    planned: Planned,
    upload: Upload | None = None,
    visibility: str = Visibility.TEAM,
    changelog: str = "",
    others: NameIndex | None = None,
) -> Version | None:
    """Do what PLANNED says of a skill of PLACE; the version that it brought in, now or the last time.

    UPLOAD is its `draft_of`, made here by default; OTHERS is as for `submit`. Raises Refused where the
    catalogue has changed since the plan was made: the next plan says how.
    """
    by = rules.role(actor, team, Role.MEMBER)
    change = planned.change
    if change.kind == ChangeKind.GONE:
        _mark_gone(team, place, change, by)
        return None
    upload = upload or draft_of(planned, by)
    if upload is None:
        _remember(team, place, planned)
        return None
    version, is_new = submit(
        actor=actor,
        team=team,
        upload=upload,
        number=change.number,
        wanted=visibility,
        changelog=changelog,
        others=others,
        provenance=place.provenance(change.path),
        brought=_brought(place, change),
    )
    if not is_new:
        # Somebody else may have published these bytes since the plan was made.
        with transaction.atomic():
            keep_source_path(version, _brought(place, change))
    return version


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


def _remember(team: Team, place: Place, planned: Planned) -> None:
    """Keep where a skill lies whose bytes the catalogue has already, or that it is there again."""
    change = planned.change
    if change.kind != ChangeKind.UNCHANGED or change.is_settled:
        return
    if planned.report is None:
        SourcePath.objects.filter(team=team, source=place.source, path=change.path).update(gone_at=None)
        return
    digest = f"sha256:{planned.report.accepted().archive.digest}"
    versions = Version.objects.filter(skill__team=team, skill__name=change.name, digest=digest)
    version = versions.select_related("skill").order_by("-pk").first()
    if version is not None:
        with transaction.atomic():
            keep_source_path(version, _brought(place, change))
