"""Several skills in one archive or folder: what each is, and the ticked ones submitted."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from skills.bundles.manifest import Manifest
from skills.catalog import uploads
from skills.catalog.models import Upload
from skills.catalog.pack_checks import check_pack
from skills.flows.pack_release import PackWish, publish_uploads
from skills.http.actors import HubRequest
from skills.lib.errors import Problem, missing
from skills.people import rules
from skills.people.models import Account
from skills.web.forms.publishing import PackForm


@dataclass(frozen=True)
class PackRow:
    """One skill of the page: where it lay, and its upload, None where it was refused."""

    path: str
    upload: Upload | None
    problems: Sequence[Problem]
    is_ticked: bool = True

    @property
    def manifest(self) -> Manifest | None:
        return Manifest.from_json(self.upload.manifest) if self.upload else None


def pack_page(request: HubRequest, content: bytes | Mapping[str, bytes]) -> HttpResponse:
    """Every skill in CONTENT with its problems; those that are accepted wait to be ticked."""
    by = rules.scope(request.actor, "publish")
    pack = check_pack(content)
    # All or none: a quota that is full in the middle would leave the first ones behind.
    with transaction.atomic():
        rows = [
            PackRow(
                skill.path,
                uploads.stage(bundle=skill.report.bundle, report=skill.report, by=by)
                if skill.report.bundle
                else None,
                skill.report.problems,
            )
            for skill in pack.skills
        ]
    return _page(request, PackForm(team_ids=request.actor.team_ids), rows, pack.notes)


@require_POST
def publish_pack(request: HubRequest) -> HttpResponse:
    """Submit the ticked uploads, each by itself, and say what became of each."""
    by = rules.scope(request.actor, "publish")
    form = PackForm(request.POST, team_ids=request.actor.team_ids)
    ticked = request.POST.getlist("ticked")
    if not form.is_valid() or not ticked:
        if not ticked:
            form.add_error(None, "Tick at least one skill.")
        staged = _uploads(request.POST.getlist("staged"), by)
        rows = [PackRow("", upload, upload.problems, str(upload.pk) in ticked) for upload in staged]
        return _page(request, form, rows, [], status=400)
    facts = form.cleaned_data
    wish = PackWish(facts["team"], facts["visibility"], facts["changelog"])
    answers = list(publish_uploads(actor=request.actor, staged=_uploads(ticked, by), wish=wish))
    context = {"nav": "publish", "answers": answers, "team": facts["team"]}
    return render(request, "publish/pack_done.html", context)


def _page(
    request: HubRequest,
    form: PackForm,
    rows: Sequence[PackRow],
    notes: Sequence[Problem],
    status: int = 200,
) -> HttpResponse:
    accepted = sum(row.upload is not None for row in rows)
    context = {"nav": "publish", "form": form, "rows": rows, "notes": notes, "accepted": accepted}
    return render(request, "publish/pack.html", context, status=status)


def _uploads(ids: Sequence[str], by: Account) -> list[Upload]:
    """The uploads of BY with these IDS."""
    try:
        return [uploads.find_upload(uuid.UUID(one), by) for one in ids]
    except ValueError:
        raise missing() from None
