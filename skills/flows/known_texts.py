"""Keeps what the texts of approved versions are known by (usage/keep.py), from their bytes."""

import logging
from contextlib import suppress

from skills.bundles.frontmatter import FILE
from skills.catalog.models import Version
from skills.catalog.selectors import file_of
from skills.delivery.content import file_bytes
from skills.lib.errors import Refused
from skills.usage.keep import keep_fingerprint, versions_without

log = logging.getLogger(__name__)
_AT_ONCE = 200  # versions of one call; the next one goes on


def make_known(version: Version) -> None:
    """Have VERSION recognised in what agents send; where its bytes cannot be read now, a task comes back."""
    with suppress(Refused):
        # utf-8-sig: a file may begin with a byte order mark, which is no part of its text.
        text = file_bytes(version, file_of(version, FILE)).decode("utf-8-sig")
        keep_fingerprint(version, text)


def make_others_known() -> None:
    """The versions that were approved by an earlier release, or whose bytes could not be read then."""
    for version in versions_without(_AT_ONCE):
        make_known(version)
