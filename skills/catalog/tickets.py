"""Uploads in parts: a ticket for each file, bound to its account, size and digest, usable once."""

import hashlib
import re
import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from skills.catalog.models import UploadTicket
from skills.catalog.staging_quota import make_room
from skills.catalog.uploads import limits
from skills.lib.clock import now
from skills.lib.errors import Problem, Refused, missing, refuse
from skills.people.models import Account

LIFETIME = timedelta(hours=1)
MOST_OPEN = 2_000  # tickets of one account
_PATH_LENGTH = 255  # characters, as a file of a version may have
_SHA256 = re.compile(r"[0-9a-f]{64}")


@transaction.atomic
def open_ticket(*, by: Account, path: str, size: int, sha256: str) -> UploadTicket:
    """The promise of one file of SIZE bytes; raises Refused where it could not be taken."""
    if not 0 <= size <= limits().file:
        text = f"A file may have up to {limits().file:,} bytes."
        raise Refused(Problem("ticket_too_large", text, "Leave it out or make it smaller.", file=path[:100]))
    if not _SHA256.fullmatch(sha256) or not 0 < len(path) <= _PATH_LENGTH:
        raise refuse("bad_ticket", "A file needs a path and its sha256 in lower-case hex.")
    if UploadTicket.objects.filter(account=by, expires_at__gt=now()).count() >= MOST_OPEN:
        raise refuse("too_many_tickets", "Too many uploads are open.", "Publish or wait an hour.")
    make_room(by, size)
    return UploadTicket.objects.create(
        account=by, path=path, size=size, sha256=sha256, expires_at=now() + LIFETIME
    )


@transaction.atomic
def fill(*, by: Account, ticket: uuid.UUID, data: bytes) -> UploadTicket:
    """Keep the bytes of a ticket; wrong size or digest, another's or a used ticket change nothing."""
    open_tickets = UploadTicket.objects.select_for_update().filter(account=by, expires_at__gt=now())
    row = open_tickets.filter(pk=ticket).first()
    # A stranger's, an expired and a used ticket look the same from outside.
    if row is None or row.data is not None:
        raise missing()
    if len(data) != row.size:
        text = f"The file has {len(data):,} bytes; its ticket promises {row.size:,}."
        raise refuse("ticket_size", text, "Ask for a new ticket.")
    if hashlib.sha256(data).hexdigest() != row.sha256:
        text = "The file does not have the sha256 that its ticket promises."
        raise refuse("ticket_digest", text, "Ask for a new ticket.")
    row.data = data
    row.save(update_fields=["data"])
    return row


@transaction.atomic
def take(*, by: Account, pairs: Sequence[tuple[str, str]]) -> dict[str, bytes]:
    """The files of PAIRS of path and ticket, by path; their tickets are used up."""
    files: dict[str, bytes] = {}
    for path, ticket in pairs:
        mine = UploadTicket.objects.select_for_update().filter(account=by, path=path, expires_at__gt=now())
        row = mine.filter(pk=_uuid(ticket)).first()
        if row is None or row.data is None or path in files:
            text = "There is no ticket that is filled for this file."
            remedy = "Upload the file to its ticket first."
            raise Refused(Problem("ticket_missing", text, remedy, file=path[:100]))
        files[path] = bytes(row.data)
        row.delete()
    return files


def _uuid(ticket: str) -> uuid.UUID:
    """TICKET as an id; that of no ticket where it is none."""
    try:
        return uuid.UUID(ticket)
    except ValueError:
        return uuid.UUID(int=0)


def purge() -> int:
    """Delete expired tickets; returns how many."""
    return UploadTicket.objects.filter(expires_at__lte=now()).delete()[0]
