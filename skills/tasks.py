"""All background work on one page: a name, ids, one call into a flow or a noun."""

import functools
import logging
from collections.abc import Callable
from typing import Protocol

from celery import shared_task

from skills.audit.seal import seal_batch
from skills.budgets import rollup, webhooks
from skills.catalog import tickets, uploads
from skills.delivery import collect, count, faults
from skills.evals import results, runs
from skills.flows import budgets, known_texts, published, release, signed_releases, syncing
from skills.flows.evaluation import drafting, reporting, worker
from skills.jobs import lease
from skills.notices import notify
from skills.portfolio import probe
from skills.publishers import exchange
from skills.scans.checks.contract import NeverFinishes
from skills.search import embed, log, passages
from skills.signing import checkpoints, keys, snapshots
from skills.sources import ask
from skills.usage import field_people, ingest, keeping, unreviewed


class TaskFunction(Protocol):
    """What Celery calls with the id of a job's row."""

    def __call__(self, *, job_id: int, **_: object) -> None: ...


def job(name: str) -> Callable[[Callable[..., None]], TaskFunction]:
    """A task that runs under the lease of its job row, with the row's arguments."""

    def decorate(work: Callable[..., None]) -> TaskFunction:
        @shared_task(name=name)
        @functools.wraps(work)
        # The row's arguments, not the message's: a broker that was written to by somebody else starts nothing
        # but what we queued.
        def run(*, job_id: int, **_: object) -> None:
            with lease.lease(job_id) as held:
                if held is not None:
                    work(**held.arguments)

        return run

    return decorate


@job("scan_version")
def scan_version(*, version_id: int, **_: object) -> None:
    try:
        release.scanned(version_id=version_id)
    except NeverFinishes as error:  # held for good: another try would cost as much and end the same
        release.scan_held(version_id=version_id, error=error)
    except Exception as error:
        # In words on the review page; raised again, so that the lease counts the try and the sweep calls
        # again.
        release.scan_held(version_id=version_id, error=error)
        raise


@job("send_mail")
def send_mail(*, account_id: int, text: str, url: str, **_: object) -> None:
    notify.send(account_id, text, url)


@job("sign_releases")
def sign_releases(**_: object) -> None:
    signed_releases.sign_waiting()


@job("sign_snapshots")
def sign_snapshots(**_: object) -> None:
    snapshots.sign_snapshots()


@job("embed_passages")
def embed_passages(**_: object) -> None:
    try:
        passages.build()
    except embed.Away as away:  # asked for again by embed_waiting
        logging.getLogger(__name__).info("vectors wait: %s", away)


@shared_task(name="evaluate")
def evaluate(*, job_id: int, **_: object) -> None:
    # The holder is passed on: a run belongs to the lease of its job while it lives.
    with lease.lease(job_id) as held:
        if held is not None:
            worker.work(holder=held.lease_holder)


@job("call_webhook")
def call_webhook(*, run_id: int, **_: object) -> None:
    worker.call_webhook(run_id=run_id)


@job("call_budget_webhook")
def call_budget_webhook(*, webhook_id: int, message_id: str, body: str, **_: object) -> None:
    webhooks.deliver(webhook_id=webhook_id, message_id=message_id, body=body)


@job("draft_cases")
def draft_cases(*, draft_id: int, **_: object) -> None:
    drafting.draft_cases(draft_id=draft_id)


@job("test_provider")
def test_provider(*, provider_id: int, **facts: int) -> None:
    # A job that an earlier release queued names no account.
    probe.try_provider(provider_id=provider_id, account_id=facts.get("account_id"))


@job("list_models")
def list_models(*, provider_id: int, **_: object) -> None:
    probe.write_listing(provider_id=provider_id)


@job("discover_models")
def discover_models(**_: object) -> None:
    probe.discover()


@job("sync_source")
def sync_source(*, sync_id: int, **_: object) -> None:
    syncing.run_sync(sync_id=sync_id)


@shared_task(name="sync_due_sources")
def sync_due_sources() -> None:
    ask.ask_for_due()


@shared_task(name="call_for_open_runs")
def call_for_open_runs() -> None:
    runs.call_for_open_runs()


@shared_task(name="charge_and_warn")
def charge_and_warn() -> None:
    budgets.charge_and_warn()


@shared_task(name="check_ledger")
def check_ledger() -> None:
    budgets.check_ledger()


@shared_task(name="roll_up_spending")
def roll_up_spending() -> None:
    rollup.roll_up()


@shared_task(name="count_field_people")
def count_field_people() -> None:
    field_people.count_people()


@shared_task(name="pool_evaluations")
def pool_evaluations() -> None:
    reporting.pool_earlier_evaluations()


@shared_task(name="purge_transcripts")
def purge_transcripts() -> None:
    results.delete_old_transcripts()


@shared_task(name="embed_waiting")
def embed_waiting() -> None:
    passages.queue_if_waiting()


@shared_task(name="rewrite_documents")
def rewrite_documents() -> None:
    published.rewrite_documents()


@shared_task(name="make_texts_known")
def make_texts_known() -> None:
    known_texts.make_others_known()


@shared_task(name="purge_usage")
def purge_usage() -> None:
    unreviewed.purge()
    ingest.purge()
    keeping.delete_kept()


@shared_task(name="book_waiting_usage")
def book_waiting_usage() -> None:
    ingest.book_waiting()


@shared_task(name="flush_query_log")
def flush_query_log() -> None:
    log.flush()


@shared_task(name="purge_query_log")
def purge_query_log() -> None:
    log.purge()


@shared_task(name="sweep_jobs")
def sweep_jobs(patience: int = lease.PATIENCE) -> None:
    lease.requeue_stuck_jobs(patience)


@shared_task(name="seal_audit")
def seal_audit() -> None:
    # One batch a transaction, until nothing is left: the lock that keeps writers out is held for moments
    # only.
    while seal_batch():
        pass


@shared_task(name="sign_what_waits")
def sign_what_waits() -> None:
    # Also what no job asks for: the first keys and the next ones, a release whose job found no key, a
    # snapshot that would end.
    keys.ensure_keys()
    signed_releases.prepare_earlier_releases()
    signed_releases.sign_waiting()
    snapshots.sign_snapshots()
    if checkpoints.newest_checkpoint() is None:
        checkpoints.sign_checkpoint()


@shared_task(name="sign_checkpoint")
def sign_checkpoint() -> None:
    checkpoints.sign_checkpoint()


@shared_task(name="count_fetches")
def count_fetches() -> None:
    count.flush()


@shared_task(name="purge_uploads")
def purge_uploads() -> None:
    uploads.purge()
    tickets.purge()


@shared_task(name="purge_publisher_tokens")
def purge_publisher_tokens() -> None:
    exchange.purge()


@shared_task(name="collect_blobs")
def collect_blobs() -> None:
    collect.collect()


@shared_task(name="look_at_blobs")
def look_at_blobs() -> None:
    faults.look_again()
