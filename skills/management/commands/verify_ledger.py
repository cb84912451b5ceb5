"""`manage.py verify_ledger`: every budget's counters against the ledger and the open holds."""

from django.core.management.base import BaseCommand, CommandError

from skills.budgets.models import Period
from skills.budgets.verify import differences


class Command(BaseCommand):
    help = "Compare every period's counters with its ledger and its open holds."

    def handle(self, *_args: object, **_options: object) -> None:
        faults = differences()
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:
            raise CommandError(f"{len(faults)} periods do not add up.")
        self.stdout.write(f"{Period.objects.count()} periods add up.")
