"""The sync story: claim → read the source → plan → carry out, one skill at a time → write how it ended.

A killed worker leaves whole versions and a sync that is open: the next one claims it, plans again, and finds
what was brought before as unchanged. Nothing but `carry_out` writes to the catalogue.
"""

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum

from skills.catalog.models import File, Version
from skills.catalog.source_paths import SourcePath
from skills.flows.intake.carry_out import Intake
from skills.flows.intake.changes import Change, ChangeKind, Planned
from skills.flows.intake.place import Place, place_of_address
from skills.flows.intake.plan import plan
from skills.flows.names import names_of_others
from skills.flows.unread_sources import unread_findings
from skills.jobs.enqueue import in_bulk, wake_all
from skills.lib.errors import Problem, Refused, refuse
from skills.lib.failpoints import reached
from skills.lib.json_values import JsonObject
from skills.lib.near_names import NameIndex
from skills.people.actor import Actor, actor_for_session
from skills.people.models import Team
from skills.sources.configure import answers_still
from skills.sources.credentials import decrypt_credential
from skills.sources.finish import Findings, claim_sync, end_sync, fail_sync
from skills.sources.models import Source, Sync
from skills.upstream.address import Upstream, UpstreamKind, upstream_limits
from skills.upstream.opened import open_upstream
from skills.upstream.trees import under


class SyncStep(StrEnum):
    """The places of a sync where tests kill the process (lib/failpoints.py)."""

    AFTER_CLAIM = "sync_after_claim"
    AFTER_FETCH = "sync_after_fetch"
    BEFORE_SKILL = "sync_before_skill"
    AFTER_SKILL = "sync_after_skill"
    BEFORE_END = "sync_before_end"
    AFTER_END = "sync_after_end"


def run_sync(*, sync_id: int) -> None:
    """The task's step: read the source of a sync and bring in what changed; a plan brings nothing in."""
    sync = claim_sync(sync_id)
    if sync is None:
        return
    reached(SyncStep.AFTER_CLAIM)
    try:
        findings = _findings(sync)
    except Refused as refused:
        fail_sync(sync_id=sync_id, problem=" ".join(map(_in_words, refused.problems)))
        return
    reached(SyncStep.BEFORE_END)
    end_sync(sync_id=sync_id, findings=findings)
    reached(SyncStep.AFTER_END)


def _findings(sync: Sync) -> Findings:
    """What the source holds, brought in unless SYNC is a plan. Raises Refused where it cannot be read."""
    source = sync.source
    actor = _actor_of(source)
    place = _place(source)
    upstream, limits = _upstream(source), upstream_limits()
    if (unread := unread_findings(sync, place, upstream, limits)) is not None:
        return unread
    with open_upstream(upstream, limits, _known_marks(source)) as read:
        snapshot = under(source.folder, read)
        reached(SyncStep.AFTER_FETCH)
        place = replace(place, revision=snapshot.revision)
        others = names_of_others(actor, source.team)
        planned = plan(actor=actor, team=source.team, place=place, snapshot=snapshot, others=others)
        if sync.is_plan:
            lines = _seen(planned, source.team)
        else:
            lines = _brought(planned, source, actor, place, others)
        with in_bulk():
            changes = list(lines)
        wake_all()
    return Findings(
        revision=snapshot.revision,
        changes=changes,
        left_out=[{"path": one.path, "reason": one.reason} for one in snapshot.left_out],
        brought=sum(bool(change["version"]) for change in changes),
    )


def _known_marks(source: Source) -> dict[str, str]:
    """The marks of what was brought in before, by the path in the folder that is read."""
    rows = SourcePath.objects.filter(team=source.team, source=_place(source).source, gone_at=None)
    folder = f"{source.folder}/" if source.folder else ""
    return {
        path.removeprefix(folder): mark
        for path, mark in rows.values_list("path", "mark")
        if path.startswith(folder)
    }


def _place(source: Source) -> Place:
    # Under the address alone: another branch or tag of it brings the next versions of the same skills. It is
    # the one of an imported checkout, so that a source goes on where an import began.
    return Place(
        source=place_of_address(source.url).source,
        url=source.url,
        ref=source.ref,
        folder=source.folder,
        source_id=source.pk,
        answerable=tuple(source.answerable),
    )


def _seen(plan_: Iterator[Planned], team: Team) -> Iterator[JsonObject]:
    """The lines of a plan that nobody carries out."""
    for planned in plan_:
        yield _line(planned.change, _file_changes(planned, team))


def _brought(
    plan_: Iterator[Planned], source: Source, actor: Actor, place: Place, others: NameIndex
) -> Iterator[JsonObject]:
    """The lines of a plan, each carried out."""
    intake = Intake(
        actor=actor,
        team=source.team,
        place=place,
        visibility=source.visibility,
        changelog=_changelog(source, place),
        others=others,
    )
    for planned in plan_:
        files = _file_changes(planned, source.team)
        reached(SyncStep.BEFORE_SKILL)
        try:
            version = intake.carry_out(planned)
        except Refused as refused:
            # The catalogue has changed since the plan was made, or does not take it; the others come in.
            problems = tuple(refused.problems)
            yield _line(replace(planned.change, kind=ChangeKind.REFUSED, problems=problems), [])
            continue
        reached(SyncStep.AFTER_SKILL)
        yield _line(planned.change, files, version=version.pk if version else None)


def _line(change: Change, files: list[JsonObject], *, version: int | None = None) -> JsonObject:
    return {**change.as_json(), "files": files, "version": version}


def _file_changes(planned: Planned, team: Team) -> list[JsonObject]:
    """The files that a next version has otherwise than the one before it."""
    if planned.change.kind != ChangeKind.NEXT or planned.report is None:
        return []
    skill = {"skill__names__team": team, "skill__names__name": planned.change.name}
    # The last attempt at the number: the others were never released.
    versions = Version.objects.filter(**skill, number=planned.change.previous).order_by("-attempt")
    rows = File.objects.filter(version=versions.values("pk")[:1])
    before = dict(rows.values_list("path", "sha256"))
    after = {file.path: file.sha256 for file in planned.report.accepted().archive.files}
    return [
        {"path": path, "change": _file_change(before.get(path), after.get(path))}
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    ]


def _file_change(before: str | None, after: str | None) -> str:
    if before is None:
        return "added"
    return "removed" if after is None else "changed"


def _changelog(source: Source, place: Place) -> str:
    return f"From {source}, revision {place.revision}."


def _actor_of(source: Source) -> Actor:
    """Who brings in what SOURCE has; raises Refused where that person has left."""
    if not answers_still(source.responsible, source.team):
        text = (
            f"{source.responsible.username} answers for it and is no admin of {source.team.handle} any more."
        )
        raise refuse("source_unanswered", text, "An admin takes it over by saving it.")
    return actor_for_session(source.responsible)


def _upstream(source: Source) -> Upstream:
    try:
        token = decrypt_credential(source.token)
    except ValueError:
        text = "The token was encrypted under another SECRET_KEY."
        raise refuse("source_token", text, "Enter it again.") from None
    return Upstream(
        kind=UpstreamKind(source.kind),
        url=source.url,
        ref=source.ref,
        folder=source.folder,
        names=tuple(source.names),
        token=token,
    )


def _in_words(problem: Problem) -> str:
    return f"{problem.text} {problem.remedy}".strip()
