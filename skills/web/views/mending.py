"""Files changed in the browser: suggestions of a review with one click, and any version edited."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from skills.bundles.magic import decode, encode_like
from skills.catalog import uploads
from skills.catalog.models import Upload, Version
from skills.catalog.selectors import find_skill, find_version
from skills.delivery.content import all_files
from skills.flows import mending
from skills.http.actors import HubRequest
from skills.http.refusals import status_of
from skills.http.throttling import throttle
from skills.lib import whole_numbers
from skills.lib.errors import Forbidden, Gone, Missing, Problem, Refused, Unauthenticated, refuse
from skills.people import rules
from skills.people.models import Role
from skills.reviews.models import Comment
from skills.reviews.selectors import threads_of
from skills.web.lookups import version_in_review

_MOST_EDITED = 200_000  # characters of a text that a form holds


@require_POST
def apply(request: HubRequest, pk: int) -> HttpResponse:
    """Make the next attempt of the suggestions that were chosen."""
    version = version_in_review(request.actor, pk)
    throttle(request, request.actor, "publish")
    wanted = {whole_numbers.from_text(text, 0) for text in request.POST.getlist("suggestion")}
    remarks = [thread.root for thread in threads_of(version) if thread.root.pk in wanted]
    return _attempt(request, version, remarks)


def _attempt(request: HubRequest, version: Version, remarks: list[Comment]) -> HttpResponse:
    try:
        new = mending.apply_suggestions(actor=request.actor, version=version, remarks=remarks)
    except (Missing, Forbidden, Unauthenticated):
        raise
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, f"{problem.text} {problem.remedy}".strip())
        return redirect("review", version.pk)
    messages.success(request, f"This is attempt {new.attempt}; the checks look at it.")
    return redirect("review", new.pk)


@dataclass(frozen=True, kw_only=True)
class WorkingCopy:
    """Files that somebody is changing: those of a version, or of an upload of theirs that came of it."""

    files: dict[str, bytes]
    upload: Upload | None = None

    @property
    def texts(self) -> list[str]:
        """The paths of what can be edited, SKILL.md first."""
        found = [path for path, data in self.files.items() if _text(data) is not None]
        return sorted(found, key=lambda path: (path != "SKILL.md", path))


def _text(data: bytes) -> str | None:
    text = decode(data)
    return text if text is not None and len(text) <= _MOST_EDITED else None


@require_http_methods(["GET", "POST"])
def edit(request: HubRequest, pk: int) -> HttpResponse:
    """Change, add or leave out files of a version; the result is its next attempt."""
    return _edit(request, version_in_review(request.actor, pk), as_attempt=True)


@require_http_methods(["GET", "POST"])
def edit_version(request: HubRequest, team: str, name: str, number: str) -> HttpResponse:
    """The same with any version that has its files; the result is an upload, to be seen and submitted."""
    skill = find_skill(request.actor, team, name)
    version = find_version(request.actor, skill, number)
    version.skill = skill
    if not version.has_content:
        raise refuse("removed", f"{version} was removed: {version.reason}", kind=Gone)
    return _edit(request, version, as_attempt=False)


def _edit(request: HubRequest, version: Version, *, as_attempt: bool) -> HttpResponse:
    rules.role(request.actor, version.skill.team, Role.MEMBER)
    copy = _working_copy(request, version)
    if request.method == "GET":
        path = request.GET.get("path", "" if "new" in request.GET else "SKILL.md")
        text = _text(copy.files.get(path, b"")) or ""
        return _page(request, version, copy, path=path, text=text, as_attempt=as_attempt)
    throttle(request, request.actor, "publish")
    path, text = request.POST.get("path", "").strip(), request.POST.get("text", "").replace("\r\n", "\n")
    is_gone = request.POST.get("act") == "leave_out"
    # A form sends line ends of its own; those of the file stay.
    changed = {**copy.files, path: encode_like(text, copy.files.get(path, b""))}
    if is_gone:
        changed.pop(path)
    try:
        return _kept(request, version, changed, as_attempt=as_attempt)
    except (Missing, Forbidden, Unauthenticated):
        raise
    except Refused as refused:
        return _page(request, version, copy, path=path, text=text, as_attempt=as_attempt, refused=refused)


def _working_copy(request: HubRequest, version: Version) -> WorkingCopy:
    wanted = request.GET.get("upload", "")
    if not wanted:
        return WorkingCopy(files=all_files(version))
    upload = uploads.find_by_text(wanted, rules.signed_in(request.actor))
    return WorkingCopy(files=dict(uploads.files_of(upload)), upload=upload)


def _kept(
    request: HubRequest, version: Version, files: dict[str, bytes], *, as_attempt: bool
) -> HttpResponse:
    """The next attempt, an upload to be submitted, or one that goes on being edited."""
    gone = dict.fromkeys(set(all_files(version)) - set(files))
    upload = mending.stage_mended(request.actor, version, {**files, **gone})
    if request.POST.get("act") == "publish":
        if not as_attempt:
            return redirect("upload", upload.pk)
        new = mending.next_attempt(actor=request.actor, version=version, upload=upload)
        return redirect("review", new.pk)
    messages.success(request, "Kept for a day, and only you see it. Go on, or publish it.")
    return redirect(f"{request.path}?upload={upload.pk}")


def _page(
    request: HubRequest,
    version: Version,
    copy: WorkingCopy,
    *,
    path: str,
    text: str,
    as_attempt: bool,
    refused: Refused | None = None,
) -> HttpResponse:
    problems: list[Problem] = list(refused.problems) if refused else []
    context = {
        "nav": "reviews" if as_attempt else "publish",
        "version": version,
        "as_attempt": as_attempt,
        "copy": copy,
        "path": path,
        "text": text,
        "is_new": path not in copy.files,
        "problems": problems,
    }
    return render(request, "reviews/edit.html", context, status=status_of(refused) if refused else 200)
