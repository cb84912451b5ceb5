"""Runs every check over the files of a version and keeps what they found."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.conf import settings
from django.db import transaction

from skills.audit.record import record
from skills.bundles.manifest import Manifest
from skills.catalog.models import Version
from skills.catalog.stakes import check_second_eyes
from skills.lib.clock import now
from skills.lib.errors import refuse
from skills.lib.limited import Limit, LimitReached, Limits, run_limited
from skills.people import rules as people_rules
from skills.people.actor import Actor
from skills.people.models import Role
from skills.scans.checks import rules
from skills.scans.checks.bundle import BundleReading, read_bundle
from skills.scans.checks.contract import CheckFinding, DidNotFinish, NeverFinishes, Severity
from skills.scans.checks.inventory import Inventory
from skills.scans.checks.known_vulnerabilities import find_known_vulnerabilities
from skills.scans.models import Finding, Scan, ScanState
from skills.scans.outside import ask_scanner


def run_checks(files: Mapping[str, bytes], manifest: Manifest) -> BundleReading:
    """The reading of FILES (path to bytes), with what others know about it; raises DidNotFinish."""
    seconds = settings.SCAN_SECONDS
    limits = Limits(
        # A machine on which others work too gives a reading half of its time, and seldom less.
        processor_seconds=seconds,
        seconds=2 * seconds,
        memory=settings.READ_MEGABYTES * 1_000_000,
    )
    try:
        reading = run_limited(limits, read_bundle, files, manifest)
    except LimitReached as reached:
        again = reached.limit in (Limit.TIME, Limit.CRASH)
        raise (DidNotFinish if again else NeverFinishes)(f"{reached}.") from reached
    vulnerable = find_known_vulnerabilities(
        reading.dependencies, source=settings.OSV_DATABASE, index=settings.DATA_DIR / "advisories.sqlite"
    )
    outside = ask_scanner(files, command=settings.SCANNER_COMMAND, seconds=seconds)
    return replace(reading, findings=sorted({*reading.findings, *vulnerable, *outside}))


@transaction.atomic
def keep_scan(version: Version, findings: Iterable[CheckFinding], inventory: Inventory) -> Scan:
    """Store a finished scan, replacing one that did not finish."""
    facts = {
        "state": ScanState.DONE,
        "rules": rules.version(),
        "inventory": inventory,
        "problem": "",
        "finished_at": now(),
    }
    scan, _ = Scan.objects.update_or_create(version=version, defaults=facts)
    # A scan that is repeated must not list its findings twice.
    scan.findings.all().delete()
    Finding.objects.bulk_create(
        Finding(
            scan=scan,
            rule=finding.rule,
            severity=finding.severity,
            path=finding.path,
            line=finding.line,
            text=finding.text[:500],
            snippet=finding.snippet[:300],
            remedy=finding.remedy[:500],
        )
        for finding in findings
    )
    return scan


def hold_scan(version: Version, problem: str) -> Scan:
    """Note that the scan did not finish; the version stays where it is."""
    facts = {"state": ScanState.HELD, "problem": problem[:500], "finished_at": now()}
    return Scan.objects.update_or_create(version=version, defaults=facts)[0]


def has_blocking_finding(scan: Scan) -> bool:
    return scan.findings.filter(severity=Severity.BLOCKING).exists()


@transaction.atomic
def waive(*, actor: Actor, finding: Finding, reason: str) -> None:
    """A reviewer says why a finding is fine; it stays on the page with the reason."""
    version = finding.scan.version
    by = people_rules.role(actor, version.skill.team, Role.REVIEWER)
    people_rules.person(actor)
    if not reason.strip():
        raise refuse("reason_missing", "A waiver needs a reason.", "Say why this is fine here.")
    # What blocks does so whoever looks at it: only other bytes, in another version, help.
    if finding.severity == Severity.BLOCKING:
        raise refuse("blocking", "A blocking finding cannot be waived.", "Ask for changes.")
    check_second_eyes(version, by)
    finding.waived_by, finding.waived_at, finding.waiver = by, now(), reason.strip()[:500]
    finding.save(update_fields=["waived_by", "waived_at", "waiver"])
    record(
        "finding.waive",
        by=by,
        target=version,
        team_id=version.skill.team_id,
        rule=finding.rule,
        path=finding.path,
        line=finding.line,
        reason=finding.waiver,
    )
