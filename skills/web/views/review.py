"""The review of one version."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from skills.bundles.binary import dump
from skills.bundles.compare import compare_front_matter
from skills.bundles.frontmatter import FILE
from skills.bundles.magic import decode
from skills.bundles.manifest import Manifest
from skills.catalog.models import State, Version
from skills.catalog.selectors import version_by_id
from skills.catalog.stakes import why_not_judge
from skills.catalog.states import can_move
from skills.catalog.visibility import is_wider
from skills.delivery.content import all_files
from skills.evals import selectors as eval_selectors
from skills.evals.kept_cases import kept_cases_of
from skills.evals.standing import standing_of
from skills.flows import gates, release
from skills.flows.evaluation.subject import approved_before
from skills.flows.mending import may_mend
from skills.http.actors import HubRequest
from skills.http.refusals import status_of
from skills.lib.errors import Forbidden, Missing, Refused
from skills.people import rules
from skills.people.models import Role
from skills.reviews import rules as review_rules
from skills.reviews import selectors
from skills.reviews.attempts import base_of, note_visit
from skills.reviews.comment import can_talk, is_author
from skills.reviews.drafts import drafts_of
from skills.reviews.models import Comment, DecisionVerdict
from skills.reviews.suggestions import can_apply
from skills.scans.checks.inventory import KINDS as INVENTORY_KINDS
from skills.scans.checks.inventory import InventoryChange, inventory_changes
from skills.scans.models import Finding, Scan, ScanState
from skills.scans.scan import waive
from skills.web.evaluation_context import evaluation_context
from skills.web.file_changes import paths_changed
from skills.web.lookups import version_in_review
from skills.web.outcomes import go_back, tell_outcome
from skills.web.review_changes import comparison_of, review_changes, rows_context
from skills.web.threads import TalkItem, all_talk

TABS = {
    "changes": "Changes",
    "findings": "Findings",
    "inventory": "Inventory",
    "evals": "Evaluation",
    "files": "Raw files",
    "talk": "Conversation",
}

_ATTEMPTS = 20  # at one number, on its page
_BECAME = {  # what a decision made of a version
    State.APPROVED: "is approved",
    State.IN_REVIEW: "has your approval, and needs more",
    State.CHANGES_REQUESTED: "goes back to its author",
    State.REJECTED: "is rejected",
}
_REASON_HINT = "To request changes or to reject; comments that wait for your decision will do."
_MOST_LINES = 5_000  # of one file on the tab with the raw files


@dataclass(frozen=True, kw_only=True)
class EvidenceTab:
    """One tab of the review page. `count` is "" where there is nothing, or where it is not known yet."""

    name: str
    title: str
    count: str
    is_hot: bool

    @property
    def href(self) -> str:
        return f"?tab={self.name}"


@require_GET
def review(request: HubRequest, pk: int) -> HttpResponse:
    """Raw changes first, then findings, inventory, conversation; then the decision."""
    version = version_in_review(request.actor, pk)
    return render(request, "reviews/review.html", review_context(request, version))


def review_context(request: HubRequest, version: Version) -> dict[str, object]:
    """Everything on the review page; the tab in the address decides what is read from the blob."""
    wanted = request.GET.get("tab", "changes")
    tab = wanted if wanted in TABS else "talk"
    scan = Scan.objects.filter(version=version).first()
    base = base_of(version)
    account = rules.signed_in(request.actor)
    talk = all_talk(account, version)
    findings = list(scan.findings.select_related("waived_by").order_by("path", "line", "pk")) if scan else []
    live_scan = Scan.objects.filter(version=base).first() if base else None
    delta = inventory_changes(live_scan.inventory if live_scan else {}, scan.inventory if scan else {})
    context: dict[str, object] = {
        "nav": "reviews",
        "version": version,
        "skill": version.skill,
        "live": base,
        "tab": tab,
        "panel": f"reviews/{tab}.html",
        "back": _back(request, version),
        "scan": scan,
        "is_held": scan is not None and scan.state == ScanState.HELD,
        "findings": findings,
        "talk": talk,
        "delta": delta,
        "items": [(kind, (scan.inventory if scan else {}).get(kind, {})) for kind in INVENTORY_KINDS],
        "history": selectors.history(version),
        "gates": gates.gates(version, scan),
        "evaluation": standing_of(version),
        "policy": review_rules.sentences(version.skill.team.policy),
        "problems": [],
        "typed_reason": "",
        "may_talk": can_talk(request.actor, version),
        "drafts": list(drafts_of(account, version)),
        "raw": [],
        "attempts": _attempts(version),
        "may_withdraw": can_move(version, "withdraw") and _may_withdraw(request, version),
        "may_evaluate": version.has_content and version.state != State.SCANNING,
        "author_must_mend": version.state == State.CHANGES_REQUESTED and is_author(request.actor, version),
        "may_mend": may_mend(request.actor, version),
        "suggestions": _suggestions(talk, version),
    }
    run = eval_selectors.evaluation_of(version)
    context |= _decision(request, version)
    context |= evaluation_context(run, pooled=True)
    if tab == "evals":
        context["kept_cases"] = kept_cases_of(version, approved_before(version.skill, version))
    if version.has_content and tab == "changes":
        context |= _changes(request, version)
        note_visit(account, version)
    if version.has_content and tab == "files":
        context["raw"] = raw_files(version)
    context["tabs"] = _tabs(
        changes=len(paths_changed(base, version)),
        findings=findings,
        delta=delta,
        talk=len(talk),
        is_evaluated=run is not None,
    )
    return context


def _attempts(version: Version) -> QuerySet[Version]:
    """The newest attempts at its number: as many as a line has room for."""
    attempts = version.skill.versions.filter(number=version.number)
    return attempts.order_by("-attempt").only("attempt")[:_ATTEMPTS]


def _suggestions(talk: Sequence[TalkItem], version: Version) -> list[Comment]:
    """What of TALK can be applied to VERSION with one click."""
    threads = [item.thread for item in talk if item.thread is not None]
    return [thread.root for thread in threads if thread.is_open and can_apply(thread.root, version)]


def _back(request: HubRequest, version: Version) -> str:
    """This page for a form to return to: without the lines that are commented on, with their file."""
    asked = request.GET.copy()
    path = asked.get("path", "")
    for name in ("path", "line", "first", "base"):
        asked.pop(name, None)
    if path:
        asked["file"] = path
    return f"{version.review_url}?{asked.urlencode()}" if asked else version.review_url


def _changes(request: HubRequest, version: Version) -> dict[str, object]:
    """What the tab with the changes shows."""
    comparison = comparison_of(request, version)
    before = Manifest.from_json(comparison.base.manifest) if comparison.base else Manifest()
    manifest = Manifest.from_json(version.manifest)
    return {
        **rows_context(request, comparison),
        "back": _back(request, version),
        "manifest": manifest,
        "fields": compare_front_matter(before, manifest),
        "changes": review_changes(request, comparison),
    }


def _tabs(
    *,
    changes: int,
    findings: list[Finding],
    delta: dict[str, InventoryChange],
    talk: int,
    is_evaluated: bool,
) -> list[EvidenceTab]:
    """The tabs with what each of them counts."""
    new = sum(len(kind["added"]) for kind in delta.values())
    counts = {
        "changes": str(changes or ""),
        "findings": str(len(findings) or ""),
        "inventory": f"+{new}" if new else "",
        "evals": "1" if is_evaluated else "",
        "talk": str(talk or ""),
    }
    any_open = any(finding.waived_at is None for finding in findings)
    return [
        EvidenceTab(
            name=name, title=title, count=counts.get(name, ""), is_hot=name == "findings" and any_open
        )
        for name, title in TABS.items()
    ]


def _may_withdraw(request: HubRequest, version: Version) -> bool:
    actor = request.actor
    return is_author(actor, version) or actor.is_staff or actor.has_role(version.skill.team_id, Role.ADMIN)


def _decision(request: HubRequest, version: Version) -> dict[str, object]:
    """What this person may decide, and why not where they may not."""
    actor, policy = request.actor, version.skill.team.policy
    reviewer = actor.has_role(version.skill.team_id, Role.REVIEWER)
    account = rules.signed_in(actor)
    blocked = why_not_judge(version, account)
    approvals = version.decisions.filter(verdict=DecisionVerdict.APPROVE)
    if approvals.filter(reviewer=account).exists():
        why_not = "You have approved this version."
    else:
        why_not = blocked.text if blocked else ""
    may_decide = reviewer and version.state == State.IN_REVIEW
    has_decided = version.decisions.filter(reviewer=account).exists()
    return {
        "next_review": None if may_decide and not has_decided else _next(request, version),
        "reason_hint": _REASON_HINT,
        "may_decide": may_decide,
        "may_waive": may_decide and not blocked,
        "may_approve": may_decide and not why_not,
        "why_not_approve": why_not,
        "approvals_so_far": f"{approvals.count()} of {policy.approvals_needed}",
        "widens": is_wider(version.requested_visibility, version.skill.visibility),
    }


def _next(request: HubRequest, version: Version) -> Version | None:
    """What waits longest for this person, besides VERSION."""
    if not request.actor.can_review_somewhere:
        return None
    return selectors.queue(request.actor).exclude(pk=version.pk).order_by("created_at", "pk").first()


@dataclass(frozen=True, kw_only=True)
class RawFile:
    """A file as it is: its lines, or the dump of what is not text. `left_out` counts the lines not shown."""

    path: str
    lines: list[str]
    is_dump: bool
    left_out: int


def raw_files(version: Version) -> list[RawFile]:
    """Every file, SKILL.md first."""
    files = sorted(all_files(version).items(), key=lambda item: (item[0] != FILE, item[0]))
    return [_raw_file(path, data) for path, data in files]


def _raw_file(path: str, data: bytes) -> RawFile:
    text = decode(data)
    if text is None:
        return RawFile(path=path, lines=dump(data), is_dump=True, left_out=0)
    lines = text.splitlines()
    return RawFile(
        path=path,
        lines=lines[:_MOST_LINES],
        is_dump=False,
        left_out=max(len(lines) - _MOST_LINES, 0),
    )


@require_POST
def waive_finding(request: HubRequest, pk: int, finding_id: int) -> HttpResponse:
    version = version_in_review(request.actor, pk)
    findings = Finding.objects.select_related("scan__version__skill__team__policy")
    finding = get_object_or_404(findings, pk=finding_id, scan__version=version)
    with tell_outcome(request, "Waived."):
        waive(actor=request.actor, finding=finding, reason=request.POST.get("reason", ""))
    return go_back(request, f"{reverse('review', args=[pk])}?tab=findings")


@require_POST
def decide(request: HubRequest, pk: int) -> HttpResponse:
    """Approve, request changes or reject the bytes that were on screen."""
    version = version_in_review(request.actor, pk)
    rules.role(request.actor, version.skill.team, Role.REVIEWER)
    verdict, reason = request.POST.get("verdict", ""), request.POST.get("reason", "")
    try:
        done = release.decide(
            actor=request.actor,
            version_id=version.pk,
            verdict=verdict,
            digest=request.POST.get("digest", ""),
            reason=reason,
        )
    except (Missing, Forbidden):
        raise
    except Refused as refused:
        context = review_context(request, version_by_id(request.actor, pk))
        context |= {"problems": refused.problems, "typed_reason": reason}
        return render(request, "reviews/review.html", context, status=status_of(refused))
    messages.success(request, f"{done} {_BECAME[State(done.state)]}.")
    return redirect("review", pk)


@require_POST
def withdraw(request: HubRequest, pk: int) -> HttpResponse:
    version = version_in_review(request.actor, pk)
    with tell_outcome(request, f"{version} was withdrawn."):
        release.withdraw(actor=request.actor, version_id=version.pk)
    return go_back(request, "review", pk)
