"""The review queue and the review page."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from skills.bundles.compare import compare_front_matter
from skills.bundles.magic import decode
from skills.bundles.manifest import Manifest
from skills.catalog.models import State, Version
from skills.catalog.selectors import version_by_id
from skills.catalog.states import can_move
from skills.catalog.visibility import is_wider
from skills.delivery.content import all_files
from skills.evals import selectors as eval_selectors
from skills.flows import gates, release
from skills.http.requests import HubRequest
from skills.lib.diff import Line
from skills.lib.errors import Forbidden, Missing, Refused, missing, refuse
from skills.lib.pages import page
from skills.people import rules
from skills.people.models import Role
from skills.reviews import rules as review_rules
from skills.reviews import selectors
from skills.reviews.comment import may_talk, resolve
from skills.reviews.models import Comment, DecisionVerdict
from skills.scans.checks.inventory import KINDS as INVENTORY_KINDS
from skills.scans.checks.inventory import inventory_changes
from skills.scans.models import Finding, Scan, ScanState
from skills.scans.scan import waive
from skills.scans.selectors import clean_scan_of
from skills.web.errors import act
from skills.web.evaluation_context import evaluation_context
from skills.web.reauthentication import confirm_first, signed_in_recently
from skills.web.views.skill import changed_files

TABS = (
    ("changes", "Changes"),
    ("findings", "Findings"),
    ("inventory", "Inventory"),
    ("evals", "Evaluation"),
    ("files", "Raw files"),
    ("talk", "Conversation"),
)


@require_GET
def queue(request: HubRequest) -> HttpResponse:
    """Versions that wait, oldest first."""
    rules.person(request.actor)
    chosen = request.GET.get("filter", "waiting")
    if chosen not in selectors.FILTERS:
        raise refuse("bad_filter", f"Use one of {', '.join(selectors.FILTERS)}.")
    clean = Exists(clean_scan_of(OuterRef("pk")))
    open_ = selectors.queue(request.actor, chosen).annotate(checks_clean=clean)
    open_ = open_.select_related("skill__shown__scan")
    rows = page(open_, "created_at", request.GET.get("cursor", ""), 30)
    trivial = {row.pk for row in rows.rows if chosen == "waiting" and is_trivial(row, row.open_findings)}  # type: ignore[attr-defined]
    context = {
        "nav": "reviews",
        "versions": rows.rows,
        "next": rows.next,
        "chosen": chosen,
        "trivial": trivial,
        "verdicts": eval_selectors.verdict_words(rows.rows),
    }
    return render(request, "reviews/queue.html", context)


def is_trivial(version: Version, findings: int) -> bool:
    """An update without FINDINGS that asks for nothing new: no tool, host, path, variable, reader."""
    scan, live = getattr(version, "scan", None), version.skill.shown
    live_scan = getattr(live, "scan", None)
    if version.state != State.IN_REVIEW or findings or scan is None or live is None or live_scan is None:
        return False
    tools, live_tools = (Manifest.from_json(row.manifest).allowed_tools for row in (version, live))
    delta = inventory_changes(live_scan.inventory, scan.inventory)
    return (
        tools == live_tools
        and scan.state == ScanState.DONE
        and not any(kind["added"] for kind in delta.values())
    )


@require_POST
def approve_chosen(request: HubRequest) -> HttpResponse:
    """Approve several trivial updates at once, each the bytes that were on screen."""
    rules.person(request.actor)
    if not signed_in_recently(request):
        return confirm_first(request)
    for one in request.POST.getlist("chosen")[:50]:
        number, _, digest = one.partition(" ")
        try:
            version = load(request, int(number) if number.isdecimal() else 0)
            if not is_trivial(version, Finding.objects.filter(scan__version=version).count()):
                raise refuse("not_trivial", f"{version} needs a look of its own.", "Open its review.")
            done = release.decide(
                actor=request.actor, version_id=version.pk, verdict=DecisionVerdict.APPROVE, digest=digest
            )
        except Refused as refused:
            messages.error(request, "; ".join(problem.text for problem in refused.problems))
        else:
            messages.success(request, f"{done} is {done.get_state_display().lower()}.")
    return redirect("reviews")


def load(request: HubRequest, pk: int) -> Version:
    """A version whose review this person may take part in; anybody else sees nothing."""
    rules.signed_in(request.actor)
    version = version_by_id(request.actor, pk)
    if not request.actor.reads_everything:
        try:
            may_talk(request.actor, version)
        except Forbidden:
            raise missing() from None
    return version


@require_GET
def review(request: HubRequest, pk: int) -> HttpResponse:
    """Raw changes first, then findings, inventory, conversation; then the decision."""
    version = load(request, pk)
    return render(request, "reviews/review.html", review_context(request, version))


def review_context(request: HubRequest, version: Version) -> dict[str, Any]:
    """Everything on the review page; the tab in the address decides what is read from the blob."""
    tab = request.GET.get("tab", "changes")
    scan = Scan.objects.filter(version=version).first()
    live = version.skill.shown
    base = live if live and live.pk != version.pk else None
    talk = selectors.conversation(version)
    findings = list(scan.findings.select_related("waived_by").order_by("path", "line", "pk")) if scan else []
    live_scan = Scan.objects.filter(version=base).first() if base else None
    delta = inventory_changes(live_scan.inventory if live_scan else {}, scan.inventory if scan else {})
    context: dict[str, Any] = {
        "nav": "reviews",
        "version": version,
        "skill": version.skill,
        "live": base,
        "tab": tab,
        "scan": scan,
        "findings": findings,
        "talk": talk,
        "delta": delta,
        "items": [(kind, (scan.inventory if scan else {}).get(kind, {})) for kind in INVENTORY_KINDS],
        "new_items": sum(len(kind["added"]) for kind in delta.values()),
        "open_findings": sum(1 for finding in findings if not finding.waived_at),
        "history": selectors.history(version),
        "gates": gates.gates(version, scan),
        "policy": review_rules.sentences(version.skill.team.policy),
        "tabs": TABS,
        "attempts": version.skill.versions.filter(number=version.number).order_by("-attempt"),
        "can_withdraw": can_move(version, "withdraw") and _may_withdraw(request, version),
    }
    context |= _decision(request, version) | evaluation_context(eval_selectors.evaluation_of(version))
    if version.has_content and tab == "changes":
        before = Manifest.from_json(base.manifest) if base else Manifest()
        context["fields"] = compare_front_matter(before, Manifest.from_json(version.manifest))
        context["changes"] = with_threads(changed_files(base, version), talk)
    if version.has_content and tab == "files":
        context["raw"] = raw_files(version)
    return context


def _may_withdraw(request: HubRequest, version: Version) -> bool:
    actor = request.actor
    return (
        actor.account == version.author or actor.is_staff or actor.has_role(version.skill.team_id, Role.ADMIN)
    )


def _decision(request: HubRequest, version: Version) -> dict[str, Any]:
    """What this person may decide, and why not where they may not."""
    actor, policy = request.actor, version.skill.team.policy
    reviewer = actor.has_role(version.skill.team_id, Role.REVIEWER)
    account = rules.signed_in(actor)
    blocked = review_rules.four_eyes(policy, author_id=version.author_id, reviewer_id=account.pk)
    mine = version.decisions.filter(reviewer=account, verdict="approve").exists()
    return {
        "may_decide": reviewer and version.state == State.IN_REVIEW,
        "is_reviewer": reviewer,
        "may_approve": reviewer and blocked is None and not mine,
        "blocked": blocked,
        "approved_by_me": mine,
        "approvals": version.decisions.filter(verdict="approve").count(),
        "recent": signed_in_recently(request),
        "widens": is_wider(version.requested_visibility, version.skill.visibility),
    }


def with_threads(changes: list[dict[str, Any]], talk: list[Comment]) -> list[dict[str, Any]]:
    """Hang each comment under the line it is about."""
    places: dict[tuple[str, int], list[Comment]] = {}
    for remark in talk:
        if remark.path:
            places.setdefault((remark.path, remark.line), []).append(remark)
    for change in changes:
        rows: list[Line] = change["rows"] or []
        change["lines"] = [
            (row, places.pop((change["path"], row.new), []) if row.new else []) for row in rows
        ]
        change["elsewhere"] = [r for (path, _), rs in places.items() if path == change["path"] for r in rs]
    return changes


def raw_files(version: Version) -> list[tuple[str, list[str] | None]]:
    """Every file as raw lines, None where it is not text."""
    found = []
    for path, data in sorted(all_files(version).items(), key=lambda item: (item[0] != "SKILL.md", item[0])):
        text = decode(data)
        found.append((path, text.splitlines()[:5000] if text is not None else None))
    return found


@require_POST
def comment(request: HubRequest, pk: int) -> HttpResponse:
    version = load(request, pk)
    line = request.POST.get("line", "0")
    made: list[Comment] = []

    def work() -> None:
        made.append(
            release.remark(
                actor=request.actor,
                version=version,
                body=request.POST.get("body", ""),
                path=request.POST.get("path", ""),
                line=int(line) if line.isdecimal() else 0,
            )
        )

    return act(request, work, "Your comment was added.", f"/reviews/{pk}/")


@require_POST
def resolve_comment(request: HubRequest, pk: int, comment_id: int) -> HttpResponse:
    version = load(request, pk)
    remark = get_object_or_404(
        Comment.objects.select_related("version__skill__team", "version__author"),
        pk=comment_id,
        version=version,
    )
    return act(request, lambda: resolve(actor=request.actor, remark=remark), "Resolved.", f"/reviews/{pk}/")


@require_POST
def waive_finding(request: HubRequest, pk: int, finding_id: int) -> HttpResponse:
    version = load(request, pk)
    found = Finding.objects.select_related("scan__version__skill__team__policy")
    finding = get_object_or_404(found, pk=finding_id, scan__version=version)
    reason = request.POST.get("reason", "")
    back = f"/reviews/{pk}/?tab=findings"
    return act(request, lambda: waive(actor=request.actor, finding=finding, reason=reason), "Waived.", back)


@require_POST
def decide(request: HubRequest, pk: int) -> HttpResponse:
    """Approve, request changes or reject the bytes that were on screen; asks for a recent sign-in."""
    version = load(request, pk)
    rules.role(request.actor, version.skill.team, Role.REVIEWER)
    if not signed_in_recently(request):
        return confirm_first(request)
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
        return render(request, "reviews/review.html", context, status=refused.status)
    messages.success(request, f"{done} is {done.get_state_display().lower()}.")
    return redirect("review", pk)


@require_POST
def withdraw(request: HubRequest, pk: int) -> HttpResponse:
    version = load(request, pk)
    work = lambda: release.withdraw(actor=request.actor, version_id=version.pk)
    return act(request, work, f"{version} was withdrawn.", f"/reviews/{pk}/")
