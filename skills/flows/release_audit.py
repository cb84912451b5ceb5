"""Whether every release has a signed statement that verifies and says what our rows say: for fsck."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from skills.catalog.models import State, Version
from skills.flows.signed_releases import statement_problem, with_people
from skills.lib.clock import now
from skills.lib.json_values import JsonObject
from skills.signing.envelopes import payload_of, signed_by
from skills.signing.keys import trusted_keys
from skills.signing.models import ReleaseStatement, SigningKey
from skills.signing.signers import public_key

if TYPE_CHECKING:
    from securesystemslib.signer import SSlibKey


# The worker signs within a minute; an hour is a fault of its own.
PATIENCE = timedelta(hours=1)


@dataclass(frozen=True)
class ReleaseAudit:
    """A sentence for each release that nobody could verify, and how many only wait for the worker."""

    faults: list[str]
    waiting: int


def audit_releases() -> ReleaseAudit:
    faults, waiting = [], 0
    overdue = now() - PATIENCE
    # Until there are keys, all that was released before waits for them: right after an upgrade.
    are_keys = SigningKey.objects.filter(created_at__lte=overdue).exists()
    rows = Version.objects.filter(approved_at__isnull=False, statement=None).exclude(state=State.REMOVED)
    for version in rows.select_related("skill__team").order_by("pk"):
        if are_keys and version.approved_at and version.approved_at <= overdue:
            faults.append(f"{version}: no statement; sign_releases makes it")
        else:
            waiting += 1
    keys = [public_key(key) for key in trusted_keys()]
    stated = with_people(ReleaseStatement.objects.order_by("pk"))
    for statement in stated.iterator(chunk_size=200):
        problem = statement.problem or statement_problem(statement) or _signature_problem(statement, keys)
        if problem:
            faults.append(f"{statement.version}: {problem}")
        elif statement.envelope is None and are_keys and statement.created_at <= overdue:
            faults.append(f"{statement.version}: not signed; does the worker run?")
        elif statement.envelope is None:
            waiting += 1
    return ReleaseAudit(faults, waiting)


def _signature_problem(statement: ReleaseStatement, keys: "list[SSlibKey]") -> str:
    envelope: JsonObject | None = statement.envelope
    if envelope is None:
        return ""
    if payload_of(envelope) != statement.payload:
        return "the envelope holds another statement"
    return "" if signed_by(envelope, keys) else "no key of ours has signed the statement"
