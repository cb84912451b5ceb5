"""`manage.py verify_ledger`: the counters of budgets against the ledger, sums of reports against calls."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from skills.budgets import rollup
from skills.budgets.models import Period
from skills.budgets.verify import differences, sum_differences


class Command(BaseCommand):
    help = (
        "Compare every period's counters with its ledger and its open holds, and the sums that reports are "
        "made of with the calls."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rebuild-reports",
            action="store_true",
            help="count every call again for the reports first; calls wait while it reads them",
        )

    def handle(self, *_args: object, **options: object) -> None:
        if options["rebuild_reports"]:
            rollup.rebuild()
            self.stdout.write(f"{rollup.roll_up()} calls are counted again.")
        faults = [*differences(), *sum_differences()]
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:
            raise CommandError(f"{len(faults)} figures do not add up.")
        self.stdout.write(f"{Period.objects.count()} periods and the sums of reports add up.")
