"""System checks: settings that would be unsafe or could not work."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution

from skillhub import env
from skillhub.loopback import LOOPBACK


@register()
def check_environment(**_: object) -> list[CheckMessage]:
    """Problems with what the environment says."""
    problems: list[CheckMessage] = []
    listens = env.text("LISTEN_HOST", "127.0.0.1")
    # Links in e-mails and install lines would lead every reader to their own machine.
    if listens not in LOOPBACK and settings.PUBLIC_URL.startswith("http://127."):
        problems.append(
            Caution(
                "The server listens to the network, but PUBLIC_URL still names 127.0.0.1.",
                hint="Set PUBLIC_URL to the address people use.",
                id="skillhub.W001",
            )
        )
    if settings.S3_BUCKET and settings.BLOBS_DIR.exists() and any(settings.BLOBS_DIR.glob("??/*")):
        problems.append(
            Caution(
                "S3_BUCKET is set, but the local folder still holds blobs that nothing reads.",
                hint="Copy them to the bucket, then move BLOBS_DIR away.",
                id="skillhub.W002",
            )
        )
    if "*" in settings.ALLOWED_HOSTS and not settings.DEBUG:
        problems.append(
            Error(
                "ALLOWED_HOSTS accepts every host name.",
                hint="List the names people use.",
                id="skillhub.E001",
            )
        )
    issuer = urlsplit(settings.SSO_ISSUER)
    if settings.SSO_ISSUER and issuer.scheme != "https" and issuer.hostname not in LOOPBACK:
        problems.append(
            Error(
                "SSO_ISSUER is not an https address: anybody on the way could sign in as anybody.",
                hint="Use the provider's https address.",
                id="skillhub.E002",
            )
        )
    return problems
