"""Imports a folder, a Git checkout, an archive or JSON lines; see skills/management/importing.py."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from skills.catalog import uploads
from skills.catalog.models import Visibility
from skills.flows.intake.found import Reader
from skills.lib.errors import Refused
from skills.management.import_report import as_json, as_text
from skills.management.importing import Importer, keep_report, open_path
from skills.people.actor import Actor, actor_for_session
from skills.people.models import Account, Membership, Role, Team


class Command(BaseCommand):
    help = (
        "Bring the skills at PATH into a team. Again after an edit makes new versions, leaves what is"
        " unchanged alone and marks what has gone. The report has a line for every SKILL.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", type=Path, help="a folder, Git checkout, zip, tar.gz, tar.zst or .jsonl[.gz]"
        )
        parser.add_argument("--team", required=True)
        parser.add_argument("--by", default="", help="handle of a member; default: the team's first admin")
        parser.add_argument("--approve", action="store_true", help="check and release at once, on your word")
        parser.add_argument("--visibility", default="team", choices=Visibility.values)
        parser.add_argument("--report", type=Path, help="write the report as JSON")

    def handle(self, *_args: object, **options: Any) -> None:
        path: Path = options["path"]
        if not path.exists():
            raise CommandError(f"{path} does not exist.")
        team = Team.objects.filter(handle=options["team"]).select_related("policy").first()
        if team is None:
            raise CommandError(f"There is no team {options['team']!r}.")
        actor = self._actor(team, options["by"])
        try:
            place, snapshot = open_path(path)
        except (Refused, OSError) as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
        importer = Importer(actor, team, approve=options["approve"], visibility=options["visibility"])
        with tqdm(unit="skill", disable=None) as bar:
            lines = importer.bring_in(place, snapshot, lambda _: bar.update())
        outside = Reader(snapshot, uploads.limits()).outside
        report = as_json(place, lines, outside)
        keep_report(importer, place, report)
        for text in as_text(lines, outside):
            self.stdout.write(text)
        if options["report"]:
            content = json.dumps(report, indent=1, ensure_ascii=False)
            options["report"].write_text(content, encoding="utf-8")

    def _actor(self, team: Team, handle: str) -> Actor:
        members = Membership.objects.filter(team=team, account__is_active=True).select_related("account")
        chosen = members.filter(account__username=handle) if handle else members.filter(role=Role.ADMIN)
        member = chosen.order_by("pk").first()
        if member is None:
            raise CommandError(f"{handle or 'No admin'} is not an active member of {team.handle}.")
        account: Account = member.account
        return actor_for_session(account)
