"""Checks the audit log's hash chain; exit status 1 names every row that does not fit."""

from django.core.management.base import BaseCommand, CommandError

from skills.audit.seal import seal_batch, verify_chain


class Command(BaseCommand):
    help = "Seal what waits, then verify the hash chain of the audit log."

    def handle(self, *_args: object, **_options: object) -> None:
        while seal_batch():
            pass
        verdict = verify_chain()
        self.stdout.write(f"{verdict.sealed} sealed rows, {verdict.unsealed} not yet sealed.")
        if verdict.faults:
            lines = [f"  row {fault.event_id}: {fault.text}" for fault in verdict.faults]
            raise CommandError("\n".join(["The audit log was tampered with:", *lines]))
        self.stdout.write("The chain is whole.")
