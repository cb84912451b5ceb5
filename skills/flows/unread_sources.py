"""The cheap question of a sync that nobody waits for: a repository at the commit of the last one is not read.

Registries are not asked: their index, which the answer takes, is what a sync without a change reads anyway.
"""

from skills.flows.intake.changes import ChangeKind
from skills.flows.intake.place import Place
from skills.flows.intake.team_state import KnownPath, TeamState
from skills.lib.json_values import JsonObject
from skills.sources.finish import Findings
from skills.sources.models import Cause, Sync, SyncState
from skills.upstream.address import Upstream, UpstreamKind, UpstreamLimits
from skills.upstream.opened import revision


def unread_findings(sync: Sync, place: Place, upstream: Upstream, limits: UpstreamLimits) -> Findings | None:
    """What the last sync found, where neither source nor catalogue has changed; None where it must be read.

    Raises NotRead where the source does not answer.
    """
    if sync.is_plan or sync.cause == Cause.PERSON or upstream.kind != UpstreamKind.GIT:
        return None
    last = sync.source.syncs.filter(is_plan=False, state=SyncState.DONE).order_by("-pk").first()
    if last is None or not last.revision or last.revision != sync.source.revision:
        return None
    state = TeamState(sync.source.team)
    known = state.source_paths(place)
    lines = [line for line in last.changes if line["kind"] != ChangeKind.GONE]
    # Asked last: it is the only part that takes time.
    if not all(_is_settled(line, known) for line in lines) or revision(upstream, limits) != last.revision:
        return None
    return Findings(
        revision=last.revision,
        changes=[_unchanged(line, state, known) for line in lines],
        left_out=last.left_out,
    )


def _is_settled(line: JsonObject, known: dict[str, KnownPath]) -> bool:
    """Whether reading would end the same: what was refused may be let in now, what is gone may be there."""
    if line["kind"] == ChangeKind.COPY:
        return True
    row = known.get(str(line["path"]))
    return line["kind"] != ChangeKind.REFUSED and row is not None and not row.is_gone


def _unchanged(line: JsonObject, state: TeamState, known: dict[str, KnownPath]) -> JsonObject:
    quiet = {**line, "files": [], "version": None}
    if line["kind"] == ChangeKind.COPY:
        return quiet
    skill = state.by_id[known[str(line["path"])].skill_id]
    more = {"kind": ChangeKind.UNCHANGED, "number": skill.newest_number, "name": skill.name}
    return {**quiet, **more, "is_settled": True}
