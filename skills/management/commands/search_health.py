"""Proves that the search index and the catalogue agree; see skills/search/health.py."""

from django.core.management.base import BaseCommand, CommandError

from skills.search.health import examine


class Command(BaseCommand):
    help = "Compare the search index with the catalogue; exits with 1 when they differ."

    def handle(self, *_args: object, **_options: object) -> None:
        report = examine()
        for line in report.lines:
            self.stdout.write(line)
        if report.problems:
            for problem in report.problems:
                self.stderr.write(problem)
            raise CommandError(f"{len(report.problems)} problems. `manage.py reindex` mends them.")
        self.stdout.write("Index and catalogue agree.")
