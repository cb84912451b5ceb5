"""The query log: who (hashed) asked what, what was shown and chosen. Off by QUERY_LOG=0.

A search adds one line in Valkey; a task writes them down, without the beginnings that somebody
typed on the way to a query, and forgets everything after 90 days.
"""

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.utils.crypto import salted_hmac

from skills.catalog.models import Skill
from skills.lib import counters
from skills.lib.clock import now
from skills.lib.looking import only_looks
from skills.people.actor import Actor
from skills.search.models import SearchEntry

DAYS = 90  # that a line is kept; the page of searches says so
_LIST = "searches"
_TYPING = timedelta(seconds=30)  # between two queries of which one begins the other
_MOST = 5_000  # lines that are written down at once
_log = logging.getLogger(__name__)


def note_search(actor: Actor, query: str, shown: Sequence[int], total: int) -> None:
    """Note a search; it is never refused because it could not be noted."""
    _note(actor, query[:500].replace("\0", " "), shown=list(shown), total=total)


def note_choice(actor: Actor, query: str, skill: Skill) -> None:
    """Note that somebody went from the results of QUERY to SKILL."""
    _note(actor, query[:500].replace("\0", " "), chosen=skill.pk)


def _note(actor: Actor, query: str, **facts: object) -> None:
    if not settings.QUERY_LOG or not query.strip() or only_looks():
        return
    line = {"account": _hashed(actor), "at": now().isoformat(), "query": query, **facts}
    try:
        counters.push(_LIST, json.dumps(line))
    except counters.away():
        _log.warning("the cache is away, a search was not noted")


def _hashed(actor: Actor) -> str:
    """The same for one account, telling nothing of it; visitors are all one."""
    return salted_hmac("query log", str(actor.account.pk)).hexdigest()[:32] if actor.account else ""


def flush() -> int:
    """Write down what was noted; returns how many lines."""
    lines = [json.loads(line) for line in counters.pop(_LIST, _MOST)]
    for line in lines:
        if "chosen" in line:
            _write_choice(line)
        else:
            _write_search(line)
    return len(lines)


def _write_search(line: dict[str, Any]) -> None:
    at = datetime.fromisoformat(line["at"])
    facts = {"query": line["query"], "shown": line["shown"], "total": line["total"], "at": at}
    recent = SearchEntry.objects.filter(account=line["account"], at__gte=at - _TYPING, chosen=None)
    for entry in recent.order_by("-at")[:5]:
        if line["query"].startswith(entry.query):
            SearchEntry.objects.filter(pk=entry.pk).update(**facts)
            return
    SearchEntry.objects.create(account=line["account"], **facts)


def _write_choice(line: dict[str, Any]) -> None:
    entries = SearchEntry.objects.filter(account=line["account"], query=line["query"])
    entry = entries.order_by("-at").first()
    if entry is not None and Skill.objects.filter(pk=line["chosen"]).exists():
        SearchEntry.objects.filter(pk=entry.pk).update(chosen=line["chosen"])


def queries_without_results() -> QuerySet[SearchEntry, Any]:
    """Queries without a result: `query`, `times`, `last`, the most frequent first."""
    rows = SearchEntry.objects.filter(total=0).values("query")
    return rows.annotate(times=Count("pk"), last=Max("at")).order_by("-times", "-last", "query")


def purge() -> int:
    """Delete lines older than DAYS; returns how many."""
    return SearchEntry.objects.filter(at__lt=now() - timedelta(days=DAYS)).delete()[0]
