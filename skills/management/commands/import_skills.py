"""Imports folders, zips, git checkouts or JSON lines; see skills/management/importing.py."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from skills.catalog.models import Visibility
from skills.lib.errors import Refused
from skills.management.importing import Importer, ImportReport, count, find
from skills.people.actor import Actor, actor_for_session
from skills.people.models import Account, Membership, Role, Team


class Command(BaseCommand):
    help = "Import skills from PATH into a team: lenient, with a report of what was mended or refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a folder, zip, git checkout or .jsonl[.gz]")
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
        importer = Importer(actor, team, approve=options["approve"], visibility=options["visibility"])
        try:
            importer.bring_in(tqdm(find(path), total=count(path), unit="skill", disable=None))
        except (Refused, json.JSONDecodeError, KeyError, UnicodeDecodeError, OSError) as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
        self._tell(importer.report, options["report"])

    def _actor(self, team: Team, handle: str) -> Actor:
        members = Membership.objects.filter(team=team, account__is_active=True).select_related("account")
        chosen = members.filter(account__username=handle) if handle else members.filter(role=Role.ADMIN)
        member = chosen.order_by("pk").first()
        if member is None:
            raise CommandError(f"{handle or 'No admin'} is not an active member of {team.handle}.")
        account: Account = member.account
        return actor_for_session(account)

    def _tell(self, report: ImportReport, target: Path | None) -> None:
        for source, notes in report.mended:
            self.stdout.write(f"mended   {source}: {'; '.join(notes)}")
        for source, reasons in report.refused:
            self.stdout.write(f"refused  {source}: {'; '.join(reasons)}")
        if target:
            facts = {"imported": report.imported, "mended": report.mended, "refused": report.refused}
            target.write_text(json.dumps(facts, indent=1), encoding="utf-8")
        counts = (len(report.imported), len(report.mended), len(report.refused))
        self.stdout.write("{} imported, {} mended, {} refused, {} in all.".format(*counts, sum(counts)))
