"""The ticks of what somebody has viewed: notes of their own, which nobody else sees."""

from skills.catalog.models import Version
from skills.people.models import Account
from skills.reviews.models import ViewedFile

_LONGEST_PATH = 255


def set_viewed(*, account: Account, version: Version, path: str, sha256: str, is_viewed: bool) -> None:
    """Tick the file at PATH with these bytes, or take the tick back; a second time changes nothing."""
    if not path or len(path) > _LONGEST_PATH:
        return
    tick = ViewedFile(account=account, skill=version.skill, path=path, sha256=sha256)
    if is_viewed:
        ViewedFile.objects.bulk_create([tick], ignore_conflicts=True)
    else:
        ViewedFile.objects.filter(account=account, skill=version.skill, path=path, sha256=sha256).delete()
