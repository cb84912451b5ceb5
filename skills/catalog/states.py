"""The state machine of a version: one table, one function that applies it."""

from skills.audit.record import record
from skills.catalog.models import State, Version
from skills.lib.clock import now
from skills.lib.errors import Conflict, refuse
from skills.people.models import Account

# (state, event) -> next state. "submit" makes the row and is not listed. "held" stays where it is: it exists
# for its audit row.
TRANSITIONS: dict[tuple[str, str], str] = {
    (State.SCANNING, "scanned"): State.IN_REVIEW,
    (State.SCANNING, "blocked"): State.CHANGES_REQUESTED,
    (State.SCANNING, "held"): State.SCANNING,
    (State.IN_REVIEW, "approve"): State.APPROVED,
    (State.IN_REVIEW, "request_changes"): State.CHANGES_REQUESTED,
    (State.IN_REVIEW, "reject"): State.REJECTED,
    (State.SCANNING, "withdraw"): State.WITHDRAWN,
    (State.IN_REVIEW, "withdraw"): State.WITHDRAWN,
    (State.CHANGES_REQUESTED, "withdraw"): State.WITHDRAWN,
    (State.APPROVED, "yank"): State.YANKED,
    (State.YANKED, "unyank"): State.APPROVED,
    **{(state, "remove"): State.REMOVED for state in State.values if state != State.REMOVED},
}


def can_move(version: Version, event: str) -> bool:
    return (version.state, event) in TRANSITIONS


def move(version: Version, event: str, *, by: Account | None, reason: str = "", **detail: object) -> None:
    """Apply EVENT to a version locked by the caller, with its audit row."""
    target = TRANSITIONS.get((version.state, event))
    if target is None:
        text = f"A version that is {version.get_state_display().lower()} cannot be changed by {event}."
        raise refuse("wrong_state", text, "Reload: somebody may have been faster.", kind=Conflict)
    before, version.state = version.state, target
    version.state_at = now()
    version.reason = reason[:1000]
    fields = ["state", "state_at", "reason"]
    if event == "approve":
        version.approved_at = version.state_at
        fields.append("approved_at")
    if event == "remove":
        # With the files they are all of the content; the guard `content_is_immutable` allows it only here.
        version.manifest, version.rendered, version.changelog = {}, "", ""
        fields += ["manifest", "rendered", "changelog"]
    version.save(update_fields=fields)
    record(
        f"version.{event}",
        by=by,
        target=version,
        team_id=version.skill.team_id,
        version=version.pk,
        attempt=version.attempt,
        digest=version.digest,
        before=before,
        after=target,
        reason=reason,
        **detail,
    )
