"""Blobs that are missing or damaged: the alarm of a reader, and what is known of them until they are mended.

A reader may stand in a transaction that is rolled back, or have no database at all (outage.py). So the alarm
is a line in the log, a counter and a word in Valkey; a task looks at the blob itself, writes the row and
tells staff.
"""

import logging
from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from prometheus_client import Counter

from skills.audit.record import record
from skills.catalog.models import State, Version
from skills.delivery.models import DamagedBlob
from skills.lib import blobs, counters
from skills.lib.clock import now
from skills.notices.models import Kind
from skills.notices.notify import tell
from skills.people.models import Account

log = logging.getLogger(__name__)
REFUSED = Counter("skillhub_blob_faults_total", "Reads refused because the bytes are not right.", ["kind"])
_TABLE = "blob_faults"
_BATCH = 200  # known faults that are looked at in one run; each is a read of a bundle


def alarm(fault: blobs.BlobFault) -> None:
    """A reader was refused because of FAULT."""
    log.error("blob fault", extra={"blob": fault.digest, "kind": fault.kind}, exc_info=fault)
    REFUSED.labels(fault.kind).inc()
    try:
        counters.add(_TABLE, fault.digest)
    except counters.away():
        log.warning("the cache is away, only the log says so")


def fault_of(digest: str) -> blobs.BlobFaultKind | None:
    """What is wrong with the bytes of DIGEST, by reading them."""
    try:
        blobs.read_whole(blobs.store(), digest)
    except blobs.BlobFault as fault:
        return fault.kind
    return None


def look_again() -> None:
    """The task: look at what readers met, and whether what was damaged is right again."""
    met = list(counters.take(_TABLE))
    known = DamagedBlob.objects.order_by("looked_at").values_list("digest", flat=True)[:_BATCH]
    note({digest: fault_of(digest) for digest in {*met, *known}})
    for digest in met:
        counters.done(_TABLE, digest)


@transaction.atomic
def note(found: dict[str, blobs.BlobFaultKind | None]) -> None:
    """Keep what was FOUND of each digest; staff hear once of what is new, and of what is right again."""
    needed = versions_of(found)
    known = set(DamagedBlob.objects.filter(digest__in=found).values_list("digest", flat=True))
    # Of a version that was removed nobody misses the bytes.
    bad = {digest: kind for digest, kind in found.items() if kind and digest in needed}
    for digest, kind in bad.items():
        DamagedBlob.objects.update_or_create(digest=digest, defaults={"kind": kind, "looked_at": now()})
    mended = sorted(known - bad.keys())
    DamagedBlob.objects.filter(digest__in=mended).delete()
    new = sorted(bad.keys() - known)
    for digest in new:
        record("blob.fault", by=None, target=needed[digest], blob=digest, kind=bad[digest])
    for digest in mended:
        record("blob.mended", by=None, target=needed.get(digest, digest), blob=digest)
    staff = Account.objects.filter(is_staff=True)
    if new:
        names = ", ".join(f"{needed[digest]} ({bad[digest]})" for digest in new[:3])
        tell(staff, Kind.STORAGE, f"Stored bytes are not right, {len(new)} in all: {names}", _page())
    if mended:
        names = ", ".join(str(needed.get(digest, digest)) for digest in mended[:3])
        tell(staff, Kind.STORAGE, f"Stored bytes are right again, {len(mended)} in all: {names}", _page())


def versions_of(digests: Iterable[str]) -> dict[str, Version]:
    """By digest a version that needs its bytes."""
    rows = Version.objects.filter(digest__in=[f"sha256:{digest}" for digest in digests])
    return {row.blob: row for row in rows.exclude(state=State.REMOVED).select_related("skill__team")}


def _page() -> str:
    return reverse("stored-bytes")
