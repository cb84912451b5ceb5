"""Deletes bytes that no version needs any more. Nothing else deletes a blob.

By age: what was written or removed lately stays, so that a mistake can be mended, a backup finds what its
dump names, and a publisher whose row is not committed yet is in no danger. Each deletion holds the lock of
its digest, so that even without a grace no version that is made at this moment loses its bytes.
"""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from skills.catalog.locks import lock_bytes
from skills.catalog.models import State, Version
from skills.lib import blobs
from skills.lib.clock import now

log = logging.getLogger(__name__)
_DRAFT_SECONDS = 3600  # far longer than the writing of any bundle takes


def unneeded() -> Iterator[str]:
    """The digests in the store that no version with content refers to, however young."""
    needed = set(Version.objects.exclude(state=State.REMOVED).values_list("digest", flat=True))
    return (digest for digest in blobs.store().digests() if f"sha256:{digest}" not in needed)


def collect(grace: timedelta | None = None) -> list[str]:
    """Delete what nothing has needed for GRACE (by default BLOB_GRACE_HOURS); returns the digests."""
    if grace is None:
        grace = timedelta(hours=settings.BLOB_GRACE_HOURS)
    deleted = [digest for digest in unneeded() if _delete(digest, grace)]
    # Without any grace too, for a draft has no lock: its writer may be about to rename it.
    drafts = blobs.store().delete_drafts(time.time() - max(grace.total_seconds(), _DRAFT_SECONDS))
    if deleted or drafts:
        log.info("collected", extra={"blobs": len(deleted), "drafts": drafts})
    return deleted


@transaction.atomic
def _delete(digest: str, grace: timedelta) -> bool:
    """Delete one blob, unless it is needed or young after all."""
    lock_bytes(digest)
    keeps = ~Q(state=State.REMOVED) | Q(state_at__gt=now() - grace)
    if Version.objects.filter(keeps, digest=f"sha256:{digest}").exists():
        return False
    try:
        if blobs.store().written_at(digest) > time.time() - grace.total_seconds():
            return False
    except blobs.BlobMissing:
        return False
    blobs.store().delete(digest)
    return True
