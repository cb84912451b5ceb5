"""Passes agents' calls to models through, and charges them; `manage.py up` starts one, and more may run."""

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Serve the gateway at GATEWAY_HOST:GATEWAY_PORT until stopped."
    requires_system_checks: list[str] = []

    def handle(self, *_args: object, **_options: object) -> None:
        from skills.gateway.serve import serve

        serve(settings.GATEWAY_HOST, settings.GATEWAY_PORT)
