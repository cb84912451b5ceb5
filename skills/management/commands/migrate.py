"""Django's `migrate`, which refuses in words what it cannot upgrade and dumps the database before it does.

An empty database gets the stored schema first.
"""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from skills.management import stored_schema, upgrade


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--no-dump", action="store_true", help="You have a backup of your own.")
        parser.add_argument("--every-step", action="store_true", help="Don't begin with the stored schema.")

    def handle(self, *args: Any, **options: Any) -> None:
        if problem := upgrade.problem():
            raise CommandError(problem)
        asks_only = options["plan"] or options["check_unapplied"]
        if not asks_only and not options["no_dump"] and _is_something_to_do():
            kept = upgrade.dump_first()
            if kept and options["verbosity"]:
                self.stdout.write(f"The database as it was: {kept}")
        if not (asks_only or options["app_label"] or options["every_step"]) and stored_schema.is_empty():
            stored_schema.load()
        super().handle(*args, **options)


def _is_something_to_do() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
