"""Asks for syncs: a person, a webhook or the schedule. Asking only queues; a worker reads."""

import contextlib
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max

from skills.jobs.enqueue import enqueue
from skills.jobs.models import Job, JobState
from skills.lib.clock import now
from skills.lib.errors import Forbidden, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account
from skills.sources.credentials import decrypt_credential
from skills.sources.finish import fail_sync
from skills.sources.models import OPEN, Cause, Source, Sync, SyncState
from skills.sources.schedule import WEBHOOK_PAUSE
from skills.sources.webhooks import is_signed


def ask_for_sync(*, actor: Actor, source: Source, is_plan: bool = False) -> Sync:
    """Have SOURCE read now; with IS_PLAN only to say what would change."""
    by = rules.team_admin(actor, source.team)
    return _ask(source.pk, cause=Cause.PERSON, by=by, is_plan=is_plan)


def deliver(*, source_id: int, headers: Mapping[str, str], body: bytes) -> None:
    """Take a webhook's delivery. What it says is not read: it only has the source looked at.

    Raises Forbidden, in the same words for a source that is not there, one without a webhook and a wrong
    signature.
    """
    source = Source.objects.filter(pk=source_id).exclude(webhook_secret=None).first()
    secret = _webhook_secret(source) if source else ""
    if source is None or not secret or not is_signed(headers, body, secret):
        text = "The delivery is not signed with the secret of a source here."
        remedy = "Enter the secret from the page of the source at the sender, as it is."
        raise refuse("bad_signature", text, remedy, kind=Forbidden)
    with transaction.atomic():
        locked = Source.objects.select_for_update().get(pk=source.pk)
        began = locked.syncs.filter(is_plan=False).aggregate(began=Max("created_at"))["began"]
        earliest = began + WEBHOOK_PAUSE if began else now()
        is_open = locked.syncs.filter(is_plan=False, state__in=OPEN).exists()
        if is_open or earliest <= now():
            _ask(locked.pk, cause=Cause.WEBHOOK)
        elif locked.next_at is None or locked.next_at > earliest:
            Source.objects.filter(pk=locked.pk).update(next_at=earliest)


def _webhook_secret(source: Source) -> str:
    """The secret, "" where it was encrypted under another SECRET_KEY: then nothing is signed with it."""
    try:
        return decrypt_credential(source.webhook_secret)
    except ValueError:
        return ""


def ask_for_due() -> int:
    """The schedule's step: ask for every sync that is due, and give up those whose job has died."""
    _give_up_dead()
    due = list(Source.objects.filter(next_at__lte=now()).order_by("next_at").values_list("pk", flat=True))
    for source_id in due:
        with contextlib.suppress(Source.DoesNotExist):  # it was removed since
            _ask(source_id, cause=Cause.SCHEDULE)
    return len(due)


@transaction.atomic
def _ask(source_id: int, *, cause: Cause, by: Account | None = None, is_plan: bool = False) -> Sync:
    """The open sync, or a new one: there is one at a time, so asking twice does no harm."""
    source = Source.objects.select_for_update().get(pk=source_id)
    sync = source.syncs.filter(is_plan=is_plan, state__in=OPEN).first()
    if sync is None:
        sync = Sync.objects.create(source=source, cause=cause, by=by, is_plan=is_plan)
        enqueue("sync_source", key=f"sync:{sync.pk}", sync_id=sync.pk)
        if not is_plan:
            # Not due while it is under way; its end says when again.
            Source.objects.filter(pk=source_id).update(next_at=None, asked_at=None)
    elif sync.state == SyncState.RUNNING and not is_plan:
        # It may have read before the news came.
        Source.objects.filter(pk=source_id).update(asked_at=now())
    return sync


def _give_up_dead() -> None:
    """End the open syncs whose jobs were tried too often: nobody works on them any more."""
    jobs = {f"sync:{pk}": pk for pk in Sync.objects.filter(state__in=OPEN).values_list("pk", flat=True)}
    alive = Job.objects.filter(key__in=jobs, state__in=[JobState.QUEUED, JobState.RUNNING])
    dead = set(jobs) - set(alive.values_list("key", flat=True))
    errors = dict(Job.objects.filter(key__in=dead).order_by("pk").values_list("key", "error"))
    for key in sorted(dead):
        fail_sync(sync_id=jobs[key], problem=errors.get(key) or "The worker ended before it was done.")
