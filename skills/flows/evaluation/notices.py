"""Who is told what an evaluation has shown: whoever asked for it, and who reviews the version."""

from skills.catalog.models import State, Version
from skills.evals.models import Run, RunState
from skills.evals.selectors import runs_for
from skills.evals.standing import standing_of
from skills.notices.models import Kind
from skills.notices.notify import tell, tell_once
from skills.people.actor import actor_for_session
from skills.people.models import Account, Role


def tell_ended(run: Run) -> None:
    """RUN has ended and has its report; of a re-run the first run has it."""
    whole = run.parent or run
    if run.parent is None and _may_read(run.requested_by, run):
        tell([run.requested_by], Kind.EVALUATED, _what_it_shows(run), run.get_absolute_url())
    version = whole.version
    if version is not None and version.state == State.IN_REVIEW and whole.state == RunState.DONE:
        tell_once(reviewers_of(version), Kind.REVIEW_ASKED, waiting(version), version.review_url)


def waiting(version: Version) -> str:
    """That VERSION waits for a review, with what is known of its evaluations."""
    standing = standing_of(version)
    known = [
        "an evaluation is running" if standing.is_running else "",
        f"{len(standing.regressed)} regressed" if standing.regressed else "",
        f"evaluation: {standing.verdict.replace('_', ' ')}" if standing.verdict else "",
    ]
    words = ", ".join(word for word in known if word)
    return f"{version} waits for your review" + (f" ({words})" if words else "")


def reviewers_of(version: Version) -> list[Account]:
    """Who may decide on VERSION, those who answer for it aside."""
    reviewers = Account.objects.filter(
        memberships__team=version.skill.team_id, memberships__role__in=[Role.REVIEWER, Role.ADMIN]
    )
    return list(reviewers.exclude(pk__in=[version.author_id, version.responsible_id]))


def _may_read(account: Account, run: Run) -> bool:
    """Whoever asked may have left the team since."""
    return runs_for(actor_for_session(account)).filter(pk=run.pk).exists()


def _what_it_shows(run: Run) -> str:
    if run.state == RunState.DONE and run.evaluation:
        return f"{run.name}: {run.evaluation.sentence}"
    return f"The evaluation of {run.name} {run.get_state_display().lower()}"
