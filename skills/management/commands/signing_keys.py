"""Lists the keys that sign releases, and rotates, retires or revokes them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from skills.lib.errors import Refused
from skills.signing import keys
from skills.signing.kms import NoSignature
from skills.signing.models import SigningKey


class Command(BaseCommand):
    help = "List the signing keys, or: rotate; retire KEYID; revoke KEYID --reason WHY."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", nargs="?", default="list", choices=["list", "rotate", "retire", "revoke"])
        parser.add_argument("keyid", nargs="?", default="", help="The id of a key, or how it begins.")
        parser.add_argument("--reason", default="", help="Why a key is revoked; everybody can read it.")

    def handle(self, *_args: object, **options: Any) -> None:
        try:
            match options["act"]:
                case "rotate":
                    keys.rotate()
                case "retire":
                    keys.retire(keyid=options["keyid"])
                case "revoke":
                    keys.revoke(keyid=options["keyid"], reason=options["reason"])
        except Refused as refused:
            problem = refused.problems[0]
            raise CommandError(f"{problem.text} {problem.remedy}".strip()) from None
        except NoSignature as error:
            raise CommandError(str(error)) from None
        for key in SigningKey.objects.order_by("algorithm", "-pk"):
            end = f"expires {key.expires_at:%Y-%m-%d}"
            self.stdout.write(f"{key.keyid}  {key.algorithm:<8} {key.state.label}, {end}")
