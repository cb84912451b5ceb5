"""Claims a sync and writes how it ended, with what follows for its source."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from skills.audit.record import record
from skills.lib.clock import now
from skills.lib.json_values import JsonObject
from skills.notices.models import Kind
from skills.notices.notify import tell
from skills.people.models import Account, Role
from skills.sources.models import MOST_FAILURES, OPEN, PROBLEM_LENGTH, Source, Sync, SyncState
from skills.sources.schedule import FAILURES_TO_TELL, next_time

KEPT_SYNCS = 50  # of a source; older ones are forgotten with the next


def claim_sync(sync_id: int) -> Sync | None:
    """The sync as one that runs, None where it has ended or its source is gone.

    One that ran before goes on: its worker died, and the lease of its job lets one worker at a time in here.
    """
    open_ = Sync.objects.filter(pk=sync_id, state__in=OPEN)
    if not open_.update(state=SyncState.RUNNING, started_at=now()):
        return None
    rows = Sync.objects.select_related("source__team__policy", "source__responsible", "by")
    return rows.filter(pk=sync_id).first()


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What a source held: its changes (of `flows.intake.changes`, as JSON) and what was left out of all.

    `brought` is the number of versions that the sync made.
    """

    revision: str
    changes: Sequence[JsonObject]
    left_out: Sequence[JsonObject]
    brought: int = 0


@transaction.atomic
def end_sync(*, sync_id: int, findings: Findings) -> None:
    """Write what a sync found; with it the source is well."""
    locked = _locked(sync_id)
    if locked is None:
        return
    source, sync = locked
    sync.state, sync.finished_at = SyncState.DONE, now()
    sync.revision, sync.problem = findings.revision, ""
    sync.changes, sync.left_out = list(findings.changes), list(findings.left_out)
    sync.save(update_fields=["state", "finished_at", "revision", "problem", "changes", "left_out"])
    _forget_old(source)
    if sync.is_plan:
        return
    source.revision, source.synced_at = findings.revision, sync.finished_at
    source.failures, source.problem = 0, ""
    _rest(source)
    if findings.brought:
        record(
            "source.sync",
            by=sync.by,
            target=source,
            team_id=source.team_id,
            source=source.pk,
            cause=sync.cause,
            revision=findings.revision,
            versions=findings.brought,
        )


@transaction.atomic
def fail_sync(*, sync_id: int, problem: str) -> None:
    """Write why a sync ended without its end; the source rests, longer each time, and in time admins hear."""
    locked = _locked(sync_id)
    if locked is None:
        return
    source, sync = locked
    sync.state, sync.finished_at = SyncState.FAILED, now()
    sync.problem = problem[:PROBLEM_LENGTH]
    sync.save(update_fields=["state", "finished_at", "problem"])
    _forget_old(source)
    if sync.is_plan:
        return
    source.failures = min(source.failures + 1, MOST_FAILURES)
    source.problem = sync.problem
    _rest(source)
    if source.failures == FAILURES_TO_TELL:
        _tell_admins(source)


def _forget_old(source: Source) -> None:
    """Delete what nobody looks back to; the newest one that found something stays, however old."""
    newest = source.syncs.filter(is_plan=False, state=SyncState.DONE).order_by("-pk")
    kept = [*source.syncs.order_by("-pk").values_list("pk", flat=True)[:KEPT_SYNCS]]
    kept += newest.values_list("pk", flat=True)[:1]
    source.syncs.exclude(pk__in=kept).exclude(state__in=OPEN).delete()


def _tell_admins(source: Source) -> None:
    record(
        "source.fail",
        by=None,
        target=source,
        team_id=source.team_id,
        source=source.pk,
        problem=source.problem,
    )
    admins = Account.objects.filter(memberships__team=source.team_id, memberships__role=Role.ADMIN)
    text = f"A source of {source.team.handle} has failed {source.failures} times: {source}: {source.problem}"
    tell(admins, Kind.SOURCE, text, source.get_absolute_url())


def _locked(sync_id: int) -> tuple[Source, Sync] | None:
    """The source and its sync under locks, the source's first as `ask` has it; None where it has ended."""
    rows = Source.objects.select_for_update(of=("self",)).select_related("team")
    source = rows.filter(syncs=sync_id).first()
    sync = Sync.objects.select_for_update().filter(pk=sync_id, state__in=OPEN).first()
    return (source, sync) if source and sync else None


def _rest(source: Source) -> None:
    """Say when SOURCE is read again, and save it."""
    asked = source.asked_at is not None
    source.next_at = next_time(minutes=source.minutes, failures=source.failures, asked=asked, at=now())
    source.asked_at = None
    source.save(update_fields=["revision", "synced_at", "failures", "problem", "next_at", "asked_at"])
