"""Writes every search document anew and builds a new generation of vectors beside the live one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from tqdm import tqdm

from skills.catalog.models import Skill
from skills.flows.published import reindex
from skills.search import embed, index, passages


class Command(BaseCommand):
    help = "Rebuild the search index; searches use the old vectors until the new ones are complete."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--words", action="store_true", help="only the words, not the vectors")

    def handle(self, *_args: object, **options: Any) -> None:
        skills = Skill.objects.filter(shown__isnull=False).order_by("pk").values_list("pk", flat=True)
        with transaction.atomic():
            for pk in tqdm(list(skills), unit="skill", disable=None, desc="words"):
                reindex(Skill.objects.select_related("team", "shown").get(pk=pk))
            index.recount()
        if options["words"]:
            return
        try:
            with tqdm(total=len(skills), unit="skill", disable=None, desc="vectors") as bar:

                def progress(count: int) -> None:
                    bar.update(count)

                passages.build(progress, anew=True)
        except embed.Away as error:
            raise CommandError(f"Words are indexed; vectors wait: {error}") from error
        self.stdout.write(f"{len(skills)} skills indexed.")
