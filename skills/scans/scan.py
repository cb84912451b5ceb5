"""Runs every check over the files of a version and keeps what they found."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction

from skills.audit.record import record
from skills.catalog.models import Version
from skills.lib.clock import now
from skills.lib.errors import refuse
from skills.people import rules as people_rules
from skills.people.actor import Actor
from skills.people.models import Role
from skills.scans.checks import hidden_text, manifest, outside, rules
from skills.scans.checks.contract import CheckFinding
from skills.scans.models import Finding, Scan, ScanState, Severity


def run_checks(files: Mapping[str, bytes], facts: Mapping[str, Any]) -> list[CheckFinding]:
    """Findings of layers (b) and (c); layer (a) refused what it had to before any byte was kept."""
    seconds = settings.SCAN_SECONDS
    found = {*rules.check(files, seconds=seconds), *hidden_text.check(files), *manifest.check(files, facts)}
    return sorted(found | set(outside.check(files, command=settings.SCANNER_COMMAND, seconds=seconds)))


@transaction.atomic
def keep(version: Version, found: list[CheckFinding], items: dict[str, dict[str, str]]) -> Scan:
    """Store a finished scan, replacing one that did not finish."""
    facts = {
        "state": ScanState.DONE,
        "rules": rules.version(),
        "inventory": items,
        "problem": "",
        "finished_at": now(),
    }
    scan, _ = Scan.objects.update_or_create(version=version, defaults=facts)
    scan.findings.all().delete()
    Finding.objects.bulk_create(
        Finding(
            scan=scan,
            rule=one.rule,
            severity=one.severity,
            path=one.path,
            line=one.line,
            text=one.text[:500],
            snippet=one.snippet[:300],
            remedy=one.remedy[:500],
        )
        for one in found
    )
    return scan


def hold(version: Version, problem: str) -> Scan:
    """Say that the scan did not finish; the version stays where it is."""
    facts = {"state": ScanState.HELD, "problem": problem[:500], "finished_at": now()}
    return Scan.objects.update_or_create(version=version, defaults=facts)[0]


def blocking(scan: Scan) -> bool:
    return scan.findings.filter(severity=Severity.BLOCKING).exists()


@transaction.atomic
def waive(*, actor: Actor, finding: Finding, reason: str) -> None:
    """A reviewer says why a finding is fine; it stays on the page with the reason."""
    version = finding.scan.version
    by = people_rules.role(actor, version.skill.team, Role.REVIEWER)
    people_rules.person(actor)
    if not reason.strip():
        raise refuse("reason_missing", "A waiver needs a reason.", "Say why this is fine here.")
    if finding.severity == Severity.BLOCKING:
        raise refuse("blocking", "A blocking finding cannot be waived.", "Ask for changes.")
    if version.author_id == by.pk and not version.skill.team.policy.self_approval:
        raise refuse("four_eyes", "Authors do not waive findings on their own versions.")
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
