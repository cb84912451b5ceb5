"""What becomes of e-mail where no mail server is configured."""

import logging
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger("skillhub.mail")


class NoMailServer(BaseEmailBackend):
    """Sends nothing. The log must not have the text either: who reads it could use the links in it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            log.warning(
                "An e-mail was not sent, because EMAIL_HOST is not set. "
                "`manage.py password_link HANDLE` prints a link for a new password.",
                extra={"recipients": len(message.recipients())},
            )
        return 0
