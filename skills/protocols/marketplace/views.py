"""`marketplace.json` of a team and the plugin-shaped zips it names."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from skills.bundles.pack import pack
from skills.catalog.models import Channel, Skill, State, Version
from skills.catalog.selectors import WIDE, find_skill, find_team
from skills.catalog.visibility import readable
from skills.delivery import fetch
from skills.delivery.content import all_files
from skills.delivery.count import counted
from skills.delivery.resolve import resolve
from skills.http.conditional import not_modified, private
from skills.http.file_responses import bytes_answer
from skills.http.header_values import etag
from skills.http.throttling import throttle
from skills.http.token_auth import actor_of
from skills.lib import soft_cache
from skills.lib.addresses import public_address
from skills.people.actor import Actor
from skills.people.models import Team
from skills.protocols.answers import with_problems
from skills.protocols.kept_bodies import body_of, tag_of

CLIENT = "claude-code"
_SHAPE = "1"  # raise it when the plugin's layout changes


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """What the catalogue says of a version, but for the digest of its zip."""

    version_id: int
    number: str
    digest: str
    name: str
    tags: list[str]
    description: str


@require_safe
@with_problems
def marketplace(request: HttpRequest, team: str, channel: str = "latest") -> HttpResponse:
    """Every skill of a team as a plugin, at a channel."""
    actor = actor_of(request)
    throttle(request, actor, "read")
    found = find_team(actor, team)
    rows = _rows(actor, found, channel)
    # What a version says never changes, and the tags of a skill are those of its shown version.
    listed = list(rows.values_list("pk", "skill__name", "skill__shown"))
    tag = tag_of(["marketplace", _SHAPE, channel, found.handle, found.name, settings.PUBLIC_URL], listed)
    if unchanged := not_modified(request, etag(tag)):
        return unchanged
    body = body_of(tag, lambda: _catalogue(found, channel, _plugins(rows)))
    return private(HttpResponse(body, content_type="application/json"), etag(tag))


def _rows(actor: Actor, team: Team, channel: str) -> QuerySet[Version]:
    """The versions that CHANNEL of a team means, by the names of their skills."""
    skills = Skill.objects.filter(readable(actor), team=team)
    if channel == "latest":
        rows = Version.objects.filter(pk__in=skills.values("latest_id"))
    else:
        set_ = Channel.objects.filter(skill__in=skills, name=channel, version__state=State.APPROVED)
        rows = Version.objects.filter(pk__in=set_.values("version_id"))
    return rows.order_by("skill__name")


def _plugins(rows: QuerySet[Version]) -> list[Plugin]:
    described = KeyTextTransform("description", "manifest")
    columns = rows.values(
        "number",
        "digest",
        version_id=F("pk"),
        name=F("skill__name"),
        tags=F("skill__tags"),
        description=Coalesce(described, Value(""), output_field=TextField()),
    )
    return [Plugin(**row) for row in columns]


def _catalogue(team: Team, channel: str, plugins: Sequence[Plugin]) -> dict[str, object]:
    suffix = "" if channel == "latest" else f"-{channel}"
    digests = _digests(plugins)
    return {
        "name": f"skillhub-{team.handle}{suffix}",
        "owner": {"name": team.name},
        "description": f"Reviewed skills of {team.name}, channel {channel}.",
        "plugins": [_entry(team, plugin, digests[plugin.digest]) for plugin in plugins],
    }


def _entry(team: Team, plugin: Plugin, sha256: str) -> dict[str, object]:
    """One entry; strict is off because a plugin of skills alone needs no plugin.json."""
    place = reverse("plugin-zip", args=[team.handle, plugin.name, plugin.number])
    return {
        "name": plugin.name,
        "version": plugin.number,
        "description": plugin.description,
        "strict": False,
        "skills": [f"./skills/{plugin.name}"],
        "tags": plugin.tags,
        "source": {"source": "archive", "url": public_address(place), "sha256": sha256},
    }


def _digests(plugins: Sequence[Plugin]) -> dict[str, str]:
    """The sha256 of each plugin's zip by the digest of its version; what is not remembered is made."""
    keys = {plugin.digest: _digest_key(plugin.digest) for plugin in plugins}
    kept = soft_cache.get_many(list(keys.values()))
    digests = {digest: kept[key] for digest, key in keys.items() if key in kept}
    rest = {plugin.digest: plugin.version_id for plugin in plugins if plugin.digest not in digests}
    versions = Version.objects.filter(pk__in=rest.values()).defer(*WIDE).select_related("skill")
    return digests | {version.digest: plugin_digest(version) for version in versions.iterator()}


def _digest_key(digest: str) -> str:
    return f"plugin:{_SHAPE}:{digest}"


def plugin_digest(version: Version) -> str:
    """The sha256 of the plugin's zip; made once and remembered, because versions never change."""
    key = _digest_key(version.digest)
    digest = soft_cache.get(key)
    if digest is None:
        digest = plugin_zip(version)[1]
        soft_cache.put(key, digest, None)
    return digest


def plugin_zip(version: Version) -> tuple[bytes, str]:
    """The same files one level down, where Claude Code looks for the skills of a plugin."""
    name = version.skill.name
    archive = pack({f"skills/{name}/{path}": data for path, data in all_files(version).items()})
    return archive.data, archive.digest


@require_safe
@with_problems
def plugin(request: HttpRequest, team: str, name: str, number: str) -> HttpResponse:
    """The plugin-shaped zip of one version."""
    actor = actor_of(request)
    throttle(request, actor, "read")
    fetched = fetch.find(actor, team, name, number)
    version = resolve(actor, find_skill(actor, team, name), number)

    def read() -> bytes:
        counted(fetched.version_id, CLIENT, actor)
        return plugin_zip(version)[0]

    return bytes_answer(request, fetched, f"sha256:{plugin_digest(version)}", "application/zip", read)
