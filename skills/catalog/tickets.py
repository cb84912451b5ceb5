"""Uploads in parts: a ticket for each file, bound to its account, size and digest, usable once."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from skills.catalog.models import UploadTicket
from skills.catalog.uploads import limits
from skills.lib.clock import now
from skills.lib.errors import missing, refuse
from skills.people.models import Account

_HOURS = 1
MOST_OPEN = 2_000  # tickets of one account


def open_ticket(*, by: Account, path: str, size: int, sha256: str) -> UploadTicket:
    """A place for one file that will arrive."""
    if not 0 <= size <= limits().file:
        raise refuse("too_large", f'File "{path[:100]}" exceeds {limits().file // 1_000_000}MB limit')
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef") or not 0 < len(path) <= 255:
        raise refuse("bad_ticket", "A file needs a path and its sha256 in lower-case hex.")
    if UploadTicket.objects.filter(account=by, expires_at__gt=now()).count() >= MOST_OPEN:
        raise refuse("bad_ticket", "Too many uploads are open.", "Publish or wait an hour.")
    return UploadTicket.objects.create(
        account=by, path=path, size=size, sha256=sha256, expires_at=now() + timedelta(hours=_HOURS)
    )


def fill(*, by: Account, ticket: uuid.UUID, data: bytes) -> UploadTicket:
    """The bytes of a ticket; wrong size or digest, another's or a used ticket change nothing."""
    with transaction.atomic():
        row = (
            UploadTicket.objects.select_for_update()
            .filter(pk=ticket, account=by, expires_at__gt=now())
            .first()
        )
        if row is None or row.data is not None:
            raise missing()
        if len(data) != row.size:
            raise refuse("bad_ticket", "Uploaded file size does not match its upload ticket")
        if hashlib.sha256(data).hexdigest() != row.sha256:
            raise refuse("bad_ticket", "Uploaded file SHA-256 does not match its upload ticket")
        row.data = data
        row.save(update_fields=["data"])
    return row


@transaction.atomic
def take(*, by: Account, given: Sequence[tuple[str, str]]) -> dict[str, bytes]:
    """The files of (path, ticket) pairs, whose tickets are used up."""
    files: dict[str, bytes] = {}
    for path, ticket in given:
        try:
            pk = uuid.UUID(ticket)
        except ValueError:
            pk = uuid.UUID(int=0)
        row = UploadTicket.objects.select_for_update().filter(pk=pk, account=by, path=path).first()
        if row is None or row.data is None or path in files:
            text = "Every directly uploaded skill file requires an upload ticket"
            raise refuse("bad_ticket", text, f"There is none that is filled for {path[:100]!r}.")
        files[path] = bytes(row.data)
        row.delete()
    return files


def purge() -> int:
    return UploadTicket.objects.filter(expires_at__lte=now()).delete()[0]
