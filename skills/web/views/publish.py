"""Publishing in the browser: drop, check, see, submit."""

import uuid
from typing import cast
from urllib.parse import urlencode

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.http import require_http_methods, require_POST

from skills.bundles.compare import compare, compare_front_matter, summary
from skills.bundles.manifest import Manifest
from skills.bundles.validate import Validation
from skills.catalog.models import Skill, Upload, Version
from skills.catalog.number_order import HIGHEST_FIRST
from skills.catalog.numbers import suggest
from skills.catalog.uploads import find_upload, limits, staged_uploads
from skills.catalog.visibility import readable
from skills.flows import mending, release
from skills.http.actors import HubRequest
from skills.http.refusals import status_of
from skills.http.throttling import throttle
from skills.lib import whole_numbers
from skills.lib.errors import Forbidden, Missing, Problem, Refused
from skills.people import rules
from skills.search.similar import looks_like
from skills.web.forms.publishing import SubmitForm, WriteForm
from skills.web.lookups import version_in_review
from skills.web.views.packs import pack_page


@require_http_methods(["GET", "POST"])
def publish(request: HubRequest) -> HttpResponse:
    """Drop a folder or a zip, or write SKILL.md; every problem at once, nothing kept if refused."""
    rules.scope(request.actor, "publish")
    if request.method == "GET":
        start = {"skill_md": request.GET["skill_md"]} if request.GET.get("skill_md") else None
        return _form(request, WriteForm(initial=start))
    throttle(request, request.actor, "publish")
    content = _content(request)
    written = WriteForm(request.POST if "skill_md" in request.POST else None)
    if not content:
        problem = Problem("no_bundle", "Nothing was chosen.", "Drop a folder or a zip, or write SKILL.md.")
        return _form(request, written, Validation([problem]), status=400)
    report, upload = release.stage(actor=request.actor, content=content)
    if report.is_pack:
        return pack_page(request, content)
    if upload is None:
        return _form(request, written, report, status=400)
    mends = f"?{urlencode({'mends': request.GET['mends']})}" if request.GET.get("mends") else ""
    return redirect(f"{resolve_url('upload', upload.pk)}{mends}")


def _mended(request: HubRequest) -> Version | None:
    """The version whose next attempt is published, where the address names one."""
    wanted = whole_numbers.from_text(request.GET.get("mends", ""), 0)
    version = version_in_review(request.actor, wanted) if wanted else None
    return version if version and version.state in mending.MENDABLE else None


def _skill_wanted(request: HubRequest) -> Skill | None:
    """The skill that gets a new version, where the address names one of the reader's."""
    team, _, name = request.GET.get("of", "").partition("/")
    mine = Skill.objects.filter(readable(request.actor), team_id__in=request.actor.team_ids)
    return mine.select_related("team", "shown").filter(team__handle=team, name=name).first()


def _form(
    request: HubRequest, form: WriteForm, report: Validation | None = None, status: int = 200
) -> HttpResponse:
    staged = staged_uploads(rules.signed_in(request.actor))
    context = {
        "nav": "publish",
        "form": form,
        "report": report,
        "limits": limits(),
        "staged": staged,
        "mended": _mended(request),
        "of": _skill_wanted(request),
    }
    return render(request, "publish/start.html", context, status=status)


def _content(request: HubRequest) -> bytes | dict[str, bytes]:
    """The zip, the folder's files by path, or the one file written in the browser."""
    bundle = request.FILES.get("bundle")
    if bundle is not None:
        return bytes(bundle.read())
    files = cast("list[UploadedFile[bytes]]", request.FILES.getlist("files"))
    if files:
        paths = request.POST.getlist("paths")
        names = paths if len(paths) == len(files) else [str(file.name) for file in files]
        return {name: file.read() for name, file in zip(names, files, strict=True)}
    text = request.POST.get("skill_md", "").replace("\r\n", "\n")
    return {"SKILL.md": text.encode()} if text.strip() else b""


@require_http_methods(["GET", "POST"])
def upload(request: HubRequest, upload_id: uuid.UUID) -> HttpResponse:
    """What was parsed, before it is sent: manifest, tree, warnings, look-alikes, next version."""
    account = rules.scope(request.actor, "publish")
    staged = find_upload(upload_id, account)
    if request.method == "GET":
        return _preview(request, staged, _submit_form(request, staged))
    form = SubmitForm(request.POST, team_ids=request.actor.team_ids)
    if not form.is_valid():
        return _preview(request, staged, form, status=400)
    facts = form.cleaned_data
    try:
        version, _ = release.submit(
            actor=request.actor,
            team=facts["team"],
            upload=staged,
            number=facts["number"],
            wanted=facts["visibility"],
            changelog=facts["changelog"],
        )
    except (Missing, Forbidden):
        raise
    except Refused as refused:
        for problem in refused.problems:
            form.add_error("number", f"{problem.text} {problem.remedy}".strip())
        return _preview(request, staged, form, status=status_of(refused))
    return redirect("review", version.pk)


def _submit_form(request: HubRequest, staged: Upload) -> SubmitForm:
    """The form with the team that has this skill already and the number that comes next.

    Of mended files everything is as it was.
    """
    manifest = Manifest.from_json(staged.manifest)
    mended = _mended(request)
    if mended is not None and mended.skill.name == manifest.name:
        as_it_was: dict[str, object] = {
            "changelog": mended.changelog,
            "team": mended.skill.team.handle,
            "number": mended.number,
            "visibility": mended.requested_visibility,
        }
        return SubmitForm(initial=as_it_was, team_ids=request.actor.team_ids)
    mine = Skill.objects.filter(
        readable(request.actor), name=manifest.name, team_id__in=request.actor.team_ids
    )
    existing = mine.select_related("team", "shown").first()
    versions = existing.versions.order_by(*HIGHEST_FIRST) if existing else Version.objects.none()
    initial: dict[str, object] = {
        "changelog": _draft_changelog(existing, staged) if existing else "",
        "team": existing.team.handle if existing else None,
        "number": suggest(versions.values_list("number", flat=True)[:1], manifest.version),
        "visibility": existing.visibility if existing else "team",
    }
    return SubmitForm(initial=initial, team_ids=request.actor.team_ids)


def _draft_changelog(existing: Skill, staged: Upload) -> str:
    """What changed against the version that readers see, for the author to put into words."""
    shown = existing.shown
    if shown is None or not shown.has_content:
        return ""
    old = dict(shown.files.values_list("path", "sha256"))
    new = {file["path"]: file["sha256"] for file in staged.files}
    fields = compare_front_matter(Manifest.from_json(shown.manifest), Manifest.from_json(staged.manifest))
    return summary(compare(old, new), fields)


def _preview(request: HubRequest, staged: Upload, form: SubmitForm, status: int = 200) -> HttpResponse:
    manifest = Manifest.from_json(staged.manifest)
    cases = manifest.evals.cases or manifest.evals.triggers
    context = {
        "nav": "publish",
        "upload": staged,
        "mended": _mended(request),
        "notes": staged.problems,
        "manifest": manifest,
        "form": form,
        "evaluate_with": form["team"].value() or staged.account.username if cases else "",
        "nearest": looks_like(request.actor, manifest.name, manifest.description),
    }
    return render(request, "publish/preview.html", context, status=status)


@require_POST
def discard(request: HubRequest, upload_id: uuid.UUID) -> HttpResponse:
    find_upload(upload_id, rules.signed_in(request.actor)).delete()
    return redirect("publish")
