"""Checks the audit log's hash chain; exit status 1 names every row that does not fit."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from skills.audit.seal import seal_batch, verify_chain
from skills.signing.checkpoints import KeptCheckpoint, checkpoint_faults


class Command(BaseCommand):
    help = "Seal what waits, then verify the hash chain of the audit log and its signed checkpoints."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--checkpoint",
            type=Path,
            action="append",
            default=[],
            help="A file with a checkpoint that was kept elsewhere; may be given again.",
        )

    def handle(self, *_args: object, **options: Any) -> None:
        while seal_batch():
            pass
        verdict = verify_chain()
        self.stdout.write(f"{verdict.sealed} sealed rows, {verdict.unsealed} not yet sealed.")
        if verdict.faults:
            lines = [f"  row {fault.event_id}: {fault.text}" for fault in verdict.faults]
            raise CommandError("\n".join(["The audit log was tampered with:", *lines]))
        kept = [KeptCheckpoint.read(path.read_text(encoding="utf-8")) for path in options["checkpoint"]]
        faults = checkpoint_faults(kept)
        if faults:
            raise CommandError("\n".join(["The audit log was rewritten:", *(f"  {one}" for one in faults)]))
        self.stdout.write("The chain is whole. It agrees with every signed checkpoint.")
