"""Publishing by tickets and by multipart, soft deletes, channels, renames, stars, telemetry."""

import json
import uuid
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from skills.bundles.catalogue_words import suggest_name
from skills.bundles.manifest import Manifest
from skills.bundles.names import NAME, NAME_LENGTH
from skills.catalog import tickets
from skills.catalog.models import Skill, State, Version, Visibility
from skills.catalog.selectors import find_team
from skills.catalog.uploads import limits
from skills.curation.follow import star as set_star
from skills.curation.models import Star
from skills.delivery.count import INSTALL, counted
from skills.delivery.resolve import resolve
from skills.flows import access, release
from skills.lib.addresses import public_address
from skills.lib.errors import Forbidden, Problem, Refused, missing, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Team
from skills.protocols.clawhub.answers import body_of, owner_in, signed_in, text
from skills.protocols.clawhub.multipart import parts_of
from skills.protocols.clawhub.names import find

CLIENT = "clawhub"
_DELETED = "Deleted with clawhub"


def upload_url(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A ticket for one file."""
    by = rules.scope(actor, "publish")
    fields = body_of(request)
    size = fields.get("size")
    if isinstance(size, bool) or not isinstance(size, int):
        raise refuse("bad_ticket", "`size` is a whole number.")
    row = tickets.open_ticket(
        by=by, path=text(fields, "path", 255), size=size, sha256=text(fields, "sha256", 64)
    )
    address = public_address(reverse("clawhub-upload", args=[row.pk]))
    return JsonResponse({"uploadUrl": address, "uploadTicket": str(row.pk)})


def upload(request: HttpRequest, actor: Actor, ticket: uuid.UUID) -> HttpResponse:
    """The bytes of a ticket."""
    by = rules.scope(actor, "publish")
    row = tickets.fill(by=by, ticket=ticket, data=request.body)
    return JsonResponse({"storageId": str(row.pk)})


def publish(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make a version of the files sent; it waits for its review, and the answer says so."""
    by = rules.scope(actor, "publish")
    if (request.content_type or "").startswith("multipart/"):
        fields, files = parts_of(request, limits())
    else:
        fields = body_of(request)
        listed = fields.get("files")
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise refuse("bad_parameter", "`files` is a list of objects.")
        pairs = [(text(one, "path", 255), text(one, "uploadTicket", 64)) for one in listed]
        files = tickets.take(by=by, pairs=pairs)
    if fields.get("acceptLicenseTerms") is False:
        raise refuse(
            "bad_parameter",
            "The licence terms were not accepted.",
            "Skills keep the licence in their SKILL.md.",
        )
    slug, number = text(fields, "slug", 100), text(fields, "version", 80)
    team = _team(actor, text(fields, "ownerHandle", 50) or by.username)
    version, notes = _submit(
        actor, team, slug, number=number, changelog=text(fields, "changelog", 2_000), files=files
    )
    status = "published" if version.state == State.APPROVED else "pending"
    return JsonResponse(
        {
            "ok": True,
            "skillId": str(version.skill_id),
            "versionId": str(version.pk),
            "slug": slug,
            "version": version.number,
            "status": status,
            "publicationStatus": status,
            "reviewUrl": public_address(reverse("review", args=[version.pk])),
            "message": f"{version} waits for its review in the team {team.handle}.",
            "problems": [note.as_dict() for note in notes],
        }
    )


def _team(actor: Actor, handle: str) -> Team:
    team = find_team(actor, handle.lstrip("@").lower())
    if team.pk not in actor.roles:
        text_ = f"You are not a member of the team {handle}."
        raise refuse("role_missing", text_, "Name your team with --owner.", kind=Forbidden)
    return team


def _submit(
    actor: Actor, team: Team, slug: str, *, number: str, changelog: str, files: dict[str, bytes]
) -> tuple[Version, list[Problem]]:
    """The version, and what is worth a look in it."""
    if not NAME.fullmatch(slug) or len(slug) > NAME_LENGTH:
        text_ = f"{slug!r} is no slug: up to {NAME_LENGTH} lower-case letters, digits and single hyphens."
        raise refuse("bad_name", text_, f"Publish with --slug {suggest_name(slug)}.")
    report, upload_ = release.stage(actor=actor, content=files, folder=slug)
    if upload_ is None:
        raise Refused(report.errors)
    try:
        # The slug is the catalogue's name; SKILL.md keeps the name that it says.
        upload_.manifest = Manifest.from_json(upload_.manifest).named(slug).as_json()
        existing = Skill.objects.filter(team=team, name=slug).first()
        wanted = existing.visibility if existing else Visibility.TEAM
        version, _ = release.submit(
            actor=actor, team=team, upload=upload_, number=number, wanted=wanted, changelog=changelog
        )
        return version, report.problems
    finally:
        type(upload_).objects.filter(pk=upload_.pk).delete()


def _own(request: HttpRequest, actor: Actor, slug: str, owner: str, fields: Mapping[str, object]) -> Skill:
    """The skill a write means; `ownerHandle` may stand in the body."""
    signed_in(actor)
    return find(actor, slug, owner or text(fields, "ownerHandle", 50) or owner_in(request))


def delete(request: HttpRequest, actor: Actor, slug: str, owner: str = "") -> HttpResponse:
    """A soft delete: every approved version is yanked, with a reason; nothing is lost."""
    fields = body_of(request)
    skill = _own(request, actor, slug, owner, fields)
    reason = f"{_DELETED}: {text(fields, 'reason', 500)}" if text(fields, "reason", 500) else _DELETED
    rules.team_admin(actor, skill.team)
    for pk in _in(skill, State.APPROVED):
        access.yank(actor=actor, version_id=pk, reason=reason)
    return JsonResponse({"ok": True})


def _in(skill: Skill, state: str) -> list[int]:
    return list(Version.objects.filter(skill=skill, state=state).values_list("pk", flat=True))


def undelete(request: HttpRequest, actor: Actor, slug: str, owner: str = "") -> HttpResponse:
    """Put back what `delete` took away, and nothing that was yanked for another reason."""
    fields = body_of(request)
    signed_in(actor)
    owner = owner or text(fields, "ownerHandle", 50) or owner_in(request)
    skill = find(actor, slug, owner) if owner else _yanked(actor, slug)
    rules.team_admin(actor, skill.team)
    rows = Version.objects.filter(skill=skill, state=State.YANKED, reason__startswith=_DELETED)
    for pk in rows.values_list("pk", flat=True):
        access.unyank(actor=actor, version_id=pk)
    return JsonResponse({"ok": True})


def _yanked(actor: Actor, slug: str) -> Skill:
    """A deleted skill of one's teams by its slug alone: it is in no list any more."""
    rows = Skill.objects.filter(name=slug.lower()).select_related("team")
    skills = list((rows if actor.reads_everything else rows.filter(team__in=actor.read_team_ids))[:2])
    if len(skills) != 1:
        raise missing()
    return skills[0]


def delete_version(
    request: HttpRequest, actor: Actor, slug: str, number: str, owner: str = ""
) -> HttpResponse:
    fields = body_of(request)
    version = resolve(actor, _own(request, actor, slug, owner, fields), number)
    access.yank(actor=actor, version_id=version.pk, reason=text(fields, "reason", 500) or _DELETED)
    return JsonResponse({"ok": True})


def restore_version(
    request: HttpRequest, actor: Actor, slug: str, number: str, owner: str = ""
) -> HttpResponse:
    version = resolve(actor, _own(request, actor, slug, owner, body_of(request)), number)
    access.unyank(actor=actor, version_id=version.pk)
    return JsonResponse({"ok": True})


def tag(request: HttpRequest, actor: Actor, slug: str, name: str, owner: str = "") -> HttpResponse:
    """A tag is a channel; `latest` is computed and moves by itself."""
    fields = body_of(request)
    skill = _own(request, actor, slug, owner, fields)
    version = resolve(actor, skill, text(fields, "version", 80))
    access.move_channel(actor=actor, skill=skill, name=name, version=version)
    return JsonResponse({"ok": True, "slug": skill.name, "tag": name, "version": version.number})


def rename(request: HttpRequest, actor: Actor, slug: str, owner: str = "") -> HttpResponse:
    fields = body_of(request)
    skill = access.rename(
        actor=actor, skill=_own(request, actor, slug, owner, fields), name=text(fields, "newSlug", 100)
    )
    return JsonResponse({"ok": True, "slug": skill.name, "previousSlug": slug})


def star(request: HttpRequest, actor: Actor, slug: str, owner: str = "") -> HttpResponse:
    return _star(request, actor, slug, owner, on=True)


def unstar(request: HttpRequest, actor: Actor, slug: str, owner: str = "") -> HttpResponse:
    return _star(request, actor, slug, owner, on=False)


def _star(request: HttpRequest, actor: Actor, slug: str, owner: str, *, on: bool) -> HttpResponse:
    skill = _own(request, actor, slug, owner, {})
    was = Star.objects.filter(account=actor.account, skill=skill).exists()
    set_star(actor=actor, skill=skill, on=on)
    if on:
        return JsonResponse({"ok": True, "starred": True, "alreadyStarred": was})
    return JsonResponse({"ok": True, "unstarred": True, "alreadyUnstarred": not was})


def telemetry(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Count an install; whatever else arrives is thanked for and not kept."""
    try:
        fields = json.loads(request.body or b"{}")
        event = fields.get("event") if isinstance(fields, dict) else ""
        if event == "install":
            skill = find(actor, text(fields, "slug", 100), text(fields, "ownerHandle", 50))
            counted(resolve(actor, skill, text(fields, "version", 80)).pk, CLIENT, actor, INSTALL)
    except (ValueError, Refused):
        pass
    return JsonResponse({"ok": True})
