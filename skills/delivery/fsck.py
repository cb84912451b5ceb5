"""Verifies that the stored bytes are those the rows name, and mends them from a second source."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from skills.catalog.models import State, Version
from skills.delivery import collect, faults
from skills.delivery.content import unpack
from skills.delivery.models import DamagedBlob
from skills.lib import blobs


@dataclass(kw_only=True)
class ConsistencyReport:
    """`faults` name the version and what is wrong; `orphans` are blobs no version refers to.

    `deleted` of the orphans were old enough; `healed` names versions whose bytes are right again.
    """

    versions: int = 0
    files: int = 0
    faults: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    healed: list[str] = field(default_factory=list)


class ProgressBar(Protocol):
    def __call__(self, rows: Iterable[Version], total: int, /) -> Iterable[Version]: ...


class BlobSource(Protocol):
    """Where right bytes may come from: a backup."""

    def right_bytes(self, digests: set[str]) -> Iterable[tuple[str, bytes]]:
        """Of DIGESTS those that are there, each compared with its digest."""


def _plain(rows: Iterable[Version], _: int) -> Iterable[Version]:
    return rows


def check_consistency(
    *,
    delete_orphans: bool = False,
    grace: timedelta | None = None,
    heal_from: BlobSource | None = None,
    progress: ProgressBar = _plain,
) -> ConsistencyReport:
    """Read everything once. Orphans younger than GRACE (by default BLOB_GRACE_HOURS) are never deleted."""
    report = ConsistencyReport()
    with_content = Version.objects.exclude(state=State.REMOVED).select_related("skill__team")
    rows = with_content.prefetch_related("files").order_by("pk")
    broken: dict[str, blobs.BlobFaultKind] = {}
    broken_versions: list[Version] = []
    for version in progress(rows.iterator(chunk_size=200), rows.count()):
        report.versions += 1
        report.files += len(version.files.all())
        if kind := _fault_of(version, report):
            broken[version.blob] = kind
            broken_versions.append(version)
    healed = _heal(set(broken), heal_from) if heal_from else set()
    for version in broken_versions:
        if version.blob in healed:
            report.healed.append(str(version))
        else:
            report.faults.append(f"{version}: the blob {version.blob} is {broken[version.blob]}")
    # What is right now, so that health and pages do not tell of what was mended.
    known = dict.fromkeys(DamagedBlob.objects.values_list("digest", flat=True))
    faults.note(known | {digest: kind for digest, kind in broken.items() if digest not in healed})
    report.orphans = list(collect.unneeded())
    if delete_orphans:
        report.deleted = collect.collect(grace)
    return report


def _fault_of(version: Version, report: ConsistencyReport) -> blobs.BlobFaultKind | None:
    """What is wrong with the blob of VERSION; where only rows are wrong, REPORT says so."""
    try:
        data = blobs.read_whole(blobs.store(), version.blob)
    except blobs.BlobFault as fault:
        return fault.kind
    for file in version.files.all():
        try:
            unpack(data[file.start : file.start + file.packed], version.blob, file)
        except blobs.BlobDamaged:
            report.faults.append(f"{version}: {file.path} does not have its sha256")
    return None


def _heal(digests: set[str], source: BlobSource) -> set[str]:
    """Write the right bytes of DIGESTS that SOURCE has; returns which."""
    healed = set()
    for digest, data in source.right_bytes(digests):
        blobs.store().put(digest, data)
        healed.add(digest)
    return healed
