"""Figures of the product for Prometheus that are read when somebody asks, not counted as they happen."""

from collections.abc import Iterator

from django.db.models import Count, Q
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from skills.delivery.models import DamagedBlob
from skills.jobs.models import Job, JobState
from skills.lib.blobs import BlobFaultKind
from skills.sources.models import Source

_STATES = (JobState.QUEUED, JobState.RUNNING, JobState.FAILED)


class JobCollector(Collector):
    """How many jobs are in each state that an operator can do something about; costs one query."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        rows = Job.objects.filter(state__in=_STATES).values_list("state").annotate(Count("pk")).order_by()
        counts = dict(rows)
        gauge = GaugeMetricFamily("skillhub_jobs", "Jobs by state.", labels=["state"])
        for state in _STATES:
            gauge.add_metric([state.value], counts.get(state.value, 0))
        yield gauge


class SourceCollector(Collector):
    """How many sources are well and how many fail; costs one query."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        fails, well = Count("pk", filter=Q(failures__gt=0)), Count("pk", filter=Q(failures=0))
        counts = Source.objects.aggregate(well=well, failing=fails)
        gauge = GaugeMetricFamily("skillhub_sources", "Sources of skills by state.", labels=["state"])
        for state, count in counts.items():
            gauge.add_metric([state], count)
        yield gauge


class BlobCollector(Collector):
    """How many blobs are known to be wrong; costs one query."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        rows = DamagedBlob.objects.values_list("kind").annotate(Count("pk")).order_by()
        counts = dict(rows)
        gauge = GaugeMetricFamily("skillhub_damaged_blobs", "Blobs that are not right.", labels=["kind"])
        for kind in BlobFaultKind:
            gauge.add_metric([kind.value], counts.get(kind.value, 0))
        yield gauge
