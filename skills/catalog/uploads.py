"""Staged bytes: validated before anything is kept, private to their uploader, gone after a day."""

import uuid
from collections.abc import Mapping
from datetime import timedelta

import msgspec
from django.conf import settings
from django.db import transaction

from skills.bundles import validate
from skills.bundles.limits import BundleLimits
from skills.bundles.validate import Bundle, Validation
from skills.catalog import denials
from skills.catalog.models import Upload
from skills.catalog.staging_quota import make_room
from skills.lib import blobs
from skills.lib.clock import now
from skills.lib.errors import Problem, TooCostly, missing
from skills.lib.limited import LimitReached, Limits, run_limited
from skills.people.models import Account

_MOST_LISTED = 50


def limits() -> BundleLimits:
    """The limits the settings give."""
    return BundleLimits(
        archive=settings.LIMIT_ARCHIVE,
        unpacked=settings.LIMIT_UNPACKED,
        files=settings.LIMIT_FILES,
        file=settings.LIMIT_FILE,
        skill_md=settings.LIMIT_SKILL_MD,
        front_matter=settings.LIMIT_FRONT_MATTER,
        depth=settings.LIMIT_DEPTH,
        pack_skills=settings.LIMIT_PACK_SKILLS,
        pack_files=settings.LIMIT_PACK_FILES,
        pack_unpacked=settings.LIMIT_PACK_UNPACKED,
    )


def check_limits(*, skills: int = 1) -> Limits:
    """What the check of SKILLS bundles together may use of the machine."""
    seconds = settings.CHECK_SECONDS * skills
    # A machine on which others work too gives a reading a third of its time, and seldom less.
    return Limits(processor_seconds=seconds, seconds=3 * seconds, memory=settings.READ_MEGABYTES * 1_000_000)


def check(content: bytes | Mapping[str, bytes], folder: str = "", path: str = "") -> Validation:
    """Validate an archive or files by path, and ask the deny list; keeps nothing.

    FOLDER, where the caller knows it, names a skill whose SKILL.md says no name. Of several skills the one at
    PATH. Raises TooCostly where it takes too much to read.
    """
    try:
        report = run_limited(check_limits(), validate.check, content, limits(), folder=folder, path=path)
    except LimitReached as reached:
        raise too_costly(reached) from reached
    return unless_denied(report)


def unless_denied(report: Validation) -> Validation:
    """REPORT, or a refusal where staff removed these bytes or one of these files for good."""
    if report.bundle is None:
        return report
    archive = report.bundle.archive
    denied = denials.problems(archive.digest, [(file.path, file.sha256) for file in archive.files])
    return Validation([*denied, *report.problems], paths=report.paths) if denied else report


def too_costly(reached: LimitReached) -> TooCostly:
    remedy = "Make the file smaller, or break its long or repeated lines up."
    return TooCostly(Problem("too_costly", f"{reached}.", remedy, file=reached.place))


def stage(*, bundle: Bundle, report: Validation, by: Account) -> Upload:
    """Keep an accepted bundle for its uploader, who has a quota."""
    upload = draft(bundle=bundle, report=report, by=by)
    with transaction.atomic():
        make_room(by, upload.size)
        upload.save(force_insert=True)
    return upload


def draft(*, bundle: Bundle, report: Validation, by: Account) -> Upload:
    """The same without keeping it, for what is submitted at once."""
    created = now()
    return Upload(
        account=by,
        digest=f"sha256:{bundle.archive.digest}",
        size=len(bundle.archive.data),
        manifest=bundle.manifest.as_json(),
        files=msgspec.to_builtins(list(bundle.archive.files)),
        notes=[problem.as_dict() for problem in report.problems],
        data=bundle.archive.data,
        created_at=created,
        expires_at=created + timedelta(hours=settings.UPLOAD_HOURS),
    )


def name_of(upload: Upload) -> str:
    """What the catalogue calls the skill in UPLOAD."""
    return str(upload.manifest["name"])


def keep_bytes(upload: Upload) -> None:
    """Put the archive of UPLOAD on disk, where a version finds it; damaged bytes there are mended."""
    # A blob without a row is collected some day; a row without its blob would be a broken version.
    blobs.store().put(upload.blob, bytes(upload.data))


def keep_bytes_again(upload: Upload) -> None:
    """The same where they are gone since; cheap, for the bytes are locked and others may wait."""
    if not blobs.store().exists(upload.blob):
        keep_bytes(upload)


def forget(upload: Upload) -> None:
    """Delete the row of UPLOAD; a mere `draft` has none."""
    if not upload._state.adding:
        upload.delete()


def find_upload(upload_id: uuid.UUID, by: Account) -> Upload:
    """An upload of one's own that has not expired."""
    upload = Upload.objects.filter(pk=upload_id, account=by, expires_at__gt=now()).first()
    if upload is None:
        raise missing()
    return upload


def files_of(upload: Upload) -> Mapping[str, bytes]:
    """The files of UPLOAD by path."""
    return check(bytes(upload.data)).accepted().files


def find_by_text(text: str, by: Account) -> Upload:
    """The same as `find_upload`, for an id that somebody wrote; raises Missing."""
    try:
        return find_upload(uuid.UUID(text), by)
    except ValueError:
        raise missing() from None


def staged_uploads(by: Account) -> list[Upload]:
    """What BY has staged and not submitted, the newest first, without the bytes."""
    mine = Upload.objects.filter(account=by, expires_at__gt=now())
    return list(mine.defer("data", "files", "notes").order_by("-created_at")[:_MOST_LISTED])


def purge() -> int:
    """Delete expired uploads; returns how many."""
    return Upload.objects.filter(expires_at__lte=now()).delete()[0]
