"""The JSON the CLI checks field by field: what is optional is left out, never null; times in milliseconds."""

from datetime import datetime
from typing import TypedDict

from django.conf import settings

from skills.bundles.manifest import Manifest
from skills.catalog.models import File, Skill, State, Version
from skills.lib.addresses import public_address
from skills.protocols.clawhub.names import source_fingerprint
from skills.reviews.selectors import approvers_of
from skills.scans.models import Scan, ScanState
from skills.scans.selectors import clean_scan_of

Json = dict[str, object]


class VerdictRequest(TypedDict):
    """One version that a client asks a verdict on; `ownerHandle` is "" where it names none."""

    slug: str
    version: str
    ownerHandle: str


def ms(moment: datetime | None) -> int:
    return int(moment.timestamp() * 1000) if moment else 0


def item(skill: Skill) -> Json:
    """A skill in a list; `latestVersion` only where there is one."""
    shown = skill.shown
    return {
        "slug": skill.name,
        "displayName": skill.name,
        "summary": skill.description,
        "topics": skill.tags,
        "tags": {"latest": shown.number} if shown else {},
        "stats": stats(skill),
        "createdAt": ms(skill.created_at),
        "updatedAt": ms(skill.updated_at),
        "ownerHandle": skill.team.handle,
        "spdxLicense": skill.license,
        **({"latestVersion": version(shown)} if shown else {}),
    }


def stats(skill: Skill) -> dict[str, int]:
    return {
        "comments": 0,
        "downloads": skill.fetches,
        "installsAllTime": skill.fetches,
        "installsCurrent": skill.fetches,
        "stars": skill.stars,
        "versions": 1,
    }


def version(row: Version) -> Json:
    """The licence field takes MIT-0 alone, so it stays out; the true one stands beside it."""
    return {
        "version": row.number,
        "createdAt": ms(row.approved_at or row.created_at),
        "changelog": row.changelog,
    }


def detail(skill: Skill, channels: dict[str, str]) -> Json:
    """One skill; slug, name and summary stand on top too, where other clients look."""
    shown = skill.shown
    return {
        "slug": skill.name,
        "displayName": skill.name,
        "summary": skill.description,
        "skill": {**item(skill), "tags": channels},
        "latestVersion": version(shown) if shown else None,
        "owner": {"handle": skill.team.handle, "displayName": skill.team.name},
        "moderation": None,
        "spdxLicense": skill.license,
    }


def hit(skill: Skill, score: float) -> Json:
    """A search result; `trust` is for public skills only, because its one value is public."""
    ref = f"@{skill.team.handle}/{skill.name}"
    public = {
        "visibility": "public",
        "installability": "installable",
        "clawHubVerdict": None,
        "upstreamScanners": None,
        "sourceFreshness": "native",
    }
    return {
        "score": round(1_000 * score, 3),
        "slug": skill.name,
        "displayName": skill.name,
        "summary": skill.description,
        "version": skill.shown.number if skill.shown else None,
        "downloads": skill.fetches,
        "updatedAt": ms(skill.updated_at),
        "ownerHandle": skill.team.handle,
        "owner": {"handle": skill.team.handle, "displayName": skill.team.name, "image": None},
        "id": f"clawhub:{skill.pk}",
        "source": "clawhub",
        "canonicalUrl": skill.get_absolute_url(),
        "install": {"kind": "clawhub", "reference": ref, "sourceUrl": None},
        "bookmarks": skill.stars,
        **({"trust": public} if skill.visibility == "public" else {}),
    }


def with_files(row: Version) -> Json:
    files = File.objects.filter(version=row).order_by("path")
    return {
        **version(row),
        "spdxLicense": Manifest.from_json(row.manifest).license,
        "files": [{"path": f.path, "size": f.size, "sha256": f.sha256, "contentType": None} for f in files],
        "security": security(row),
    }


def security(row: Version) -> Json:
    """What our checks and reviewers say; no scanner of others is claimed."""
    scan = Scan.objects.filter(version=row).first()
    is_done = scan is not None and scan.state == ScanState.DONE
    clean = clean_scan_of(row).exists()
    return {
        "status": "pending" if not is_done else "clean" if clean else "suspicious",
        "hasWarnings": is_done and not clean,
        "checkedAt": ms(scan.finished_at) if scan and scan.finished_at else None,
        "model": None,
        "hasScanResult": is_done,
        "sha256hash": row.blob,
        "virustotalUrl": None,
        "scanners": {"vt": None, "skillspector": None, "llm": None},
    }


def passes(row: Version) -> tuple[bool, list[str]]:
    """Whether a reviewer approved these bytes and the checks leave nothing open, and what is missing."""
    reasons = []
    if row.state != State.APPROVED:
        reasons.append(f"version.{row.state}")
    if security(row)["status"] != "clean":
        reasons.append(f"checks.{security(row)['status']}")
    return not reasons, reasons


def verdict(row: Version, request: VerdictRequest) -> Json:
    """One answer of security-verdicts; openclaw installs nothing without it."""
    ok, reasons = passes(row)
    skill = row.skill
    nothing = {"status": "not_run"}
    return {
        "requestedSlug": request["slug"],
        "requestedVersion": request["version"],
        "ok": ok,
        "reasons": reasons,
        **({"requestedOwnerHandle": request["ownerHandle"]} if request["ownerHandle"] else {}),
        "decision": "pass" if ok else "fail",
        "slug": skill.name,
        "version": row.number,
        "publisherHandle": skill.team.handle,
        "displayName": skill.name,
        "createdAt": ms(row.approved_at),
        "skillUrl": public_address(skill.get_absolute_url()),
        "overview": overview(row),
        "securityAuditUrl": public_address(row.get_absolute_url()),
        "security": {
            "status": "clean" if ok else security(row)["status"],
            "passed": ok,
            "signals": {
                "staticScan": {"status": security(row)["status"]},
                "virusTotal": nothing,
                "skillSpector": nothing,
                "dependencyRegistry": nothing,
            },
        },
    }


def overview(row: Version) -> str:
    """What a person has to know about the verdict, in a sentence; openclaw refuses to go on without."""
    names = approvers_of(row)
    ok, reasons = passes(row)
    if not ok:
        return f"Not cleared: {', '.join(reasons)}."
    by = f"Approved by {', '.join(names)}" if names else "Imported by an administrator"
    return f"{by}; our checks left nothing open. No other scanner was asked."


def verification(row: Version, source: str, tag: str | None) -> Json:
    """`skill verify`: every key is required; what we do not have says so."""
    ok, reasons = passes(row)
    skill = row.skill
    page = public_address(skill.get_absolute_url())
    listed = File.objects.filter(version=row).order_by("path")
    files = [{"path": f.path, "size": f.size, "sha256": f.sha256} for f in listed]
    return {
        "schema": "clawhub.skill.verify.v1",
        "ok": ok,
        "decision": "pass" if ok else "fail",
        "reasons": reasons,
        "slug": skill.name,
        "displayName": skill.name,
        "pageUrl": page,
        "publisherHandle": skill.team.handle,
        "publisherDisplayName": skill.team.name,
        "publisherProfileUrl": f"{settings.PUBLIC_URL}/@{skill.team.handle}/",
        "version": row.number,
        "resolvedFrom": source,
        "tag": tag,
        "createdAt": ms(row.approved_at),
        "card": {
            "available": False,
            "path": None,
            "url": None,
            "sha256": None,
            "size": None,
            "contentType": None,
        },
        "artifact": {
            "sourceFingerprint": source_fingerprint((f.path, f.sha256) for f in listed),
            "bundleFingerprints": [],
            "files": files,
            "digest": row.digest,
        },
        "provenance": {
            "source": "unavailable",
            "reviewedBy": list(approvers_of(row)),
        },
        "security": {**security(row), "passed": ok},
        "signature": {"status": "unsigned"},
    }
