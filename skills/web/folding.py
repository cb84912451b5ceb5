"""Which files of a review wait to be asked for: those seen already, made by programs, or very long."""

import re
from collections.abc import Iterable

from skills.bundles.compare import PathChange
from skills.catalog.models import Version
from skills.people.models import Account
from skills.reviews.models import ViewedFile

VIEWED, GENERATED, LONG = "viewed", "made by a program", "long"
_MOST_BYTES = 60_000  # of both sides
_GENERATED = re.compile(
    r"(?:^|/)(?:evals/scripted\.json|benchmark\.json|(?:npm-shrinkwrap|package-lock)\.json|pnpm-lock\.yaml"
    r"|go\.sum|[^/]+\.(?:lock|map|snap|min\.js|min\.css|svg|ipynb))$"
)


def viewed_files(account: Account, version: Version) -> set[tuple[str, str]]:
    """Path and sha256 of the files of this skill that ACCOUNT has ticked."""
    ticks = ViewedFile.objects.filter(account=account, skill=version.skill_id)
    return set(ticks.values_list("path", "sha256"))


def digest_of(version: Version, path: str) -> str:
    """The sha256 of a file of VERSION, "" where it has none."""
    return next((file.sha256 for file in version.files.all() if file.path == path), "")


def folded(
    changes: Iterable[PathChange], old: Version | None, new: Version, viewed: set[tuple[str, str]]
) -> dict[str, str]:
    """Why each of CHANGES that waits to be asked for does."""
    sizes: dict[str, int] = {}
    for version in (old, new):
        for file in version.files.all() if version else ():
            sizes[file.path] = sizes.get(file.path, 0) + file.size
    digests = {file.path: file.sha256 for file in new.files.all()}
    reasons: dict[str, str] = {}
    for change in changes:
        path = change.path
        if (path, digests.get(path, "")) in viewed:
            reasons[path] = VIEWED
        elif _GENERATED.search(path):
            reasons[path] = GENERATED
        elif sizes.get(path, 0) > _MOST_BYTES:
            reasons[path] = LONG
    return reasons
