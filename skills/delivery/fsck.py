"""Verifies that the stored bytes are those the rows name."""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from skills.catalog.models import State, Version
from skills.lib import blobs


@dataclass
class ConsistencyReport:
    """`faults` name the version and what is wrong; `orphans` are blobs no version refers to."""

    versions: int = 0
    files: int = 0
    faults: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)


Progress = Callable[[Iterable[Version], int], Iterable[Version]]


def _plain(rows: Iterable[Version], _: int) -> Iterable[Version]:
    return rows


def check_consistency(*, delete_orphans: bool = False, progress: Progress = _plain) -> ConsistencyReport:
    """Read everything once. A blob younger than its row's transaction may look like an orphan,
    so deleting is a choice for a quiet moment."""
    report = ConsistencyReport()
    store = blobs.store()
    with_content = Version.objects.exclude(state=State.REMOVED).select_related("skill__team")
    rows = with_content.prefetch_related("files").order_by("pk")
    for version in progress(rows.iterator(chunk_size=200), rows.count()):
        report.versions += 1
        _check_version(version, store, report)
    known = set(with_content.values_list("digest", flat=True))
    report.orphans = [digest for digest in store.digests() if f"sha256:{digest}" not in known]
    if delete_orphans:
        for digest in report.orphans:
            store.delete(digest)
    return report


def _check_version(version: Version, store: blobs.BlobStore, report: ConsistencyReport) -> None:
    try:
        data = store.read(version.blob)
    except blobs.BlobMissing:
        report.faults.append(f"{version}: the blob {version.blob} is missing")
        return
    if blobs.sha256(data) != version.blob:
        report.faults.append(f"{version}: the blob does not have its digest")
        return
    for file in version.files.all():
        report.files += 1
        packed = data[file.start : file.start + file.packed]
        if blobs.sha256(zlib.decompress(packed, wbits=-15)) != file.sha256:
            report.faults.append(f"{version}: {file.path} does not have its sha256")
