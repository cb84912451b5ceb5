"""Which files of a bundle are taken for text: what an agent reads or runs, a reviewer must be able to read.

A shell runs a script that holds a NUL byte, and an agent reads Latin-1; a page shows both in hex only. So
what runs is refused where it is not UTF-8, and of anything else the reviewer is told.
"""

import re
from pathlib import PurePosixPath

from skills.bundles.frontmatter import FILE
from skills.lib.errors import Problem, ProblemSeverity

_FOLDERS = ("scripts/", "references/", "evals/")
_ASSETS = "assets/"
# Programs are text wherever they lie, also under assets/: a name is all it takes to run them.
_PROGRAM_SUFFIX = re.compile(
    r"\.(bash|bat|c|cc|cjs|clj|cmd|command|cpp|cs|csh|dart|exs?|fish|go|groovy|h|hpp|hs|java|jl|jsx?|ksh|kt"
    r"|lua|m|mjs|mts|php|p[lm]|psm?1|pyi?|pyw|r|rb|rs|scala|sh|sql|swift|tcl|tsx?|vbs?|zsh)"
)
_TEXT_SUFFIX = re.compile(
    r"\.(adoc|cfg|conf|css|csv|diff|env|graphql|html?|ini|ipynb|j2|json|json5|jsonc|jsonl|less|lock|log"
    r"|markdown|md|mdc|mdx|mustache|ndjson|org|patch|properties|proto|rst|scss|srt|svelte|svg|tex|text|tf|tmpl"
    r"|toml|tsv|txt|vtt|vue|xml|ya?ml)"
)
# What documents quote and cases start with: a picture lies beside the reference that shows it.
_MEDIA: dict[str, tuple[bytes, ...]] = {
    ".avif": (b"\0\0\0 ftypavif", b"\0\0\0\x1cftypavif"),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".ico": (b"\0\0\1\0",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".jpg": (b"\xff\xd8\xff",),
    ".mp3": (b"ID3", b"\xff\xfb"),
    ".otf": (b"OTTO",),
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".ttf": (b"\0\1\0\0",),
    ".wav": (b"RIFF",),
    ".webp": (b"RIFF",),
    ".woff": (b"wOFF",),
    ".woff2": (b"wOF2",),
}
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NO_LETTER = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")  # bytes that no text of any encoding holds


def is_program(path: str, data: bytes) -> bool:
    """Whether this is something to run: by its folder, its suffix or its first line."""
    has_suffix = _PROGRAM_SUFFIX.fullmatch(_suffix(path)) is not None
    return has_suffix or path.startswith("scripts/") or data.startswith(b"#!")


def must_be_text(path: str, data: bytes) -> bool:
    """Whether agents and people take the file at PATH for text."""
    if is_program(path, data):
        return True
    if path.startswith(_ASSETS):
        return False
    suffix = _suffix(path)
    if not suffix or _TEXT_SUFFIX.fullmatch(suffix):
        return True
    return path.startswith(_FOLDERS) and not data.startswith(_MEDIA.get(suffix, ()))


def is_medium_by_name(path: str) -> bool:
    """Whether the suffix says that it is a picture, a font, a sound or a PDF."""
    return _suffix(path) in _MEDIA


def text_problem(path: str, data: bytes) -> Problem | None:
    """What keeps DATA from being text where it is taken for text, with the byte to look at and the way out.

    An error where somebody would run or obey what no reviewer can read, else a warning.
    """
    if not must_be_text(path, data):
        return None
    place = _first_fault(data)
    if place is None:
        return None
    if not is_text_by_name(path, data):
        text = f"{path} is no text, and lies where agents look for text; people see it in hex only."
        return Problem(
            "binary_file", text, "Move it to assets/.", file=path, severity=ProblemSeverity.WARNING
        )
    line = data.count(b"\n", 0, place) + 1
    what = "a NUL byte" if data[place] == 0 else f"the byte 0x{data[place]:02X}"
    text = f"{path} is not UTF-8 text: {what} stands at offset {place:,} (line {line:,})."
    remedy, severity = _way_out(path, data), _severity(path, data)
    return Problem("not_text", text, remedy, file=path, line=line, severity=severity)


def is_text_by_name(path: str, data: bytes) -> bool:
    """Whether a name or a first line says that it is text, not only its folder."""
    suffix = _suffix(path)
    return (
        not suffix
        or data.startswith(b"#!")
        or _PROGRAM_SUFFIX.fullmatch(suffix) is not None
        or _TEXT_SUFFIX.fullmatch(suffix) is not None
    )


def _severity(path: str, data: bytes) -> ProblemSeverity:
    """A text in an encoding of the past shows its letters in hex; one with other bytes between hides them."""
    runs = not _suffix(path) or _PROGRAM_SUFFIX.fullmatch(_suffix(path)) or data.startswith(b"#!")
    if path == FILE or runs or not _encoding(data):
        return ProblemSeverity.ERROR
    return ProblemSeverity.WARNING


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower()


def _first_fault(data: bytes) -> int | None:
    """The offset of the first byte that no UTF-8 text has; None in a text."""
    nul = data.find(b"\0")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start if nul < 0 else min(nul, error.start)
    return nul if nul >= 0 else None


def _encoding(data: bytes) -> str:
    """Which encoding of the past DATA seems to have, "" where it has bytes that no text has."""
    if data.startswith(UTF16_MARKS):
        return "UTF-16" if _decodes(data, "utf-16") else ""
    return "" if _NO_LETTER.search(data) else "WINDOWS-1252"


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        return "\0" not in data.decode(encoding)
    except UnicodeDecodeError:
        return False


def _way_out(path: str, data: bytes) -> str:
    """How to make the file text, by what it seems to be."""
    encoding = _encoding(data)
    if encoding:
        command = f"iconv -f {encoding} -t UTF-8 {path}"
        return (
            f"Save it as UTF-8; `{command}` converts it if it is {encoding}. What is no text goes to assets/."
        )
    return "Remove the NUL bytes. What is no text, like a picture, goes to assets/."
