"""Badges of the product's own states: the words and the colour of each are decided here and nowhere else."""

import math

from django import template
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from skills.catalog.models import State, Version
from skills.evals.models import Run, RunState, Trial
from skills.flows.intake.changes import ChangeKind
from skills.lib.licences import read as read_licence
from skills.sources.models import Source, Sync, SyncState
from skills.verdicts.outcomes import EvaluationVerdict, Outcome
from skills.web.components import badge
from skills.web.tags import in_points

register = template.Library()
_LICENCE_LENGTH = 40  # characters of a licence that a badge has room for

_TONE_OF_STATE = {
    State.APPROVED: "ok",
    State.SCANNING: "accent",
    State.IN_REVIEW: "accent",
    State.CHANGES_REQUESTED: "warn",
    State.YANKED: "warn",
    State.REJECTED: "bad",
    State.REMOVED: "bad",
}
_TONE_OF_SEVERITY = {"blocking": "bad", "high": "bad", "medium": "warn"}
_TONE_OF_RUN = {
    RunState.DONE: "ok",
    RunState.RUNNING: "accent",
    RunState.QUEUED: "accent",
    RunState.FAILED: "bad",
    RunState.CANCELLED: "warn",
    RunState.OUT_OF_BUDGET: "warn",
}
_TONE_OF_SYNC = {
    SyncState.QUEUED: "accent",
    SyncState.RUNNING: "accent",
    SyncState.DONE: "ok",
    SyncState.FAILED: "bad",
}
_TONE_OF_CHANGE = {
    ChangeKind.NEW: "ok",
    ChangeKind.NEXT: "accent",
    ChangeKind.GONE: "warn",
    ChangeKind.REFUSED: "bad",
}
_TONE_OF_PROBLEM = {"error": "bad", "warning": "warn"}
_FLAGS = {
    "confirmed": ("regression confirmed", "bad"),
    "suspected": ("regression suspected", "warn"),
    "undecided": ("regression undecided", "warn"),
    "cleared": ("regression cleared", ""),
    "flaky": ("flaky", "warn"),
}
# The words are those of docs/help/verdicts.md, where people look them up.
VERDICTS: dict[str, tuple[str, str]] = {
    EvaluationVerdict.IMPROVES: ("helps", "ok"),
    EvaluationVerdict.MIXED: ("mixed", "warn"),
    EvaluationVerdict.REGRESSES: ("worse", "bad"),
    EvaluationVerdict.NO_CLEAR_EFFECT: ("no clear effect", ""),
    EvaluationVerdict.TOO_FEW_CASES: ("too few cases", ""),
    EvaluationVerdict.INCONCLUSIVE: ("inconclusive", "warn"),
    "scripted": ("scripted", ""),
}


@register.simple_tag
def state_badge(version: Version) -> SafeString:
    """The state of a version."""
    return badge(version.get_state_display(), tone=_TONE_OF_STATE.get(State(version.state), ""))


@register.simple_tag
def severity_badge(severity: str) -> SafeString:
    """How serious a finding is."""
    return badge(severity, tone=_TONE_OF_SEVERITY.get(severity, ""))


@register.simple_tag
def run_badge(run: Run) -> SafeString:
    """The state of an evaluation run."""
    return badge(run.get_state_display().lower(), tone=_TONE_OF_RUN[RunState(run.state)])


@register.simple_tag
def sync_badge(sync: Sync) -> SafeString:
    """The state of a sync, or of a plan of one."""
    words = sync.get_state_display().lower()
    return badge("plan:" if sync.is_plan else "", words, tone=_TONE_OF_SYNC[SyncState(sync.state)])


@register.simple_tag
def source_badge(source: Source) -> SafeString:
    """How a source is; SOURCE is of `sources_of`, which knows of a sync under way."""
    if source.open_state:  # type: ignore[attr-defined]
        return badge("being read", tone="accent")
    if source.failures:
        return badge("fails", tone="bad", title=source.problem)
    return badge("in step", tone="ok") if source.synced_at else badge("new")


@register.simple_tag
def change_badge(kind: ChangeKind) -> SafeString:
    """What a sync or an import does with one skill."""
    return badge(kind, tone=_TONE_OF_CHANGE.get(kind, ""))


@register.simple_tag
def verdict_badge(verdict: str, href: str = "", prefix: str = "") -> SafeString:
    """What an evaluation has shown. VERDICT is the state of its report, or "scripted"."""
    words, tone = VERDICTS[verdict]
    return badge(prefix, words, tone=tone, href=href)


@register.simple_tag
def check_badge(held: bool, running: bool, clean: bool, findings: int) -> SafeString:
    """How the checks of a version stand, from the worst news to none; clean ones may have lesser findings."""
    if held:
        return badge("held", tone="bad")
    if running:
        return badge("running", tone="accent")
    count = (findings, "finding" if findings == 1 else "findings") if findings else ()
    if not clean:
        return badge(*count, tone="warn")
    return badge("clean:" if count else "clean", *count, tone="ok")


@register.simple_tag
def clean_badge() -> SafeString:
    """The checks of the version on the page are clean."""
    title = "The checks finished, and no high finding is left without a waiver"
    return badge("checks clean", tone="ok", title=title)


@register.simple_tag
def lift_badge(lift: float) -> SafeString:
    """The proven lift of a skill, a share from 0 to 1."""
    title = "Mean lift in points over the models it was evaluated on; it helps on each of them"
    return badge("lift", in_points(lift), tone="ok", title=title)


@register.simple_tag
def licence_badge(text: str) -> SafeString:
    """A licence as the author wrote it, and whether it is an SPDX expression."""
    licence = read_licence(text)
    if licence.spdx:
        title = "SPDX expression"
    else:
        title = "The author's words, not an SPDX expression" if licence.text else ""
    return badge(Truncator(licence.label).chars(_LICENCE_LENGTH), title=title)


@register.simple_tag
def likeness_badge(likeness: float, warn_from: float = math.inf) -> SafeString:
    """How near two skills are in meaning, 0 to 1; from WARN_FROM on agents choose between them by chance."""
    tone = "warn" if likeness >= warn_from else ""
    return badge(f"{likeness:.2f}", tone=tone, title="How near name and description are, from 0 to 1")


@register.simple_tag
def gate_badge(passed: bool) -> SafeString:
    """Whether one condition of an approval is met."""
    return badge("passed", tone="ok") if passed else badge("open", tone="warn")


@register.simple_tag
def problem_badge(severity: str) -> SafeString:
    """Whether a problem refuses or is only told. SEVERITY: error, warning, note."""
    return badge(severity, tone=_TONE_OF_PROBLEM.get(severity, ""))


@register.simple_tag
def flag_badge(flag: str, trigger: bool | None) -> SafeString | str:
    """What is special about a case. FLAG is a filter of the matrix; some need no badge."""
    if flag == "triggers":
        return trigger_badge(trigger)
    words, tone = _FLAGS.get(flag, ("", ""))
    return badge(words, tone=tone) if words else ""


@register.simple_tag
def regression_badge(status: str) -> SafeString:
    """What fresh repeats say about a cell that turned."""
    words, tone = _FLAGS[status]
    return badge(words, tone=tone)


@register.simple_tag
def trigger_badge(must_open: bool | None) -> SafeString | str:
    """What a case expects of the skill's description; None where it only grades the answer."""
    if must_open is None:
        return ""
    return badge("must open" if must_open else "must not open")


@register.simple_tag
def scripted_badge(run: Run) -> SafeString | str:
    """Whether answers or grades of a run were written beforehand."""
    if not run.is_scripted:
        return ""
    if run.is_demonstration:
        return badge("scripted: no model was asked", tone="warn")
    labels = ", ".join(run.scripted_labels)
    if not labels:
        return badge("judged by a script", tone="warn", title="Its grades were written beforehand")
    return badge("partly scripted", tone="warn", title=f"Written beforehand: {labels}")


@register.simple_tag
def passed_badge(passed: bool) -> SafeString:
    """The grade of an assertion, or of a whole trial."""
    return badge("passed", tone="ok") if passed else badge("failed", tone="bad")


@register.simple_tag
def outcome_badge(trial: Trial) -> SafeString:
    """How a trial went: its grade, or why it has none."""
    if trial.outcome == Outcome.SCORED:
        return passed_badge(bool(trial.passed))
    if trial.outcome == Outcome.FAILED_LIMIT:
        return badge("failed (limit)", tone="bad", title=trial.problem)
    return badge(trial.get_outcome_display().lower(), tone="warn")
