"""Sources for tests, made through the product's own acts."""

from skills.catalog.models import State, Version
from skills.flows import release
from skills.flows.syncing import run_sync
from skills.jobs.models import Job
from skills.people.models import Account, Team
from skills.sources.configure import SourceFacts, add_source
from skills.sources.models import OPEN, Source, Sync
from tests.factories import actor

URL = "https://git.example.org/acme/skills.git"


def facts_of(**more) -> SourceFacts:
    return SourceFacts(**({"kind": "git", "url": URL} | more))


def a_source(by: Account, team: Team, *, token: str = "", **more) -> Source:
    return add_source(actor=actor(by), team=team, facts=facts_of(**more), token=token)


def run_open_syncs() -> None:
    """What the worker does: every open sync, then the checks of what it brought."""
    for sync in Sync.objects.filter(state__in=OPEN).order_by("pk"):
        run_sync(sync_id=sync.pk)
        Job.objects.filter(key=f"sync:{sync.pk}").update(state="done")
    for version in Version.objects.filter(state=State.SCANNING):
        release.scanned(version_id=version.pk)


def a_plan(source: Source) -> Sync:
    """A finished plan of SOURCE, which found nothing."""
    return Sync.objects.create(source=source, is_plan=True, cause="person", state="done")
