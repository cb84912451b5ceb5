"""How big a bundle may be."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class BundleLimits:
    """Sizes in bytes, counts in files or folders; the defaults are docs/configuration.md's.

    A pack is an archive or folder of several skills: each has the limits of one, and all of them those.
    """

    archive: int = 10_000_000
    unpacked: int = 30_000_000
    files: int = 500
    file: int = 5_000_000
    skill_md: int = 262_144
    front_matter: int = 16_384
    depth: int = 12
    pack_skills: int = 300
    pack_files: int = 20_000  # entries of the archive, those left out included
    pack_unpacked: int = 60_000_000


def human(size: int) -> str:
    """A size as people write it: 10 MB, 256 KB."""
    for unit, scale in (("MB", 1_000_000), ("KB", 1_000)):
        if size >= scale:
            return f"{size / scale:.3g} {unit}"
    return f"{size} bytes"
