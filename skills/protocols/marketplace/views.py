"""`marketplace.json` of a team and the plugin-shaped zips it names."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from skills.bundles.manifest import Manifest
from skills.bundles.pack import pack
from skills.catalog.models import Channel, Skill, State, Version
from skills.catalog.selectors import find_skill, find_team
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
from skills.people.actor import Actor
from skills.protocols.answers import with_problems

CLIENT = "claude-code"
_SHAPE = "1"  # raise it when the plugin's layout changes


@require_safe
@with_problems
def marketplace(request: HttpRequest, team: str, channel: str = "latest") -> HttpResponse:
    """Every skill of a team as a plugin, at a channel."""
    actor = actor_of(request)
    throttle(request, actor, "read")
    found = find_team(actor, team)
    versions = _versions(actor, found.pk, channel)
    tag = etag(f"{_SHAPE}-{channel}-{'-'.join(str(one.pk) for one in versions)}-{settings.PUBLIC_URL}")
    if unchanged := not_modified(request, tag):
        return unchanged
    suffix = "" if channel == "latest" else f"-{channel}"
    body = {
        "name": f"skillhub-{found.handle}{suffix}",
        "owner": {"name": found.name},
        "description": f"Reviewed skills of {found.name}, channel {channel}.",
        "plugins": [_plugin(one) for one in versions],
    }
    return private(JsonResponse(body, json_dumps_params={"indent": 2}), tag)


def _versions(actor: Actor, team_id: int, channel: str) -> list[Version]:
    skills = Skill.objects.filter(readable(actor), team=team_id)
    if channel == "latest":
        rows = Version.objects.filter(pk__in=skills.values("latest_id"))
    else:
        set_ = Channel.objects.filter(skill__in=skills, name=channel, version__state=State.APPROVED)
        rows = Version.objects.filter(pk__in=set_.values("version_id"))
    return list(rows.select_related("skill__team").order_by("skill__name"))


def _plugin(version: Version) -> dict[str, object]:
    """One entry; strict is off because a plugin of skills alone needs no plugin.json."""
    skill = version.skill
    place = reverse("plugin-zip", args=[skill.team.handle, skill.name, version.number])
    return {
        "name": skill.name,
        "version": version.number,
        "description": Manifest.from_json(version.manifest).description,
        "strict": False,
        "skills": [f"./skills/{skill.name}"],
        "tags": skill.tags,
        "source": {"source": "archive", "url": settings.PUBLIC_URL + place, "sha256": plugin_digest(version)},
    }


def plugin_digest(version: Version) -> str:
    """The sha256 of the plugin's zip; made once and remembered, because versions never change."""
    key = f"plugin:{_SHAPE}:{version.digest}"
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
