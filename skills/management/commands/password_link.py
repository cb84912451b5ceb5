"""Prints a link with which somebody chooses a new password, where no mail server sends it."""

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from skills.audit.record import record
from skills.lib.addresses import public_address
from skills.people.models import Account


class Command(BaseCommand):
    help = "Print a link with which the account HANDLE gets a new password; hand it over in private."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("handle")

    def handle(self, *_args: object, handle: str, **_options: object) -> None:
        account = Account.objects.filter(username=handle, is_active=True, service_of=None).first()
        if account is None:
            raise CommandError(f"There is no active person with the handle {handle!r}.")
        with transaction.atomic():
            record("account.password_link", by=None, target=account.username)
        key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(account)
        parts = {"uidb36": user_pk_to_url_str(account), "key": key}
        path = reverse("account_reset_password_from_key", kwargs=parts)
        hours = settings.PASSWORD_RESET_TIMEOUT // 3600
        self.stdout.write(public_address(path))
        self.stdout.write(f"It works once, for {hours} hours.")
