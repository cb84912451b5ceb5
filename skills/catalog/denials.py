"""The deny list: bytes that staff removed do not come again, until staff lift it.

A bundle is known by the digest of its zip, by that of its tree of files (another packer gives another zip)
and, where staff said so, by each of its files.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from django.db import connection, transaction

from skills.audit.record import record
from skills.bundles.pack import tree_digest
from skills.catalog.denial_models import Denial
from skills.catalog.models import File, State, Upload, Version
from skills.lib.clock import now
from skills.lib.errors import Conflict, Problem, Refused, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account

_IS_ANY_DENIED = """
    select exists (select from skills_denial where lifted_at is null and digests && %s::varchar[])
"""
_SHORTEST = 64  # bytes of a file that is denied by itself: shorter ones are anybody's


class _DigestKind(StrEnum):
    ARCHIVE = "archive"
    TREE = "tree"
    FILE = "file"


def digests_of(version: Version, *, each_file: bool) -> list[str]:
    """What to refuse for VERSION, which still has its files; with EACH_FILE those by themselves too."""
    digests = _bundle_digests(version.blob, version.files.values_list("path", "sha256"))
    if each_file:
        digests += [_named(_DigestKind.FILE, sha256) for sha256 in _own_files(version)]
    return digests


def deny(version: Version, by: Account, digests: list[str]) -> Denial:
    """Refuse DIGESTS from now on, because BY removed VERSION; its bytes are locked."""
    record(
        "bytes.deny",
        by=by,
        target=version,
        team_id=version.skill.team_id,
        digest=version.digest,
        denied=len(digests),
    )
    return Denial.objects.create(version=version, digests=digests, denied_by=by)


def _own_files(version: Version) -> list[str]:
    """The sha256 of each file that no other version still holds: a licence text is nobody's malware."""
    files = version.files.filter(size__gte=_SHORTEST)
    others = File.objects.exclude(version=version).exclude(version__state=State.REMOVED)
    common = others.filter(sha256__in=files.values("sha256")).values("sha256")
    return sorted(set(files.exclude(sha256__in=common).values_list("sha256", flat=True)))


def problems(digest: str, files: Iterable[tuple[str, str]]) -> list[Problem]:
    """Why a bundle with this DIGEST (64 hex digits) and FILES (path and sha256) is refused, if it is."""
    files = list(files)
    paths = {_named(_DigestKind.FILE, sha256): path for path, sha256 in files}
    asked = _asked(digest, files)
    if not _is_any_denied(asked):
        return []
    rows = Denial.objects.filter(lifted_at=None, digests__overlap=asked).select_related("version")
    found = []
    for row in rows.order_by("denied_at"):
        matches = set(asked) & set(row.digests)
        # Of a whole bundle that is denied, its files need no mention.
        file = "" if matches - paths.keys() else paths[min(matches)]
        what = "this file" if file else "these bytes"
        text = f"Staff removed {what} on {row.denied_at:%Y-%m-%d}: {row.version.reason}"
        remedy = "Leave out what was removed. Staff of this instance may lift it."
        found.append(Problem("bytes_denied", text, remedy, file=file))
    return found


def _is_any_denied(digests: list[str]) -> bool:
    """Asked in SQL, for the answer is nearly always no: Django takes longer to write it than to get it."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_ANY_DENIED, [digests])
        (found,) = cursor.fetchone()
    return bool(found)


def refuse_denied(*uploads: Upload) -> None:
    """Raises Refused where staff removed what one of UPLOADS holds; their bytes are locked."""
    files = {upload.blob: _files_of(upload) for upload in uploads}
    if not _is_any_denied([digest for blob in files for digest in _asked(blob, files[blob])]):
        return
    if found := [problem for blob in files for problem in problems(blob, files[blob])]:
        raise Refused(found)


def _files_of(upload: Upload) -> list[tuple[str, str]]:
    return [(str(file["path"]), str(file["sha256"])) for file in upload.files]


@transaction.atomic
def lift(*, actor: Actor, denial_id: int, reason: str) -> Denial:
    """Staff let the bytes be published again, as a new version; what was removed stays removed."""
    by = rules.staff(actor)
    if not reason.strip():
        raise refuse("reason_missing", "A reason is required.", "The audit log keeps it.")
    denials = Denial.objects.select_for_update(of=("self",)).select_related("version__skill__team")
    denial = denials.get(pk=denial_id)
    if denial.lifted_at:
        raise refuse("already_lifted", "Somebody lifted this before you.", kind=Conflict)
    denial.lifted_by, denial.lifted_at, denial.lift_reason = by, now(), reason.strip()[:1000]
    denial.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
    version = denial.version
    record(
        "bytes.lift",
        by=by,
        target=version,
        team_id=version.skill.team_id,
        digest=version.digest,
        reason=denial.lift_reason,
    )
    return denial


def _bundle_digests(digest: str, files: Iterable[tuple[str, str]]) -> list[str]:
    return [_named(_DigestKind.ARCHIVE, digest), _named(_DigestKind.TREE, tree_digest(files))]


def _asked(digest: str, files: Sequence[tuple[str, str]]) -> list[str]:
    """By what a bundle may be denied: as a whole, and each of its files."""
    each_file = {_named(_DigestKind.FILE, sha256): None for _, sha256 in files}
    return [*_bundle_digests(digest, files), *each_file]


def _named(kind: _DigestKind, digest: str) -> str:
    return f"{kind}:{digest}"
