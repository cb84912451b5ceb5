"""How much may wait, staged and not yet submitted: it lies in the database, where space is dear."""

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from skills.catalog.locks import lock_staging
from skills.catalog.models import Upload, UploadTicket
from skills.lib.clock import now
from skills.lib.errors import Conflict, refuse
from skills.people.models import Account


def make_room(by: Account, size: int) -> None:
    """Raises Conflict where SIZE bytes more would be too many for BY, or for the team of a service account.

    Within the transaction that keeps them: whoever stages for the same account or team waits until it ends.
    """
    # The team first, whose service accounts share a quota: a new account must not be a new quota.
    if by.service_of_id:
        lock_staging(-by.service_of_id)
        _check(
            Q(account__service_of=by.service_of_id), size, settings.LIMIT_STAGED_TEAM, "Your team's services"
        )
    lock_staging(by.pk)
    _check(Q(account=by), size, settings.LIMIT_STAGED, "You")


def _check(whose: Q, size: int, limit: int, who: str) -> None:
    used = _sum(Upload.objects.filter(whose)) + _sum(UploadTicket.objects.filter(whose))
    if used + size > limit:
        text = f"{who} may have {limit:,} bytes staged; {used:,} are, and this has {size:,}."
        remedy = f"Submit or discard what is staged; it goes by itself after {settings.UPLOAD_HOURS} hours."
        raise refuse("staged_too_much", text, remedy, kind=Conflict)


def _sum(rows: "QuerySet[Upload] | QuerySet[UploadTicket]") -> int:
    return rows.filter(expires_at__gt=now()).aggregate(total=Sum("size"))["total"] or 0
