"""Which files of a bundle are pictures that a page shows: by their first bytes, whatever their name says."""

import re
from types import MappingProxyType

MOST_BYTES = 2_000_000  # of a picture in a page
# The names that a text may show; the bytes decide when the picture is asked for.
SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")
SVG = "image/svg+xml"
_MAGIC = MappingProxyType(
    {
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"\xff\xd8\xff": "image/jpeg",
        b"GIF87a": "image/gif",
        b"GIF89a": "image/gif",
    }
)
_SVG_START = re.compile(rb"<svg[\s>/]")
_LOOKED_AT = 4_096  # bytes in which an SVG begins, after comments


def is_shown(path: str, size: int) -> bool:
    """Whether a page tries to show the file at PATH."""
    return path.lower().endswith(SUFFIXES) and size <= MOST_BYTES


def media_type(data: bytes) -> str:
    """The media type of the picture that DATA is, "" where it is none."""
    for mark, kind in _MAGIC.items():
        if data.startswith(mark):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif"
    start = data[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip()
    return SVG if start.startswith(b"<") and _SVG_START.search(start) else ""
