"""Where a remark stands: some lines of a file, on either side of a comparison, or the whole version."""

from dataclasses import dataclass

from skills.catalog.models import File, Version
from skills.lib.errors import missing, refuse

_LAST = 10_000_000  # no text of a bundle has so many lines
_MOST_LINES = 500  # of one remark


@dataclass(frozen=True, kw_only=True)
class LinePlace:
    """Lines `first` to `line` of the file at `path`; 0 for `first` is one line alone.

    `base` is set where the lines are of the text before: they stand in the file of that version. Whoever made
    the place has checked that its maker reads `base`.
    """

    path: str = ""
    first: int = 0
    line: int = 0
    base: Version | None = None


WHOLE = LinePlace()


def checked(place: LinePlace, version: Version) -> LinePlace:
    """PLACE as it is kept for a remark on VERSION; raises Missing where there is no such file."""
    if not place.path:
        return WHOLE
    if place.base is not None and place.base.skill_id != version.skill_id:
        raise missing()
    base = None if place.base == version else place.base
    if not File.objects.filter(version=base or version, path=place.path).exists():
        raise missing()
    first = 0 if place.first == place.line else place.first
    if place.line > _LAST or first > place.line or (first and place.line - first >= _MOST_LINES):
        text = f"Lines {place.first} to {place.line} are no lines to comment on."
        raise refuse("bad_lines", text, f"Name the first line before the last, and at most {_MOST_LINES}.")
    return LinePlace(path=place.path, first=first if place.line else 0, line=place.line, base=base)
