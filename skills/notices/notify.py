"""Writes notices in the caller's transaction and queues the e-mails."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse

from skills.bundles.hidden import reveal
from skills.jobs.enqueue import enqueue
from skills.lib.addresses import bare, public_address
from skills.notices.models import Notice, NoticePreference
from skills.people.models import Account

_KEY_LENGTH = 120  # of Job.key


def tell(accounts: Iterable[Account], kind: str, text: str, url: str) -> None:
    """Write a notice of KIND for each active person, and queue the e-mail where they want one.

    URL is a path of this instance. Service accounts read no notices; demo accounts have no real address.
    """
    url = bare(url)
    # By id: somebody who is both maintainer and follower hears of it once.
    people = {account.pk: account for account in accounts if account.is_active and not account.is_service}
    preferences = {
        preference.account_id: preference
        for preference in NoticePreference.objects.filter(account_id__in=people, kind=kind)
    }
    for pk, account in people.items():
        preference = preferences.get(pk)
        if preference is None or preference.in_app:
            Notice.objects.create(account=account, kind=kind, text=text[:300], url=url)
        if account.email and not account.is_demo and (preference is None or preference.by_email):
            # One e-mail for the same news, however often the caller is repeated.
            key = f"mail:{pk}:{kind}:{url}:{text}"[:_KEY_LENGTH]
            enqueue("send_mail", key=key, account_id=pk, text=text, url=url)


def tell_once(accounts: Iterable[Account], kind: str, text: str, url: str) -> None:
    """The same, but to nobody who has the same news before them unread."""
    unread = Notice.objects.filter(kind=kind, text=text[:300], url=bare(url), read_at=None)
    told = set(unread.values_list("account_id", flat=True))
    tell([account for account in accounts if account.pk not in told], kind, text, url)


def send(account_id: int, text: str, url: str) -> None:
    """Send one notice by e-mail, unless the account has been deactivated since."""
    account = Account.objects.get(pk=account_id)
    choices = public_address(reverse("notifications"))
    body = f"{reveal(text)}\n\n{public_address(url)}\n\nChoose what you hear of: {choices}\n"
    if account.is_active and account.email:
        # A line break in a subject would begin another header, and Django refuses to send it.
        subject = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{reveal(text)}"[:150]
        send_mail(" ".join(subject.split()), body, None, [account.email])
