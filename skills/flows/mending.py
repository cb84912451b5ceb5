"""The next attempt at a number: the files of a version with some changed, and nothing asked anew.

Number, visibility and changelog are those of the version; one that is still open is taken back for it.
"""

from collections.abc import Mapping, Sequence

from django.db import transaction

from skills.catalog.locks import lock_bytes
from skills.catalog.models import OPEN, State, Upload, Version
from skills.delivery.content import all_files
from skills.flows import release
from skills.lib.errors import Conflict, Refused, refuse
from skills.people.actor import Actor
from skills.reviews.comment import is_author, resolve
from skills.reviews.models import Comment
from skills.reviews.suggestions import with_suggestions

MENDABLE = (*OPEN, State.CHANGES_REQUESTED, State.REJECTED, State.WITHDRAWN)


def may_mend(actor: Actor, version: Version) -> bool:
    """Whether the pages offer ACTOR to send the next attempt in: whoever wrote this one."""
    return version.state in MENDABLE and version.has_content and is_author(actor, version)


def mend(*, actor: Actor, version: Version, changes: Mapping[str, bytes | None]) -> Version:
    """The next attempt with CHANGES: bytes by path, None for a file that goes."""
    return next_attempt(actor=actor, version=version, upload=stage_mended(actor, version, changes))


def stage_mended(actor: Actor, version: Version, changes: Mapping[str, bytes | None]) -> Upload:
    """The files of VERSION with CHANGES, staged; raises Refused with everything that is wrong with them."""
    merged = {**all_files(version), **changes}
    files = {path: data for path, data in merged.items() if data is not None}
    report, upload = release.stage(actor=actor, content=files)
    if upload is None:
        raise Refused(report.errors)
    return upload


def next_attempt(*, actor: Actor, version: Version, upload: Upload) -> Version:
    """UPLOAD as the next attempt at the number of VERSION."""
    if version.state not in MENDABLE:
        text = f"{version} is {version.get_state_display().lower()}: another number is needed."
        raise refuse("wrong_state", text, "Publish the files as a new version.", kind=Conflict)
    if upload.digest == version.digest:
        raise refuse("nothing_changed", "These are the bytes of this attempt.", "Change something first.")
    with transaction.atomic():
        # The bytes first: `submit` locks them before the skill, which taking back locks (catalog/locks.py).
        lock_bytes(upload.blob)
        if version.state in OPEN:
            release.withdraw(actor=actor, version_id=version.pk)
        new, _ = release.submit(
            actor=actor,
            team=version.skill.team,
            upload=upload,
            number=version.number,
            wanted=version.requested_visibility,
            changelog=version.changelog,
        )
    return new


def apply_suggestions(*, actor: Actor, version: Version, remarks: Sequence[Comment]) -> Version:
    """The next attempt with what REMARKS on VERSION suggest, whose threads are resolved by it."""
    changed = with_suggestions(all_files(version), version, remarks)
    upload = stage_mended(actor, version, changed)
    with transaction.atomic():
        new = next_attempt(actor=actor, version=version, upload=upload)
        for remark in remarks:
            resolve(actor=actor, remark=remark)
    return new
