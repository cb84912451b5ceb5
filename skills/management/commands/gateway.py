"""Passes agents' calls to models through, and charges them; `manage.py up` starts one, and more may run."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Serve the gateway at GATEWAY_HOST:GATEWAY_PORT until stopped."
    requires_system_checks: list[str] = []

    def handle(self, *_args: object, **_options: object) -> None:
        from skills.gateway.port import PortTaken
        from skills.gateway.serve import serve

        try:
            serve(settings.GATEWAY_HOST, settings.GATEWAY_PORT)
        except PortTaken as error:
            raise CommandError(str(error)) from None
