"""What the links and pictures of a text in a bundle mean: files of the same version, or what is elsewhere."""

import posixpath
import re
from collections.abc import Mapping
from unicodedata import normalize
from urllib.parse import SplitResult, quote, unquote, urlsplit

from skills.bundles.pictures import is_shown
from skills.lib.markdown import ELSEWHERE, GENERATION, IN_VERSION, Destination, in_text, render

MARKDOWN = (".md", ".markdown", ".mdx")
# Agents put the folder of the skill in their place.
_ROOTS = ("{baseDir}/", "${CLAUDE_SKILL_DIR}/", "${CLAUDE_SKILL_ROOT}/", "$SKILL_DIR/", "${SKILL_DIR}/")
_LINES = re.compile(r"L[0-9]{1,7}(?:-L?[0-9]{1,7})?")
_OUTSIDE = ("http", "https", "mailto")
_NO_ADDRESS = "this is no address"
_LONGEST = 120  # characters of a path in a page


def read_markdown(data: bytes, at: str, sizes: Mapping[str, int]) -> str:
    """The text at the path AT of a bundle as HTML that is kept; SIZES are bytes by path."""
    return GENERATION + render(data.decode("utf-8-sig", "replace"), BundlePlaces(sizes, at))


class BundlePlaces:
    """Places for the text at the path AT of a bundle; SIZES are bytes by path."""

    def __init__(self, sizes: Mapping[str, int], at: str) -> None:
        self._sizes = sizes
        self._folder = posixpath.dirname(at)
        # As one text in one form: an author's keyboard and a zip may write é in two ways.
        self._paths = {normalize("NFC", path): path for path in sizes}
        self._folders = {"": ""}
        for path in sizes:
            folder = path
            while folder := posixpath.dirname(folder):
                self._folders[normalize("NFC", folder)] = folder

    def link(self, written: str) -> Destination:
        parts = _split(written)
        if parts is None:
            return Destination(absent=_NO_ADDRESS)
        if parts.scheme or parts.netloc:
            return _elsewhere(written, parts)
        if not parts.path:
            return Destination(in_text(parts.fragment))
        for path in self._candidates(parts.path):
            if path in self._paths:
                return Destination(f"{IN_VERSION}files/{_file(self._paths[path], parts.fragment)}")
            if path in self._folders:
                folder = quote(self._folders[path], safe="")
                return Destination(f"{IN_VERSION}files/{f'?in={folder}' if folder else ''}")
        return self._absent(parts.path)

    def picture(self, written: str) -> Destination:
        parts = _split(written)
        if parts is None:
            return Destination(absent=_NO_ADDRESS)
        if parts.scheme == "data":
            return Destination(absent="a picture that is written into the text is not shown")
        if parts.scheme or parts.netloc:
            return ELSEWHERE
        for path in self._candidates(parts.path):
            if path in self._paths:
                file = self._paths[path]
                if is_shown(file, self._sizes[file]):
                    return Destination(f"{IN_VERSION}pictures/{quote(file)}")
                return Destination(absent=f"{_short(file)} is not shown here; it is among the files")
        return self._absent(parts.path)

    def _candidates(self, written: str) -> list[str]:
        """The paths that WRITTEN may mean, the likeliest first; none that leads out of the bundle."""
        path = _plain(written)
        for root in _ROOTS:
            path = path.removeprefix(root)
        # Beside the text, as on GitHub; else from the top of the skill, which is where an agent stands.
        meant = [posixpath.join(self._folder, path), path] if not path.startswith("/") else [path.lstrip("/")]
        found = [posixpath.normpath(one or ".") for one in meant]
        return ["" if one == "." else one for one in found if one != ".." and not one.startswith("../")]

    def _absent(self, written: str) -> Destination:
        if not self._candidates(written):
            return Destination(absent=f"{_short(_plain(written))} is outside of the skill")
        return Destination(absent=f"{_short(_plain(written))} is not in this version")


def _split(written: str) -> SplitResult | None:
    try:
        return urlsplit(written)
    except ValueError:
        return None


def _elsewhere(written: str, parts: SplitResult) -> Destination:
    if not parts.scheme:
        return Destination(f"https:{written}")
    if parts.scheme not in _OUTSIDE:
        return Destination(absent=f"{parts.scheme}: is not followed")
    # Browsers read http:/reviews/ as a path of the host they are on.
    if parts.scheme != "mailto" and not parts.netloc:
        return Destination(absent=_NO_ADDRESS)
    return Destination(written)


def _plain(path: str) -> str:
    """PATH as files are called: Windows writes other slashes."""
    return normalize("NFC", unquote(path)).replace("\\", "/")


def _file(path: str, fragment: str) -> str:
    """The address of a file under that of the version, at the line or heading that FRAGMENT names."""
    is_line = _LINES.fullmatch(fragment) is not None
    line = f"#{fragment.partition('-')[0]}" if is_line else ""
    if not path.lower().endswith(MARKDOWN):
        return f"{quote(path)}{line}"
    if is_line:
        return f"{quote(path)}?plain=1{line}"
    return f"{quote(path)}{in_text(fragment) if fragment else ''}"


def _short(path: str) -> str:
    return path if len(path) <= _LONGEST else f"{path[:_LONGEST]}…"
