"""Approves at once what a source brought, where the team's policy lets it and no gate objects."""

from skills.catalog.models import Version, Visibility
from skills.catalog.provenance import Provenance
from skills.catalog.states import move
from skills.flows import gates
from skills.flows.known_texts import make_known
from skills.flows.published import republish, tell_followers
from skills.flows.signed_releases import prepare_statement
from skills.reviews.rules import gate_problems
from skills.scans.models import Scan
from skills.sources.configure import answers_still
from skills.sources.models import Source


def approve_synced(version: Version, scan: Scan) -> bool:
    """Release VERSION, which is locked and in review, unless it needs a reviewer; whether it did."""
    source = source_of(version)
    if source is None or not _may_approve(source, version):
        return False
    if gate_problems(gates.gates(version, scan)):
        return False
    previous = version.skill.shown
    move(version, "approve", by=source.responsible, synced=True, source=source.pk)
    republish(version.skill)
    make_known(version)
    prepare_statement(version, previous=previous, imported=True)
    tell_followers(version)
    return True


def source_of(version: Version) -> Source | None:
    """The source that brought VERSION, as long as the team has it."""
    rows = Provenance.objects.filter(version=version).select_related("source__responsible")
    provenance = rows.first()
    return provenance.source if provenance else None


def _may_approve(source: Source, version: Version) -> bool:
    skill = version.skill
    if not (source.approves and skill.team.policy.approve_synced):
        return False
    # What more people read asks for a second pair of eyes, as where authors approve (decision 0024).
    return skill.visibility == Visibility.TEAM and answers_still(source.responsible, skill.team)
