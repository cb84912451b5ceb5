"""Reads sources and their syncs for those who administer the team."""

from django.db.models import OuterRef, QuerySet, Subquery

from skills.lib.errors import missing
from skills.people.models import Team
from skills.sources.models import Source, Sync, SyncState

_NO_LINES = ("changes", "left_out")  # columns of a sync that a list does not show


def sources_of(team: Team) -> QuerySet[Source]:
    """The sources of TEAM; `open_state` is the state of a sync under way, None where there is none."""
    running = Sync.objects.filter(
        source=OuterRef("pk"), is_plan=False, state__in=[SyncState.QUEUED, SyncState.RUNNING]
    )
    rows = Source.objects.filter(team=team).select_related("team", "responsible")
    return rows.annotate(open_state=Subquery(running.values("state")[:1])).order_by("url", "pk")


def find_source(team: Team, pk: int) -> Source:
    source = sources_of(team).filter(pk=pk).first()
    if source is None:
        raise missing()
    return source


def syncs_of(source: Source) -> QuerySet[Sync]:
    """What was read of SOURCE, the newest first, without what was found each time."""
    return source.syncs.select_related("by").defer(*_NO_LINES).order_by("-pk")


def find_sync(source: Source, pk: int) -> Sync:
    sync = source.syncs.select_related("by", "source__team").filter(pk=pk).first()
    if sync is None:
        raise missing()
    return sync


def newest_sync(source: Source) -> Sync | None:
    """The last sync that found something out, with one line for each skill."""
    return source.syncs.filter(is_plan=False, state=SyncState.DONE).order_by("-pk").first()


def newest_plan(source: Source) -> Sync | None:
    return source.syncs.filter(is_plan=True).order_by("-pk").first()
