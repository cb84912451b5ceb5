"""Which of many backups to keep: the newest of each of the last days, weeks and months."""

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from skills.management.backups import SEALED, facts_beside


@dataclass(frozen=True)
class RetentionPolicy:
    """How many days, weeks and months keep their newest backup."""

    daily: int
    weekly: int
    monthly: int


def kept(moments: Iterable[datetime], policy: RetentionPolicy) -> set[datetime]:
    """Those of MOMENTS that POLICY keeps; the newest of all is always among them."""
    newest_first = sorted(moments, reverse=True)
    keep = set(newest_first[:1])
    keep |= _newest_of_each(newest_first, policy.daily, lambda moment: moment.strftime("%Y-%m-%d"))
    keep |= _newest_of_each(newest_first, policy.weekly, lambda moment: moment.strftime("%G-%V"))
    keep |= _newest_of_each(newest_first, policy.monthly, lambda moment: moment.strftime("%Y-%m"))
    return keep


def _newest_of_each(
    newest_first: Sequence[datetime], most: int, period: Callable[[datetime], str]
) -> set[datetime]:
    newest: dict[str, datetime] = {}
    for moment in newest_first:
        newest.setdefault(period(moment), moment)
    return set(list(newest.values())[:most])


def prune(folder: Path, policy: RetentionPolicy) -> list[Path]:
    """Delete the backups of FOLDER that POLICY does not keep; returns which.

    Only whole ones count. One that lacks something goes when a newer whole one is there, never before.
    """
    found = {path: moment for path in folder.iterdir() if (moment := _moment(path))}
    whole = {path for path in found if (facts := facts_beside(path)) and facts.is_whole}
    keep = kept((found[path] for path in whole), policy)
    newest = max(keep, default=datetime.min.replace(tzinfo=UTC))
    gone = [
        path
        for path, moment in sorted(found.items())
        if (moment not in keep if path in whole else moment < newest)
    ]
    for path in gone:
        _delete(path)
    return gone


def _moment(path: Path) -> datetime | None:
    """When the backup at PATH was made, by its name; None where it is something else."""
    name = path.name.removesuffix(SEALED)
    try:
        return datetime.strptime(name, "skillhub-%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
        path.with_name(f"{path.name}.json").unlink(missing_ok=True)
