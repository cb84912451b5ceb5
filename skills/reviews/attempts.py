"""What a version is compared with: what the reviewer saw last, another attempt, or what readers see."""

from django.db.models import QuerySet

from skills.catalog.models import OPEN, Version
from skills.catalog.number_order import HIGHEST_FIRST
from skills.people.models import Account
from skills.reviews.models import Decision, ReviewVisit


def attempts_of(version: Version) -> QuerySet[Version]:
    """Every attempt at the number of VERSION, the newest first."""
    rows = Version.objects.filter(skill=version.skill_id, number=version.number)
    return rows.select_related("skill__team", "author").order_by("-attempt")


def live_base(version: Version) -> Version | None:
    """The version that readers see now, where it is another one."""
    live = version.skill.shown
    return live if live is not None and live.pk != version.pk else None


def base_of(version: Version) -> Version | None:
    """What readers saw when VERSION was decided on, for ever; while it is open, what they see now."""
    if version.state in OPEN:
        return live_base(version)
    last = Decision.objects.filter(version=version).select_related("base").order_by("-pk").first()
    if last is not None and last.base is not None:
        return last.base
    # Rows of earlier releases do not say it: the highest version that was approved by then.
    until = last.created_at if last is not None else version.approved_at or version.state_at
    approved = Version.objects.filter(skill=version.skill_id, approved_at__lt=until).exclude(pk=version.pk)
    by_number = approved.select_related("skill__team").order_by(*HIGHEST_FIRST)
    return by_number.filter(is_prerelease=False).first() or by_number.first()


def seen_before(account: Account, version: Version) -> Version | None:
    """The newest earlier attempt whose changes ACCOUNT has looked at."""
    seen = ReviewVisit.objects.filter(account=account, version__in=attempts_of(version))
    visit = seen.filter(version__attempt__lt=version.attempt).select_related("version")
    newest = visit.order_by("-version__attempt").first()
    return newest.version if newest else None


def note_visit(account: Account, version: Version) -> None:
    """Remember that ACCOUNT has looked at the changes of VERSION."""
    if not ReviewVisit.objects.filter(account=account, version=version).exists():
        # Two pages at once may both find none.
        ReviewVisit.objects.bulk_create(
            [ReviewVisit(account=account, version=version)], ignore_conflicts=True
        )
