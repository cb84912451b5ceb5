"""Signs what waits for its signature, also releases that were approved before there were any."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from skills.flows import signed_releases
from skills.signing import checkpoints, snapshots
from skills.signing.kms import NoSignature
from skills.signing.models import ReleaseStatement


class Command(BaseCommand):
    help = "Sign every release without a signature, the snapshots and the head of the audit log."

    def handle(self, *_args: object, **_options: Any) -> None:
        prepared = signed_releases.prepare_earlier_releases()
        try:
            signed = signed_releases.sign_waiting()
            made = snapshots.sign_snapshots()
            checkpoints.sign_checkpoint()
        except NoSignature as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{prepared} statements written, {signed} releases and {made} snapshots signed.")
        refused = ReleaseStatement.objects.exclude(problem="").select_related("version__skill__team")
        if refused:
            lines = [f"  {one.version}: {one.problem}" for one in refused]
            raise CommandError("\n".join(["Not signed, because our rows say otherwise:", *lines]))
