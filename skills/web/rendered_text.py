"""Texts of a version as HTML: SKILL.md was read by the scan, others are read when somebody opens them."""

from skills.bundles.frontmatter import FILE
from skills.bundles.links import MARKDOWN, read_markdown
from skills.catalog.models import Version
from skills.catalog.selectors import file_of
from skills.delivery.content import file_bytes
from skills.lib import soft_cache
from skills.lib.errors import Refused, Unavailable
from skills.lib.limited import LimitReached, Limits, ReadingFailed, run_limited
from skills.lib.markdown import GENERATION, at_version

_LIMITS = Limits(processor_seconds=5, seconds=15)  # of one page
_MOST_BYTES = 400_000  # of a text; longer ones are shown as their source, or not at all
_KEPT_SECONDS = 86_400
_UNREAD_SECONDS = 3_600  # after which a text that took too much is tried again


def rendered_prompt(version: Version) -> str:
    """SKILL.md of VERSION, "" until the scan has read it."""
    kept = version.rendered
    if kept and not kept.startswith(GENERATION):
        # It was kept before links led anywhere; approved versions are not written to again.
        kept = _read_again(version) or kept
    return at_version(kept, version.get_absolute_url())


def rendered_file(version: Version, path: str, data: bytes) -> str:
    """The file at PATH of VERSION, "" where it is no Markdown or cannot be read as such now."""
    if not path.lower().endswith(MARKDOWN) or len(data) > _MOST_BYTES or b"\0" in data:
        return ""
    return at_version(_read(version, path, data), version.get_absolute_url())


def _read_again(version: Version) -> str:
    try:
        return _read(version, FILE, file_bytes(version, file_of(version, FILE)))
    except Refused:
        return ""


def _read(version: Version, path: str, data: bytes) -> str:
    key = f"markdown:{GENERATION}:{version.digest}:{path}"
    if (kept := soft_cache.get(key)) is not None:
        return kept
    sizes = dict(version.files.values_list("path", "size"))
    try:
        html = run_limited(_LIMITS, read_markdown, data, path, sizes)
    except Unavailable:  # all readers are busy: another time it may be read
        return ""
    except (LimitReached, ReadingFailed):
        # Else whoever reloads the page would keep the readers from everybody.
        soft_cache.put(key, "", _UNREAD_SECONDS)
        return ""
    soft_cache.put(key, html, _KEPT_SECONDS)
    return html
