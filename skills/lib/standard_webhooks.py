"""Signs what we send to other people's programs, as https://www.standardwebhooks.com says; pure."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

_PREFIX = "whsec_"  # by which receivers and scanners for secrets know one


def new_secret() -> str:
    return _PREFIX + b64encode(secrets.token_bytes(32)).decode()


def signed_headers(*, secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a message; a receiver knows by its id that it came before, and refuses an old time."""
    key = b64decode(secret.removeprefix(_PREFIX))
    signature = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{b64encode(signature).decode()}",
    }
