"""Keeps the fingerprints of approved versions, and gives them to whoever looks for their texts."""

from collections.abc import Iterable

from skills.catalog.models import FETCHABLE, Version
from skills.usage.fingerprints import Fingerprint, fingerprint
from skills.usage.models import VersionFingerprint

_UNSIGNED = 1 << 64


def keep_fingerprint(version: Version, text: str) -> None:
    """Write down what TEXT, the SKILL.md of VERSION, is known by; a second time changes nothing."""
    print_ = fingerprint(text)
    VersionFingerprint.objects.get_or_create(
        version=version,
        defaults={
            "letters": print_.letters,
            "whole": _signed(print_.whole),
            "offset": print_.offset,
            "marks": [_signed(mark) for mark in print_.marks],
        },
    )


def versions_without(most: int) -> Iterable[Version]:
    """Some versions that were approved and have no fingerprint."""
    return Version.objects.filter(state__in=FETCHABLE, fingerprint=None).order_by("pk")[:most]


def fingerprints_after(pk: int) -> tuple[dict[int, Fingerprint], int]:
    """The fingerprints written after the row PK, by version, and the last of these rows."""
    found: dict[int, Fingerprint] = {}
    for row in VersionFingerprint.objects.filter(pk__gt=pk).order_by("pk").iterator():
        found[row.version_id] = Fingerprint(
            letters=row.letters,
            whole=row.whole % _UNSIGNED,
            offset=row.offset,
            marks=tuple(mark % _UNSIGNED for mark in row.marks),
        )
        pk = row.pk
    return found, pk


def _signed(number: int) -> int:
    """NUMBER of 64 bits as PostgreSQL has it."""
    return number - _UNSIGNED if number >= _UNSIGNED >> 1 else number
