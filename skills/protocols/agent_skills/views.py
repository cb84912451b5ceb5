"""Indexes, artifacts and single files, with or without a secret prefix in the address."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from skills.catalog.models import File
from skills.delivery import fetch
from skills.delivery.content import file_bytes
from skills.delivery.count import FETCH, INSTALL, counted
from skills.http.conditional import not_modified
from skills.http.file_responses import bytes_answer, zip_answer
from skills.http.header_values import etag
from skills.http.throttling import throttle
from skills.http.token_auth import actor_of, actor_of_prefix
from skills.lib import whole_numbers
from skills.lib.addresses import bare, public_address
from skills.lib.errors import missing
from skills.people.actor import Actor
from skills.protocols.agent_skills.catalogue import (
    Entry,
    descriptions,
    entries,
    front_matters,
    pinned,
    skills_of,
)
from skills.protocols.answers import with_problems
from skills.protocols.kept_bodies import body_of, tag_of
from skills.search.query import search as find

SCHEMA = "https://schemas.agentskills.io/discovery/0.2.0/schema.json"
CLIENT = "skills"
# What an index makes of its entries and the address that theirs begin with.
Shape = Callable[[Sequence[Entry], str], dict[str, object]]
_DEFAULT_LIMIT, _LARGEST_LIMIT = 20, 100  # results of one search


def asking(request: HttpRequest, secret: str) -> Actor:
    """Who asks: by the prefix in the address, a token or a session."""
    actor = actor_of_prefix(secret) if secret else actor_of(request)
    throttle(request, actor, "read")
    return actor


def base(secret: str) -> str:
    return f"{settings.PUBLIC_URL}/k/{secret}" if secret else settings.PUBLIC_URL


def _listed(actor: Actor, place: dict[str, str], name: str = "") -> Sequence[Entry]:
    """The entries of an index, or those of NAME in it."""
    if place.get("number"):
        return [pinned(actor, place["team"], place["name"], place["number"])]
    rows = skills_of(actor, place.get("team", ""), place.get("name", ""))
    return entries(rows.filter(name=name) if name else rows)


def _index(request: HttpRequest, secret: str, place: dict[str, str], shape: Shape) -> HttpResponse:
    actor = asking(request, secret)
    listed = _listed(actor, place)
    # What a version says never changes.
    said = [(one.team, one.name, one.version_id) for one in listed]
    tag = tag_of([shape.__name__, settings.PUBLIC_URL], said)
    response = not_modified(request, etag(tag))
    if response is None and secret:
        # With a secret in its addresses a list is of use to one caller alone.
        response = JsonResponse(shape(listed, base(secret)))
    elif response is None:
        body = body_of(tag, lambda: shape(listed, base("")))
        response = HttpResponse(body, content_type="application/json")
    public = actor.account is None
    response.headers["Cache-Control"] = "public, max-age=60" if public else "private, no-cache"
    response.headers["Vary"] = "Authorization, Cookie"
    response.headers["ETag"] = etag(tag)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _archives(listed: Sequence[Entry], root: str) -> dict[str, object]:
    fields, described = front_matters(listed), descriptions(listed)
    return {
        "$schema": SCHEMA,
        "skills": [
            {
                "name": one.name,
                "type": "archive",
                "description": described[one.version_id],
                "digest": one.digest,
                "url": root + bare(reverse("agent-skills-zip", args=[one.team, one.name, one.number])),
                "version": one.number,
                "frontmatter": fields[one.version_id],
                "statement": public_address(reverse("api-statement", args=[one.team, one.name, one.number])),
            }
            for one in listed
        ],
    }


def _files(listed: Sequence[Entry], _root: str) -> dict[str, object]:
    described = descriptions(listed)
    paths: dict[int, list[str]] = {one.version_id: [] for one in listed}
    for pk, path in File.objects.filter(version__in=paths).order_by("path").values_list("version_id", "path"):
        if path.isascii() and path.isprintable() and not set(path) & set('\\?#[]"'):
            paths[pk].append(path)
    return {
        "skills": [
            {
                "name": one.name,
                "description": described[one.version_id],
                "version": one.digest,
                "files": sorted(paths[one.version_id], key=lambda path: path != "SKILL.md"),
            }
            for one in listed
        ]
    }


@require_safe
@with_problems
def index(request: HttpRequest, secret: str = "", **place: str) -> HttpResponse:
    """Discovery 0.2.0: each skill as one zip with its digest."""
    return _index(request, secret, place, _archives)


@require_safe
@with_problems
def index_of_files(request: HttpRequest, secret: str = "", **place: str) -> HttpResponse:
    """Discovery 0.1: each skill as a list of files; `version` is the digest, so that OpenCode refreshes."""
    return _index(request, secret, place, _files)


@require_safe
@with_problems
def listed_file(request: HttpRequest, skill: str, path: str, secret: str = "", **place: str) -> HttpResponse:
    """One file of a skill in a 0.1 index."""
    actor = asking(request, secret)
    entry = next((one for one in _listed(actor, place, name=skill) if one.name == skill), None)
    if entry is None:
        raise missing()
    version, file = fetch.find_file(actor, entry.team, entry.name, entry.number, path)

    def read() -> bytes:
        if path == "SKILL.md":
            counted(version.version_id, CLIENT, actor, FETCH)
        return file_bytes(version, file)

    response = bytes_answer(request, version, f"sha256:{file.sha256}", "text/plain; charset=utf-8", read)
    response.headers["Cache-Control"] = "private, max-age=60"  # the address is not of one version
    return response


@require_safe
@with_problems
def archive(request: HttpRequest, team: str, name: str, number: str, secret: str = "") -> HttpResponse:
    """The zip of one version; a download by an installer counts as an install too."""
    actor = asking(request, secret)
    version = fetch.find(actor, team, name, number)
    response = zip_answer(request, actor, version, CLIENT)
    if response.status_code == 200:
        counted(version.version_id, CLIENT, actor, INSTALL)
    return response


@require_safe
@with_problems
def search(request: HttpRequest) -> HttpResponse:
    """What `skills find` asks when SKILLS_API_URL is this instance; equal counts keep our order."""
    actor = actor_of(request)
    throttle(request, actor, "search")
    limit = whole_numbers.from_text(request.GET.get("limit", ""), _DEFAULT_LIMIT)
    size = min(max(limit, 1), _LARGEST_LIMIT)
    query = request.GET.get("q", "")
    hits = find(actor, query, size=size).hits if query.strip() else []
    return JsonResponse(
        {
            "skills": [
                {
                    "id": f"{hit.skill.team.handle}/{hit.skill.name}",
                    "name": hit.skill.name,
                    "installs": 0,
                    "source": f"{settings.PUBLIC_URL}/s/{hit.skill.team.handle}/{hit.skill.name}",
                    "description": hit.skill.description,
                }
                for hit in hits
            ]
        }
    )
