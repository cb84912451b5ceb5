"""Counts fetches without a database write per request: Valkey adds, a task writes."""

import logging
from datetime import date

from django.db import transaction
from django.db.models import F

from skills.catalog.models import Skill, Version
from skills.delivery.models import FetchDay
from skills.lib import counters
from skills.lib.clock import now

log = logging.getLogger(__name__)
_TABLE = "fetches"


def counted(version_id: int) -> None:
    """Add one fetch; a fetch is never refused because its count could not be kept."""
    try:
        counters.add(_TABLE, f"{now().date()}:{version_id}")
    except counters.away():
        log.warning("the cache is away, a fetch was not counted")


def flush() -> int:
    """Move every count into the database; returns how many fetches."""
    total = 0
    for field, count in counters.take(_TABLE).items():
        day, _, version_id = field.partition(":")
        _write(int(version_id), date.fromisoformat(day), count)
        counters.done(_TABLE, field)
        total += count
    return total


@transaction.atomic
def _write(version_id: int, day: date, count: int) -> None:
    version = Version.objects.filter(pk=version_id).first()
    if version is None:
        return
    row, _ = FetchDay.objects.get_or_create(version=version, day=day)
    FetchDay.objects.filter(pk=row.pk).update(fetches=F("fetches") + count)
    Skill.objects.filter(pk=version.skill_id).update(fetches=F("fetches") + count)
