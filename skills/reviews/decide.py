"""Writes one decision on exactly the bytes that were on screen."""

from django.db import IntegrityError, transaction

from skills.catalog.models import Version
from skills.lib.errors import Conflict, Stale, refuse
from skills.people.models import Account, Policy
from skills.reviews.models import Decision, DecisionVerdict


def write_decision(
    *, version: Version, by: Account, verdict: str, digest: str, reason: str, policy: Policy
) -> Decision:
    """Record BY's verdict; VERSION is locked. Constraints refuse what a rule would have missed."""
    if digest != version.digest:
        raise refuse(
            "digest_changed",
            "The bytes you looked at are not the bytes of this version.",
            "Reload the page and look again.",
            kind=Stale,
        )
    if verdict not in DecisionVerdict.values:
        raise refuse("bad_verdict", "Approve, request changes or reject.")
    if verdict != DecisionVerdict.APPROVE and not reason.strip():
        raise refuse("reason_missing", "Say what should change.", "Write a reason.")
    try:
        # A savepoint, so that the caller's transaction survives a refusal by a constraint.
        with transaction.atomic():
            return Decision.objects.create(
                version=version,
                reviewer=by,
                author=version.author,
                verdict=verdict,
                digest=digest,
                reason=reason.strip()[:2000],
                # The policy of this moment is kept with the decision: the constraint `four_eyes` compares
                # columns of one row, and a policy may change later.
                self_approval_allowed=policy.self_approval,
                approvals_needed=policy.approvals_needed,
            )
    except IntegrityError as error:
        if "one_approval_per_reviewer" in str(error):
            text = "You have already approved this version."
            raise refuse("already_approved", text, kind=Conflict) from None
        raise


def approvals(version: Version) -> int:
    return Decision.objects.filter(version=version, verdict=DecisionVerdict.APPROVE).count()


def approved_by_another(version: Version) -> bool:
    """Whether somebody other than the author approved."""
    decisions = Decision.objects.filter(version=version, verdict=DecisionVerdict.APPROVE)
    return decisions.exclude(reviewer=version.author).exists()
