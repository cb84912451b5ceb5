"""Whether a delivery was sent by somebody who has the secret: the forms of four kinds of sender, pure."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class WebhookForm:
    """How one kind of sender signs: the header, and whether an HMAC-SHA256 of the body stands in it.

    The HMAC is written in hexadecimal digits after PREFIX. Who sends no HMAC sends the secret itself.
    """

    sender: str
    header: str
    prefix: str = ""
    is_plain_secret: bool = False

    def expects(self, secret: str, body: bytes) -> str:
        if self.is_plain_secret:
            return secret
        return self.prefix + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


FORMS: Final = (
    WebhookForm("GitHub", "X-Hub-Signature-256", "sha256="),
    WebhookForm("GitLab", "X-Gitlab-Token", is_plain_secret=True),
    # Forgejo sends Gitea's header too.
    WebhookForm("Gitea", "X-Gitea-Signature"),
    WebhookForm("your own script", "X-SkillHub-Signature", "sha256="),
)


def is_signed(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Whether a delivery has at least one signature that we know, and each of them is right.

    Each, because Gitea signs in two forms: one wrong signature beside a right one is no accident.
    """
    known = [form for form in FORMS if form.header in headers]
    right = [
        # In constant time, and as bytes: `compare_digest` raises for text with other than ASCII letters.
        hmac.compare_digest(headers[form.header].encode(), form.expects(secret, body).encode())
        for form in known
    ]
    return bool(right) and all(right)
