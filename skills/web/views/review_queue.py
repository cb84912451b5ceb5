"""The review queue."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from skills.catalog.models import State, Version
from skills.evals.standing import NOT_EVALUATED, EvaluationStanding, standing_of, standings_of
from skills.flows import release
from skills.http.actors import HubRequest
from skills.lib import whole_numbers
from skills.lib.errors import Refused, refuse
from skills.lib.pages import page
from skills.people import rules
from skills.reviews import selectors
from skills.reviews.models import DecisionVerdict
from skills.scans.models import Finding, ScanState
from skills.scans.selectors import clean_scan_of
from skills.web.file_changes import FileChange
from skills.web.lookups import version_in_review
from skills.web.queue_filters import ORDERS, choices, narrowed, question_of
from skills.web.trivial_updates import trivial_changes

_MOST_AT_ONCE = 50  # versions approved by one form
_EMPTY = {
    "waiting": ("Nothing waits", "When somebody in your teams submits a version, it appears here."),
    "mine": ("You have nothing in review", "Submit a version and follow it here."),
    "all": ("Nothing waits", "Submit a version and follow it here."),
}
_NOTHING_FOUND = ("Nothing of that kind waits", "Take a filter away.")


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """One version of the queue.

    `changes` are shown with an update that may be approved from the list; no other row has any.
    """

    version: Version
    approvals: int
    findings: int
    is_held: bool
    is_running: bool
    is_clean: bool
    changes: list[FileChange]
    evaluation: EvaluationStanding


@require_GET
def queue(request: HubRequest) -> HttpResponse:
    """Versions that wait, oldest first."""
    rules.person(request.actor)
    question = question_of(request.GET)
    chosen = question.chosen
    everything = selectors.queue(request.actor, chosen)
    clean = Exists(clean_scan_of(OuterRef("pk")))
    open_ = narrowed(everything, question).annotate(checks_clean=clean)
    open_ = open_.select_related("skill__shown__scan")
    listed = page(open_, ORDERS[question.order], request.GET.get("cursor", ""), 30)
    standings = standings_of(listed.rows)
    rows = [_row(version, chosen, standings.get(version.pk, NOT_EVALUATED)) for version in listed.rows]
    title, advice = _NOTHING_FOUND if question.is_narrow else _EMPTY[chosen]
    context = {
        "nav": "reviews",
        "rows": rows,
        "next": listed.next,
        "chosen": chosen,
        "question": question,
        "choices": choices(everything),
        "trivial": [row for row in rows if row.changes],
        "nothing": {"title": title, "advice": advice},
    }
    return render(request, "reviews/queue.html", context)


def _row(version: Version, chosen: str, evaluation: EvaluationStanding) -> QueueRow:
    """VERSION with what `queue` put on it."""
    clean: bool = version.checks_clean  # type: ignore[attr-defined]
    findings: int = version.open_findings  # type: ignore[attr-defined]
    approvals: int = version.approvals  # type: ignore[attr-defined]
    scan = getattr(version, "scan", None)
    return QueueRow(
        version=version,
        approvals=approvals,
        findings=findings,
        is_held=scan is not None and scan.state == ScanState.HELD,
        is_running=version.state == State.SCANNING,
        is_clean=clean,
        changes=trivial_changes(version, findings, evaluation) if chosen == "waiting" else [],
        evaluation=evaluation,
    )


@require_POST
def approve_chosen(request: HubRequest) -> HttpResponse:
    """Approve several trivial updates at once, each the bytes that were on screen."""
    rules.person(request.actor)
    for choice in request.POST.getlist("chosen")[:_MOST_AT_ONCE]:
        number, _, digest = choice.partition(" ")
        try:
            version = version_in_review(request.actor, whole_numbers.from_text(number, 0))
            # Asked again: a finding, another live version or a verdict may have come meanwhile.
            findings = Finding.objects.filter(scan__version=version).count()
            if not trivial_changes(version, findings, standing_of(version)):
                raise refuse("not_trivial", f"{version} needs a look of its own.", "Open its review.")
            decided = release.decide(
                actor=request.actor, version_id=version.pk, verdict=DecisionVerdict.APPROVE, digest=digest
            )
        except Refused as refused:
            messages.error(request, "; ".join(problem.text for problem in refused.problems))
        else:
            messages.success(request, f"{decided} is {decided.get_state_display().lower()}.")
    return redirect("reviews")
