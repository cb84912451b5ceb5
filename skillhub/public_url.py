"""PUBLIC_URL in its two parts: where the host is, and the path under which the hub stands on it."""

import re
from urllib.parse import urlsplit

from skillhub.env import EnvironmentProblem
from skillhub.rest import SPECTACULAR_SETTINGS

# One form alone, because the path is compared with those of requests.
_PATH = re.compile(r"(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
# The first parts of our own addresses: under one of these, a proxy that keeps the path and one that takes it
# away could not be told apart.
_OWN = frozenset(
    {
        *("apple-touch-icon.png", "favicon.ico", "llms.txt", "robots.txt", "skill.md"),
        *("ci", "skillhub-verify.py"),
        *("account", "api", "audit", "budgets", "bytes", "cli", "clawhub", "docs", "healthz", "invitations"),
        *("k", "mcp", "metrics", "models", "names", "notices", "otlp", "people", "publish", "readyz"),
        *("reports", "reviews", "runs", "s", "searches", "setup", "spending", "static", "styleguide", "t"),
        *("teams", "uploads"),
    }
)


def origin_and_path(public_url: str) -> tuple[str, str]:
    """("https://host:port", "/path") of PUBLIC_URL; the path is "" where the hub has a host to itself."""
    parts = urlsplit(public_url)
    path = parts.path.rstrip("/")
    if not _PATH.fullmatch(path) or parts.query or parts.fragment:
        raise EnvironmentProblem(
            f"PUBLIC_URL is {public_url!r}; its path may have letters, digits, dots, hyphens and slashes."
        )
    first = path[1:].partition("/")[0]
    if first in _OWN:
        raise EnvironmentProblem(
            f"PUBLIC_URL is {public_url!r}; the hub has an address {first} of its own. Choose another path."
        )
    return public_url.removesuffix(parts.path) if path else public_url, path


def settings_under(path: str) -> dict[str, object]:
    """What Django has to be told of a hub that stands under PATH; nothing where it has a host to itself."""
    if not path:
        return {}
    return {
        # Behind a proxy that takes the path away, nobody else tells us of it.
        "FORCE_SCRIPT_NAME": path,
        # Others on the host neither get our cookies nor have theirs taken for ours.
        "SESSION_COOKIE_PATH": path,
        "CSRF_COOKIE_PATH": path,
        "SESSION_COOKIE_NAME": "skillhub_sessionid",
        "CSRF_COOKIE_NAME": "skillhub_csrftoken",
        # The paths of the API's description begin where the hub does.
        "SPECTACULAR_SETTINGS": {**SPECTACULAR_SETTINGS, "SERVERS": [{"url": path}]},
        # Django's other one is a cookie that goes to the whole host.
        "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",
    }
