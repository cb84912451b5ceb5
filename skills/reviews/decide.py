"""Writes one decision on exactly the bytes that were on screen."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from skills.catalog.models import FETCHABLE, Skill, Version
from skills.catalog.stakes import StakeOf, lets_authors_judge, stake_of
from skills.lib.errors import Conflict, Stale, refuse
from skills.people.models import Account
from skills.reviews.models import HAS_STAKE, NOT_FOR_AUTHORS, Decision, DecisionVerdict


def write_decision(
    *,
    version: Version,
    by: Account,
    verdict: str,
    digest: str,
    reason: str,
    base: Version | None = None,
) -> Decision:
    """Record BY's verdict; VERSION is locked. Constraints refuse what a rule would have missed.

    BASE is the version that readers see at this moment, which the changes are compared with.
    """
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
                responsible=version.responsible,
                verdict=verdict,
                digest=digest,
                reason=reason.strip()[:2000],
                # The policy of this moment is kept with the decision: the constraint `four_eyes` compares
                # columns of one row, and a policy may change later.
                self_approval_allowed=lets_authors_judge(version.skill),
                approvals_needed=version.skill.team.policy.approvals_needed,
                base=base,
            )
    except IntegrityError as error:
        if "one_approval_per_reviewer" in str(error):
            text = "You have already approved this version."
            raise refuse("already_approved", text, kind=Conflict) from None
        # Somebody else changed the policy or a role since the rules were asked.
        if any(message in str(error) for message in (HAS_STAKE, NOT_FOR_AUTHORS)):
            text = "The rules of the team have changed meanwhile."
            raise refuse("four_eyes", text, "Reload the page.", kind=Conflict) from None
        raise


def approvals(version: Version) -> int:
    return Decision.objects.filter(version=version, verdict=DecisionVerdict.APPROVE).count()


def approvers(version: Version) -> list[Account]:
    return list(
        Account.objects.filter(decisions__version=version, decisions__verdict=DecisionVerdict.APPROVE)
    )


def unseen_by_others(skill: Skill, people: Sequence[Account]) -> Version | None:
    """A version of `approved_alone` that each of PEOPLE answers for: no second pair of eyes is among them."""
    alone = approved_alone(skill)
    return next((one for one in alone if all(stake_of(one, person) for person in people)), None)


def approved_alone(skill: Skill) -> QuerySet[Version]:
    """The released versions that nobody but those who answer for them has approved.

    What was imported has no approval at all: whoever ran the import vouched for it. What a source brought and
    approved has none either, and its provenance names who answers for it.
    """
    approvals_ = Decision.objects.filter(version=OuterRef("pk"), verdict=DecisionVerdict.APPROVE)
    # Where authors could not approve, it was another: who became an admin since does not undo that.
    by_others = approvals_.alias(stake=StakeOf("version_id", "reviewer_id")).filter(
        Q(self_approval_allowed=False) | Q(stake__isnull=True)
    )
    released = Version.objects.filter(skill=skill, state__in=FETCHABLE)
    is_answered_for = Exists(approvals_) | Q(provenance__answerable__len__gt=0)
    return released.filter(is_answered_for, ~Exists(by_others)).order_by("pk")
