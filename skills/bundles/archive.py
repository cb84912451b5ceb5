"""Opens an archive by its first bytes, whatever its name says."""

from skills.bundles.limits import BundleLimits, human
from skills.bundles.magic import archive_kind, decode, program_kind
from skills.bundles.tar_archive import GZIP, ZSTD, ZSTD_SKIPPABLE, TarArchive, is_tar
from skills.bundles.tree import Tree
from skills.bundles.zip_archive import ZipArchive
from skills.lib.errors import Problem, Refused

_MAKE_ONE = (
    "Make a zip of the folder (Finder: Compress; Explorer: Compress to ZIP file; or zip -r), or a tar.gz."
)


def open_archive(data: bytes, limits: BundleLimits) -> Tree:
    """The tree in the archive DATA; raises Refused where it is none that can be read."""
    if len(data) > limits.archive:
        text = f"The archive has {human(len(data))}; at most {human(limits.archive)} are accepted."
        raise Refused(Problem("too_large", text, "Leave out what the agent does not need."))
    if data.startswith((GZIP, ZSTD)) or data[1:4] == ZSTD_SKIPPABLE or is_tar(data):
        return TarArchive(data, limits)
    if data.startswith(b"PK") or b"PK\x05\x06" in data:
        return ZipArchive(data, limits)
    raise Refused(
        Problem("bad_zip", f"This is {_kind(data)}; zip, tar, tar.gz and tar.zst are read.", _MAKE_ONE)
    )


def _kind(data: bytes) -> str:
    """What DATA is, in the words of whoever sent it."""
    if not data.strip():
        return "an empty file"
    if data[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return "a web page, perhaps of a sign-in before the download"
    if found := archive_kind(data) or program_kind("", data):
        return found
    return "no archive" if decode(data) is None else "a text file"
