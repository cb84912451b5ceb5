"""The one meaning of clean checks, for pages, queue, gates, API and protocols."""

from django.db.models import Exists, OuterRef, QuerySet

from skills.catalog.models import Version
from skills.scans.checks.contract import Severity
from skills.scans.models import Finding, Scan, ScanState

# A gate waits for these, so they alone decide whether checks are clean; lesser findings are only shown.
SERIOUS = (Severity.BLOCKING, Severity.HIGH)


def serious_findings() -> QuerySet[Finding]:
    """Blocking and high findings that no reviewer has waived."""
    return Finding.objects.filter(severity__in=SERIOUS, waived_at=None)


def clean_scan_of(version: Version | OuterRef) -> QuerySet[Scan]:
    """The scan of VERSION if it is clean: it finished and left no serious finding."""
    serious = serious_findings().filter(scan=OuterRef("pk"))
    return Scan.objects.filter(~Exists(serious), version=version, state=ScanState.DONE)
