"""Holds the embedding model and answers over a local socket; `manage.py up` starts one."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Serve vectors at EMBED_ADDRESS (a socket's path or host:port) until stopped."
    requires_system_checks: list[str] = []

    def handle(self, *_args: object, **_options: object) -> None:
        os.environ.setdefault("TQDM_DISABLE", "1")
        from skills.search.embed_server import serve

        if "://" in settings.EMBED_ADDRESS:
            raise CommandError("EMBED_ADDRESS names another server; nothing is to be served here.")
        serve(settings.EMBED_ADDRESS, settings.EMBED_MODEL)
