"""Public keys and what was signed with their private halves, which are never in the database."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from skills.catalog.models import Version
from skills.lib.clock import now
from skills.lib.guards import Guard, Immutable


class Algorithm(models.TextChoices):
    ED25519 = "ed25519", "Ed25519"
    # The one that OpenSSF Model Signing verifies with a plain key.
    ECDSA = "ecdsa", "ECDSA P-256"


class KeyState(models.TextChoices):
    VALID = "valid", "Signs"
    RETIRED = "retired", "Signs no more"
    EXPIRED = "expired", "Expired"
    REVOKED = "revoked", "Revoked: trust nothing it signed"


class SigningKey(models.Model):
    """The public half of a key. It stays for good, so that old signatures can be verified."""

    keyid = models.CharField(max_length=64, unique=True)
    algorithm = models.CharField(max_length=10, choices=Algorithm)
    public_pem = models.TextField()
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revocation = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(revocation=""), name="revocation_has_a_reason"
            ),
            Guard(name="signing_keys_stay", event="delete", message="signing keys are never deleted"),
            Immutable(
                name="signing_keys_are_immutable",
                message="signing keys are immutable",
                movable=["retired_at", "revoked_at", "revocation"],
            ),
            Guard(
                name="revoked_keys_stay_revoked",
                event="update",
                message="revoked keys stay revoked",
                condition="old.revoked_at is not null and new.revoked_at is null",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.algorithm} {self.keyid[:12]}"

    @property
    def state(self) -> KeyState:
        if self.revoked_at is not None:
            return KeyState.REVOKED
        if self.retired_at is not None:
            return KeyState.RETIRED
        return KeyState.EXPIRED if self.expires_at <= now() else KeyState.VALID


class ReleaseStatement(models.Model):
    """What is said of one release: written when it is approved, signed by the worker right after."""

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="statement")
    subject = models.CharField(max_length=180)  # team/name@number, as it was called then
    payload = models.TextField()  # the in-toto Statement, byte for byte as it is signed
    envelope = models.JSONField(null=True, blank=True)  # DSSE; null until it is signed
    model_signature = models.JSONField(null=True, blank=True)  # skill.oms.sig
    created_at = models.DateTimeField(default=now)
    signed_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True)  # why the worker refused to sign it

    class Meta:
        constraints: ClassVar = [
            Guard(name="statements_stay", event="delete", message="statements on releases are never deleted"),
            Immutable(
                name="statements_are_immutable",
                message="statements on releases are immutable",
                # A revoked key makes new signatures necessary; what they are put under never changes.
                movable=["envelope", "model_signature", "signed_at", "problem"],
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(envelope__isnull=True), name="statement_unsigned")
        ]

    def __str__(self) -> str:
        return f"statement on {self.version_id}"


class SignedDocument(models.Model):
    """The present list of keys, or the present snapshot of those who may see one set of skills."""

    name = models.CharField(max_length=40, unique=True)
    number = models.BigIntegerField()
    payload = models.TextField()
    # Null where it may no longer be shown; the next one follows.
    envelope = models.JSONField(null=True, blank=True)
    signed_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            Guard(name="signed_documents_stay", event="delete", message="their numbers only grow"),
            Guard(
                name="numbers_of_signed_documents_grow",
                event="update",
                message="numbers of signed documents only grow",
                condition="new.number < old.number"
                " or (new.number = old.number and new.payload <> old.payload)",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class AuditCheckpoint(models.Model):
    """The audit log at one size: the root of the Merkle tree over its seals, as a signed note."""

    size = models.BigIntegerField(unique=True)
    peaks = models.JSONField()  # hashes of the perfect subtrees, from which the next one goes on
    note = models.TextField()
    signed_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            Guard(
                name="checkpoints_are_immutable",
                event="update or delete",
                message="checkpoints are immutable",
            )
        ]

    def __str__(self) -> str:
        return f"checkpoint of {self.size}"
