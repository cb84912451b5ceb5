"""The files of one download: pure, so that a limited child can unpack what a stranger packed."""

from dataclasses import dataclass

from skills.bundles.archive import read_zip
from skills.bundles.limits import BundleLimits
from skills.lib.errors import Refused


@dataclass(frozen=True)
class Unpacked:
    """Files by path, and reasons by path of what was left out; or why nothing can be read."""

    files: dict[str, bytes]
    left_out: dict[str, str]
    problem: str = ""


def unpack_archive(data: bytes, limits: BundleLimits) -> Unpacked:
    """What the archive DATA holds."""
    try:
        files, notes = read_zip(data, limits)
    except Refused as refused:
        return Unpacked({}, {}, str(refused))
    return Unpacked(files, {note.file: note.text for note in notes})
