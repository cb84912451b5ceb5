"""What is said of a release: an in-toto Statement about the zip and the tree of its files.

The payload is written in the transaction that approves, so that a release without one cannot exist; the
worker, which alone has the key, signs it right after. docs/help/signatures.md describes every field.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import OuterRef, QuerySet
from django.urls import reverse

from skills.catalog.models import Version
from skills.jobs.enqueue import enqueue
from skills.lib.addresses import public_address
from skills.lib.clock import now
from skills.lib.errors import Missing, Refused, refuse
from skills.lib.json_values import JsonObject
from skills.signing.envelopes import STATEMENT_TYPE, as_payload, seal_envelope
from skills.signing.keys import signers, signing_keys
from skills.signing.model_signature import model_signature
from skills.signing.models import Algorithm, ReleaseStatement
from skills.signing.signers import signer_of

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

log = logging.getLogger(__name__)
IN_TOTO = "https://in-toto.io/Statement/v1"
# A name and no address: `.example` is nobody's, so nobody can ever answer for it but this documentation.
PREDICATE = "https://skillhub.example/release/v1"
BATCH = 200  # statements of one transaction


@dataclass(frozen=True, kw_only=True)
class SignedFile:
    path: str
    sha256: str
    size: int
    executable: bool

    def as_json(self) -> JsonObject:
        return {
            "path": self.path,
            "sha256": self.sha256,
            "size": self.size,
            "executable": self.executable,
        }


@dataclass(frozen=True)
class Approver:
    account: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EvaluationFact:
    """What all evaluations of the bytes showed together, when the release was approved.

    `runs` are those it stands on; the newest has the report. `sha256` is the digest of that report's JSON in
    one form, as `as_payload` has it.
    """

    runs: Sequence[int]
    verdict: str
    sha256: str

    def as_json(self) -> JsonObject:
        return {
            "run": self.runs[-1],
            "runs": list(self.runs),
            "verdict": self.verdict,
            "reportSha256": self.sha256,
        }


@dataclass(frozen=True, kw_only=True)
class ReleaseFacts:
    """Everything that is signed about one release."""

    version: Version
    files: Sequence[SignedFile]
    author: str
    responsible: str
    approvers: Sequence[Approver]
    approvals_needed: int
    self_approval: bool
    imported: bool
    rules: str
    evaluation: EvaluationFact | None
    previous: Version | None

    def statement(self) -> JsonObject:
        version, name = self.version, str(self.version)
        return {
            "_type": IN_TOTO,
            "subject": [
                {
                    "name": name,
                    "uri": zip_address(version),
                    "digest": {"sha256": version.blob},
                },
                {"name": f"{name}/", "digest": {"dirHash": tree_digest(self.files)}},
            ],
            "predicateType": PREDICATE,
            "predicate": self._predicate(),
        }

    def _predicate(self) -> JsonObject:
        version = self.version
        evaluation, previous = self.evaluation, self.previous
        return {
            "hub": settings.PUBLIC_URL,
            "skill": str(version.skill),
            "version": version.number,
            "attempt": version.attempt,
            "statedAt": now().isoformat(),
            "approvedAt": version.approved_at.isoformat() if version.approved_at else None,
            "files": [file.as_json() for file in self.files],
            "author": self.author,
            "responsible": self.responsible,
            "approvers": [{"account": one.account, "at": one.at.isoformat()} for one in self.approvers],
            "imported": self.imported,
            "policy": {"approvalsNeeded": self.approvals_needed, "selfApproval": self.self_approval},
            "rules": self.rules,
            "evaluation": evaluation.as_json() if evaluation else None,
            "previous": {"version": previous.number, "sha256": previous.blob} if previous else None,
        }


def statement_address(version: Version) -> str:
    """Where the statement on VERSION is read, also before it is signed."""
    skill = version.skill
    path = reverse("api-statement", args=[skill.team.handle, skill.name, version.number])
    return public_address(path)


def zip_address(version: Version) -> str:
    skill = version.skill
    path = reverse("api-zip", args=[skill.team.handle, skill.name, version.number])
    return public_address(path)


def tree_digest(files: Sequence[SignedFile]) -> str:
    """in-toto's `dirHash`: sha256 over the lines that sha256sum prints for the files in their order."""
    lines = [f"{file.sha256}  {file.path}\n" for file in sorted(files, key=lambda one: one.path.encode())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def prepare(facts: ReleaseFacts) -> ReleaseStatement:
    """Write the statement in the caller's transaction and have it signed after the commit."""
    statement = ReleaseStatement.objects.create(
        version=facts.version, subject=str(facts.version), payload=as_payload(facts.statement())
    )
    enqueue("sign_releases", key="sign_releases")
    return statement


@dataclass(frozen=True)
class ReleaseSigners:
    """Those who sign a release; read once for many."""

    statement: Sequence["Signer"]
    model: "Signer"

    @classmethod
    def now(cls) -> "ReleaseSigners":
        """Raises NoSignature."""
        return cls(signers(), signer_of(signing_keys(Algorithm.ECDSA)[0]))


def sign(statement: ReleaseStatement, by: ReleaseSigners) -> None:
    """Put the signatures of every key under one statement."""
    statement.envelope = seal_envelope(statement.payload, STATEMENT_TYPE, by.statement)
    statement.model_signature = model_signature(statement.payload, by.model)
    statement.signed_at, statement.problem = now(), ""
    statement.save(update_fields=["envelope", "model_signature", "signed_at", "problem"])


def refuse_to_sign(statement: ReleaseStatement, problem: str) -> None:
    """Keep the statement unsigned and say why; somebody has to look."""
    log.error("release not signed", extra={"version": statement.version_id, "problem": problem})
    statement.problem = problem[:500]
    statement.save(update_fields=["problem"])


def signed_statement(version: Version) -> ReleaseStatement:
    """The statement on VERSION with its signature; raises Missing while it has none."""
    statement = ReleaseStatement.objects.filter(version=version).first()
    if statement is None or statement.envelope is None:
        raise not_signed(f"{version} is not signed yet.")
    return statement


def signed_statements_on(version: Version | OuterRef) -> QuerySet[ReleaseStatement]:
    """The statement on VERSION, where it is signed."""
    return ReleaseStatement.objects.filter(version=version, envelope__isnull=False)


def not_signed(text: str) -> Refused:
    return refuse("not_signed", text, "The worker signs within a minute; ask again.", kind=Missing)
