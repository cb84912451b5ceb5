"""Search, lists, details, files and downloads for the `clawhub` CLI and OpenClaw."""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode

from skills.catalog.models import Skill, State, Version
from skills.catalog.selectors import skills_for
from skills.delivery import fetch
from skills.delivery.content import file_bytes
from skills.delivery.resolve import resolve as resolve_version
from skills.http.file_responses import bytes_answer, zip_answer
from skills.lib import whole_numbers
from skills.lib.addresses import public_address
from skills.lib.clock import now
from skills.lib.errors import missing, refuse
from skills.lib.pages import page
from skills.people.actor import Actor
from skills.protocols.clawhub import schemas
from skills.protocols.clawhub.answers import body_of, owner_in, signed_in, text
from skills.protocols.clawhub.names import find, matching, released
from skills.search import log
from skills.search.query import search as find_skills

CLIENT = "clawhub"
_SORTS = {
    "": "-updated_at",
    "updated": "-updated_at",
    "recommended": "-fetches",
    "default": "-updated_at",
    "createdAt": "-created_at",
    "newest": "-created_at",
    "downloads": "-fetches",
    "installs": "-fetches",
    "stars": "-stars",
    "rating": "-stars",
    "name": "name",
    "trending": "-fetches",
}


def whole(request: HttpRequest, name: str, default: int, most: int) -> int:
    raw = request.GET.get(name, "")
    if not raw:
        return default
    number = whole_numbers.from_text(raw, None, least=1, most=most)
    if number is None:
        raise refuse("bad_parameter", f"Invalid {name} query parameter")
    return number


def discovery(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Where the registry is; sign-in is at the root."""
    root = settings.PUBLIC_URL
    return JsonResponse(
        {
            "apiBase": f"{root}/clawhub",
            "registry": f"{root}/clawhub",
            "authBase": root,
            "minCliVersion": "0.1.0",
        }
    )


def whoami(request: HttpRequest, actor: Actor) -> HttpResponse:
    signed_in(actor)
    assert actor.account is not None
    role = "admin" if actor.is_staff else "user"
    return JsonResponse(
        {"user": {"handle": actor.account.username, "displayName": actor.account.label, "role": role}}
    )


def search(request: HttpRequest, actor: Actor) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    mode = request.GET.get("mode", "")
    if mode not in ("", "exact"):
        raise refuse("bad_parameter", "Invalid search mode")
    if not query:
        return JsonResponse({"results": []})
    answer = find_skills(actor, query, size=whole(request, "limit", 25, 100))
    log.note_search(actor, query, [hit.skill.pk for hit in answer.hits], answer.total)
    hits = [hit for hit in answer.hits if not mode or hit.skill.name == query.lower()]
    return JsonResponse({"results": [schemas.hit(hit.skill, hit.score) for hit in hits]})


def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Lists and prefix listings; `search` is taken too, which some clients send."""
    prefix, sort = request.GET.get("prefix", "").strip().lower(), request.GET.get("sort", "")
    if query := request.GET.get("search", "").strip():
        hits = find_skills(actor, query, size=whole(request, "limit", 25, 100)).hits
        return JsonResponse({"items": [schemas.item(hit.skill) for hit in hits], "nextCursor": None})
    if sort not in _SORTS:
        raise refuse("bad_sort", "Invalid sort query parameter")
    if prefix and sort not in ("", "name"):
        raise refuse("bad_parameter", "Prefix listing only supports name sort")
    rows = skills_for(actor).filter(shown__isnull=False)
    if prefix:
        rows = rows.filter(name__startswith=prefix)
    order = "name" if prefix else _SORTS[sort]
    one_page = page(rows, order, request.GET.get("cursor", ""), min(whole(request, "limit", 25, 200), 100))
    return JsonResponse(
        {"items": [schemas.item(skill) for skill in one_page.rows], "nextCursor": one_page.next or None}
    )


def detail(request: HttpRequest, actor: Actor, slug: str, owner: str = "") -> HttpResponse:
    skill = find(actor, slug, owner or owner_in(request))
    channels = {c.name: c.version.number for c in skill.channels.select_related("version")}
    if skill.shown:
        channels["latest"] = skill.shown.number
    return JsonResponse(schemas.detail(skill, channels))


def versions(request: HttpRequest, actor: Actor, slug: str, owner: str = "") -> HttpResponse:
    skill = find(actor, slug, owner or owner_in(request))
    listed = released(skill)[: whole(request, "limit", 25, 200)]
    return JsonResponse({"items": [schemas.version(row) for row in listed], "nextCursor": None})


def one(request: HttpRequest, actor: Actor, slug: str, number: str, owner: str = "") -> HttpResponse:
    version = resolve_version(actor, find(actor, slug, owner or owner_in(request)), number)
    name = {"slug": version.skill.name, "displayName": version.skill.name}
    return JsonResponse({"skill": name, "version": schemas.with_files(version)})


def _wanted(request: HttpRequest, actor: Actor, skill: Skill) -> tuple[Version, str, str | None]:
    """(version, where it was resolved from, the tag) by `version` or `tag`."""
    number, tag = request.GET.get("version", ""), request.GET.get("tag", "")
    if number and tag:
        raise refuse("bad_parameter", "Use either version or tag")
    version = resolve_version(
        actor, skill, number or tag or (skill.shown.number if skill.shown else "latest")
    )
    return version, "version" if number else "tag" if tag else "latest", tag or None


def file(request: HttpRequest, actor: Actor, slug: str, owner: str = "") -> HttpResponse:
    """One file, by its path or the same in other case."""
    version, _, _ = _wanted(request, actor, find(actor, slug, owner or owner_in(request)))
    path = request.GET.get("path", "")
    if not path:
        raise refuse("bad_parameter", "Missing path")
    row = version.files.filter(path=path).first() or version.files.filter(path__iexact=path).first()
    if row is None:
        raise refuse("no_file", "File not found", kind=type(missing()))
    fetched = fetch.find(actor, version.skill.team.handle, version.skill.name, version.number)
    response = bytes_answer(
        request,
        fetched,
        f"sha256:{row.sha256}",
        "text/plain; charset=utf-8",
        lambda: file_bytes(version, row),
    )
    response.headers["X-Content-Size"] = str(row.size)
    return response


def resolve(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Which approved version an installed folder is, by its fingerprint."""
    slug, wanted = request.GET.get("slug", ""), request.GET.get("hash", "")
    if not slug or not wanted:
        raise refuse("bad_parameter", "Missing slug or hash")
    if len(wanted) != 64 or set(wanted) - set("0123456789abcdef"):
        raise refuse("bad_parameter", "Invalid hash")
    skill = find(actor, slug, owner_in(request))
    match = matching(skill, wanted)
    return JsonResponse(
        {
            "slug": skill.name,
            "match": {"version": match.number} if match else None,
            "latestVersion": {"version": skill.shown.number} if skill.shown else None,
        }
    )


def download(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Exactly the reviewed zip: nothing is added, so that a clean install has its fingerprint."""
    skill = find(actor, request.GET.get("slug", ""), owner_in(request))
    version, _, _ = _wanted(request, actor, skill)
    fetched = fetch.find(actor, skill.team.handle, skill.name, version.number)
    return zip_answer(request, actor, fetched, CLIENT)


def install(request: HttpRequest, actor: Actor, slug: str, owner: str = "") -> HttpResponse:
    skill = find(actor, slug, owner or owner_in(request))
    if skill.shown is None:
        text_ = "There is no approved version."
        body = {
            "ok": False,
            "slug": skill.name,
            "reason": "archive_version_missing",
            "message": text_,
            "status": 404,
        }
        return JsonResponse(body, status=404)
    query = urlencode({"slug": skill.name, "ownerHandle": skill.team.handle, "version": skill.shown.number})
    address = f"{public_address(reverse('clawhub-download'))}?{query}"
    archive = {"version": skill.shown.number, "downloadUrl": address}
    return JsonResponse({"ok": True, "slug": skill.name, "installKind": "archive", "archive": archive})


def verify(request: HttpRequest, actor: Actor, slug: str, owner: str = "") -> HttpResponse:
    version, source, tag = _wanted(request, actor, find(actor, slug, owner or owner_in(request)))
    return JsonResponse(schemas.verification(version, source, tag))


def verdicts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What checks and reviews say of up to a hundred versions; a missing one fails, it is not left out."""
    items = body_of(request).get("items")
    if (
        not isinstance(items, list)
        or not 1 <= len(items) <= 100
        or not all(isinstance(item, dict) for item in items)
    ):
        raise refuse("bad_parameter", "`items` is a list of 1 to 100 objects.")
    return JsonResponse({"items": [_verdict(actor, item) for item in items]})


def _verdict(actor: Actor, item: Mapping[str, object]) -> schemas.Json:
    slug, number, owner = (text(item, name, 200) for name in ("slug", "version", "ownerHandle"))
    skill = find(actor, slug, owner)
    version = resolve_version(actor, skill, number)
    return schemas.verdict(version, {"slug": slug, "version": number, "ownerHandle": owner})


def moderation(request: HttpRequest, actor: Actor, slug: str, owner: str = "") -> HttpResponse:
    find(actor, slug, owner or owner_in(request))
    return HttpResponse(
        "Moderation details unavailable", status=404, content_type="text/plain; charset=utf-8"
    )


def trending(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The most fetched skills of today and yesterday (UTC), then of all time; one page, as they are now."""
    moment = now()
    lately = Q(versions__fetch_days__day__gte=moment.date() - timedelta(days=1))
    rows = skills_for(actor).filter(shown__state=State.APPROVED)
    rows = rows.annotate(
        fetched=Coalesce(Sum("versions__fetch_days__fetches", filter=lately), 0),
        installed=Coalesce(Sum("versions__fetch_days__installs", filter=lately), 0),
    ).order_by("-fetched", "-fetches", "-stars", "name")
    skills = list(rows[: whole(request, "limit", 20, 100)])
    cards = [
        {
            **schemas.hit(skill, 0),
            "rank": rank,
            "lane": "trending",
            "publisher": {"handle": skill.team.handle, "displayName": skill.team.name, "image": None},
            "metrics": {
                "trending24hDownloads": skill.fetched,
                "trending24hInstalls": skill.installed,
                "trending24hBookmarks": 0,
                "updatedAt": schemas.ms(skill.updated_at),
                "lifetimeInstalls": skill.fetches,
                "lifetimeInstallsPeriod": "lifetime",
            },
        }
        for rank, skill in enumerate(skills, 1)
    ]
    return JsonResponse(
        {
            "kind": "skills",
            "snapshotId": str(int(moment.timestamp())),
            "snapshotCursor": "0",
            "generatedAt": moment.isoformat(),
            "windowHours": 48,
            "rankingVersion": "fetches",
            "totalItems": len(cards),
            "items": cards,
            "nextCursor": None,
        }
    )
