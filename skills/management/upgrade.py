"""What is asked and kept before a database is migrated, so that an upgrade can be taken back."""

from collections.abc import Set as AbstractSet
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from skills.lib.clock import now
from skills.management.postgres_tools import dump

_KEPT = 3  # dumps of the last upgrades
_LAST_WITH_ALL = "7fee367"  # the last commit that has the migrations that `0001_initial` stands for
Names = AbstractSet[tuple[str, str]]
"""Migrations, as pairs of app and name."""


def problem() -> str:
    """Why this code cannot work on the database of the settings, and what to do; "" where it can."""
    loader = MigrationLoader(None)
    applied = {name for name in _applied() if name[0] in loader.migrated_apps}
    known = set(loader.disk_migrations)
    replaced = {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    return newer_schema(applied, known | replaced) or begun_early(applied, replaced)


def newer_schema(applied: Names, known: Names) -> str:
    """APPLIED of the database beside the KNOWN ones of this code."""
    unknown = sorted(f"{app}.{name}" for app, name in applied - known)
    if not unknown:
        return ""
    return (
        f"This database was written by a newer version of SkillHub: this code does not know {unknown[0]}"
        f"{f' and {len(unknown) - 1} more migrations' if unknown[1:] else ''}. Start that version again, or"
        f" bring back the dump that was taken before its first start, from {_folder()}"
        " (Upgrading, in the pages on deployment)."
    )


def begun_early(applied: Names, replaced: Names) -> str:
    """APPLIED of the database where some of the REPLACED migrations of before 0.1 are in it, but not all."""
    missing = sorted(name for _, name in replaced - applied)
    if not replaced & applied or not missing:
        return ""
    return (
        f"This database was left in the middle of the migrations before 0.1: {missing[0]} was never applied."
        f" Start the code of commit {_LAST_WITH_ALL} on it once, which applies the rest, then this one."
    )


def dump_first() -> Path | None:
    """Keep the database as it is in the data folder; None where there is nothing in it yet.

    Raises CommandError where it cannot be dumped: nothing is changed then.
    """
    if not any(app == "skills" for app, _ in _applied()):
        return None
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"before-migration-{now():%Y%m%dT%H%M%S}.dump"
    # Under its name only when it is whole.
    draft = target.with_suffix(".draft")
    try:
        dump(draft)
    except CommandError as error:
        draft.unlink(missing_ok=True)
        raise CommandError(
            f"The database is not migrated, because it could not be dumped first: {error}"
            " Make a backup in another way, then run `manage.py migrate --no-dump`."
        ) from error
    draft.rename(target)
    for old in sorted(folder.glob("before-migration-*.dump"))[:-_KEPT]:
        old.unlink()
    return target


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "backups"


def _applied() -> Names:
    return set(MigrationRecorder(connection).applied_migrations())
