"""Switches the demo logins off, so that an instance may be opened to others."""

from django.core.management.base import BaseCommand
from django.db import transaction

from skills.audit.record import record
from skills.lib.clock import now
from skills.people.models import Account
from skills.people.tokens import live_tokens


class Command(BaseCommand):
    help = "Deactivate every demo login."

    def handle(self, *_args: object, **_options: object) -> None:
        with transaction.atomic():
            demo = Account.objects.select_for_update().filter(is_demo=True, is_active=True)
            for account in demo:
                account.is_active = account.is_staff = False
                account.save(update_fields=["is_active", "is_staff"])
                live_tokens(account).update(revoked_at=now())
                account.end_sessions()
                record("account.deactivate", by=None, target=account.username, demo=True)
        self.stdout.write(f"{len(demo)} demo logins are deactivated.")
