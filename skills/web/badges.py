"""Badges of the product's own states: the words and the colour of each are decided here and nowhere else."""

from django import template
from django.utils.safestring import SafeString

from skills.catalog.models import State, Version
from skills.evals.models import Run, RunState
from skills.web.components import badge

register = template.Library()

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
# The words are those of docs/help/verdicts.md, where people look them up.
VERDICTS = {
    "improves": ("helps", "ok"),
    "mixed": ("mixed", "warn"),
    "regresses": ("worse", "bad"),
    "no_clear_effect": ("no clear effect", ""),
    "too_few_cases": ("too few cases", ""),
    "inconclusive": ("inconclusive", "warn"),
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
def verdict_badge(verdict: str, href: str = "", prefix: str = "") -> SafeString:
    """What an evaluation has shown. VERDICT is the state of its report."""
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
