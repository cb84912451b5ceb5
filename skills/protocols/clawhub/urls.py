"""Addresses of the ClawHub registry under /clawhub/, its discovery and its sign-in at the root."""

from django.urls import URLPattern, path

from skills.protocols.clawhub import login, reads, writes
from skills.protocols.clawhub.answers import View, endpoint

_API = "clawhub/api/v1/"


def _skill(rest: str, name: str, **methods: View) -> list[URLPattern]:
    """A route of one skill: by slug, and as `@owner/slug`, which old clients send as one part."""
    view = endpoint(**methods)
    return [
        path(f"{_API}skills/<skill:slug>{rest}", view, name=f"clawhub-{name}"),
        path(f"{_API}skills/@<handle:owner>/<skill:slug>{rest}", view, name=f"clawhub-{name}-owned"),
    ]


urlpatterns = [
    path(".well-known/clawhub.json", endpoint(GET=reads.discovery), name="clawhub-discovery"),
    path(".well-known/clawdhub.json", endpoint(GET=reads.discovery), name="clawdhub-discovery"),
    path("api/cli/device/code", endpoint(POST=login.device_code), name="clawhub-device-code"),
    path("api/cli/device/token", endpoint(POST=login.device_token), name="clawhub-device-token"),
    path("cli/device", login.device_page, name="cli-device"),
    path("cli/auth", login.browser_page, name="cli-auth"),
    path("clawhub/api/cli/telemetry/install", endpoint(POST=writes.telemetry), name="clawhub-telemetry"),
    path("clawhub/api/cli/telemetry/sync", endpoint(POST=writes.telemetry), name="clawhub-telemetry-sync"),
    path(f"{_API}whoami", endpoint(GET=reads.whoami), name="clawhub-whoami"),
    path(f"{_API}search", endpoint(GET=reads.search), name="clawhub-search"),
    path(f"{_API}resolve", endpoint(GET=reads.resolve), name="clawhub-resolve"),
    path(f"{_API}download", endpoint(GET=reads.download), name="clawhub-download"),
    path(f"{_API}trending", endpoint(GET=reads.trending), name="clawhub-trending"),
    path(f"{_API}skills", endpoint(GET=reads.listing, POST=writes.publish), name="clawhub-skills"),
    path(f"{_API}skills/-/upload-url", endpoint(POST=writes.upload_url), name="clawhub-upload-url"),
    path(f"{_API}skills/-/upload/<uuid:ticket>", endpoint(POST=writes.upload), name="clawhub-upload"),
    path(f"{_API}skills/-/security-verdicts", endpoint(POST=reads.verdicts), name="clawhub-verdicts"),
    *_skill("", "skill", GET=reads.detail, DELETE=writes.delete),
    *_skill("/versions", "versions", GET=reads.versions),
    *_skill("/versions/<number:number>", "version", GET=reads.one, DELETE=writes.delete_version),
    *_skill("/versions/<number:number>/restore", "restore", POST=writes.restore_version),
    *_skill("/file", "file", GET=reads.file),
    *_skill("/install", "install", GET=reads.install),
    *_skill("/verify", "verify", GET=reads.verify),
    *_skill("/moderation", "moderation", GET=reads.moderation),
    *_skill("/undelete", "undelete", POST=writes.undelete),
    *_skill("/rename", "rename", POST=writes.rename),
    *_skill("/tags/<slug:name>", "tag", POST=writes.tag),
    path(f"{_API}stars/<skill:slug>", endpoint(POST=writes.star, DELETE=writes.unstar), name="clawhub-star"),
    path(
        f"{_API}stars/@<handle:owner>/<skill:slug>",
        endpoint(POST=writes.star, DELETE=writes.unstar),
        name="clawhub-star-owned",
    ),
]
