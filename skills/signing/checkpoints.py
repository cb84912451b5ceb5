"""The audit log's head as a signed C2SP checkpoint: a Merkle tree (RFC 6962) over the seals of its rows.

Whoever keeps one can tell later whether rows up to its size were changed, also by somebody who can write to
the database and seals the whole chain anew.
"""

import base64
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import connection, transaction

from skills.audit.models import Event
from skills.lib.errors import refuse
from skills.lib.merkle import MerkleTree
from skills.signing.keys import signers
from skills.signing.models import AuditCheckpoint
from skills.signing.notes import checkpoint_text, signed_note

log = logging.getLogger(__name__)
_SIGNING = 7_265_305  # advisory lock: one checkpoint at a time


@transaction.atomic
def sign_checkpoint() -> AuditCheckpoint | None:
    """Sign the log as far as it is sealed; None where it has not grown."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_SIGNING])
    last = newest_checkpoint()
    tree = tree_of(last)
    grown = tree.grown(_leaves(tree.size))
    if grown.size == tree.size:
        return None
    note = signed_note(checkpoint_text(grown.size, grown.root), signers())
    # In the log as well: a copy that leaves the machine with the other lines.
    log.info("audit checkpoint", extra={"size": grown.size, "root": base64.b64encode(grown.root).decode()})
    return AuditCheckpoint.objects.create(
        size=grown.size, peaks=[peak.hex() for peak in grown.peaks], note=note
    )


def newest_checkpoint() -> AuditCheckpoint | None:
    return AuditCheckpoint.objects.order_by("-size").first()


def tree_of(checkpoint: AuditCheckpoint | None) -> MerkleTree:
    if checkpoint is None:
        return MerkleTree()
    return MerkleTree(checkpoint.size, tuple(bytes.fromhex(peak) for peak in checkpoint.peaks))


def _leaves(behind: int) -> Iterator[bytes]:
    """The seals of the rows behind the first BEHIND: each covers its row and every row before it."""
    rows = Event.objects.filter(seq__gt=behind).order_by("seq").values_list("seal", flat=True)
    for seal in rows.iterator(chunk_size=5_000):
        yield bytes.fromhex(seal)


@dataclass(frozen=True)
class KeptCheckpoint:
    """What a checkpoint says of the log."""

    size: int
    root: str  # in base64, as it stands there

    @classmethod
    def read(cls, note: str) -> "KeptCheckpoint":
        lines = note.split("\n")
        if len(lines) < 4 or not lines[1].isdigit():
            raise refuse("bad_checkpoint", "This is no checkpoint: its second line is no size.")
        return cls(int(lines[1]), lines[2])


def checkpoint_faults(kept: list[KeptCheckpoint]) -> list[str]:
    """What the log no longer agrees with: every checkpoint it has signed, and those KEPT elsewhere."""
    own = [KeptCheckpoint.read(note) for note in AuditCheckpoint.objects.values_list("note", flat=True)]
    wanted = sorted({*own, *kept}, key=lambda one: one.size)
    faults = []
    tree, leaves = MerkleTree(), _leaves(0)
    for one in wanted:
        tree = tree.grown(islice(leaves, one.size - tree.size))
        if tree.size < one.size:
            faults.append(f"checkpoint of {one.size} rows: the log has only {tree.size} sealed rows")
        elif base64.b64encode(tree.root).decode() != one.root:
            faults.append(f"checkpoint of {one.size} rows: a row up to there is not what was signed")
    return faults
