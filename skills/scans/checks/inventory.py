"""Every command, host, environment variable, path and tool a bundle names: the reviewer's table."""

import re
from collections.abc import Iterator, Mapping
from typing import TypedDict

from skills.bundles.binary import legible
from skills.bundles.manifest import Manifest
from skills.lib.progress import reading

KINDS = ("commands", "hosts", "variables", "paths", "tools")
Inventory = dict[str, dict[str, str]]
"""For each of KINDS: what is named, mapped to the first place ("file:line") that names it."""

_MOST_ENTRIES = 200  # of one kind
_ENTRY_LENGTH = 120  # characters
_LINE_LENGTH = 4_000  # characters of a line that are read: minified files have lines of megabytes
_HOST = re.compile(
    r"\b(?:https?|wss?|ftp|ssh)://(?:([^\s/\\?#\"<>]*)@)?([A-Za-z0-9.-]{3,120}|\[[0-9a-fA-F:]+\])"
)
_DOTTED_NAME = re.compile(r"(?<![A-Za-z0-9-])[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,10}")
_VARIABLE = re.compile(
    r"\$\{?([A-Z][A-Z0-9_]{2,60})\b"
    r"|(?:environ(?:\.get)?\s?[\[(]\s?|getenv\s?\(\s?|process\.env\.?\[?)[\"']?([A-Za-z_][A-Za-z0-9_]{1,60})"
)
_PATH = re.compile(r"(?<![\w/:.])((?:~|\$HOME|\.{1,2})?/(?:[\w.@-]+/)*[\w.@-]{2,})")
_OUTSIDE_THE_BUNDLE = ("~", "$HOME", "/")  # how a path begins that is worth a reviewer's look
# No two repeats stand side by side in these two: a line of blanks would be divided between them in every way.
_FENCE = re.compile(
    r"^[ \t]*```[ \t]*(?:(?:bash|sh|shell|console|zsh|powershell)[ \t]*)?\n(.*?)^[ \t]*```",
    re.DOTALL | re.MULTILINE,
)
_COMMAND = re.compile(r"(?:^|[;&|]|\$\(|`)\s*(?:\$\s+)?(?:sudo\s+)?([a-z][\w.-]{1,30})(?=\s|$)")
# Words of the shell itself and of prose that stand where a command may stand.
_NO_COMMANDS = frozenset(
    [
        "the",
        "and",
        "for",
        "with",
        "then",
        "else",
        "done",
        "esac",
        "case",
        "from",
        "import",
        "return",
        "true",
        "false",
        "if",
        "in",
        "do",
        "fi",
        "echo",
        "cd",
    ]
)
_SHELL_FILES = (".sh", ".bash", ".zsh")


def take_inventory(files: Mapping[str, bytes], manifest: Manifest) -> Inventory:
    """What the files of a bundle name, SKILL.md first; `evals/` is not read.

    A file that is not text is read as well as anybody could (`bundles/binary.py`).
    """
    inventory: Inventory = {kind: {} for kind in KINDS}
    for path, data in sorted(files.items(), key=lambda item: (item[0] != "SKILL.md", item[0])):
        if path.startswith("evals/"):
            continue
        reading(path)
        text = legible(data)
        for number, line in enumerate(text.splitlines(), 1):
            _read_line(inventory, line[:_LINE_LENGTH], f"{path}:{number}")
        for command, number in _commands(path, text):
            _add(inventory["commands"], command, f"{path}:{number}")
    for tool in (*manifest.allowed_tools, *(definition.name for definition in manifest.tools)):
        _add(inventory["tools"], tool, "manifest")
    return {kind: dict(sorted(entries.items())) for kind, entries in inventory.items()}


def _read_line(inventory: Inventory, line: str, place: str) -> None:
    for match in _HOST.finditer(line):
        # A name before an @ is no host for a browser, but looks like one: the reviewer sees both.
        for host in (*_DOTTED_NAME.findall(match.group(1) or ""), match.group(2)):
            _add(inventory["hosts"], host.lower().rstrip("."), place)
    # The cheap tests spare most lines the regular expressions.
    if "$" in line or "env" in line:
        for match in _VARIABLE.finditer(line):
            _add(inventory["variables"], match.group(1) or match.group(2), place)
    if "/" in line:
        for match in _PATH.finditer(line):
            if match.group(1).startswith(_OUTSIDE_THE_BUNDLE):
                _add(inventory["paths"], match.group(1), place)


def _commands(path: str, text: str) -> Iterator[tuple[str, int]]:
    """(command, line) of a shell script, or of the fenced blocks of any other text."""
    for block, first_line in _shell_blocks(path, text):
        for number, line in enumerate(block.splitlines(), first_line):
            if line.lstrip().startswith("#"):
                continue
            for match in _COMMAND.finditer(line):
                if match.group(1) not in _NO_COMMANDS:
                    yield match.group(1), number


def _shell_blocks(path: str, text: str) -> Iterator[tuple[str, int]]:
    """(text, number of its first line) of everything in a file that is shell code."""
    if path.endswith(_SHELL_FILES):
        yield text, 1
        return
    line, counted_to = 1, 0
    for match in _FENCE.finditer(text):
        # Counts on from the last block, so that each byte is read once however many blocks there are.
        line += text.count("\n", counted_to, match.start(1))
        counted_to = match.start(1)
        yield match.group(1), line


def _add(entries: dict[str, str], value: str, place: str) -> None:
    if len(entries) < _MOST_ENTRIES:
        entries.setdefault(value[:_ENTRY_LENGTH], place)


class InventoryChange(TypedDict):
    """What one kind of the new bundle names that the old one did not, and the reverse; both sorted."""

    added: list[str]
    gone: list[str]


def inventory_changes(
    old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]
) -> dict[str, InventoryChange]:
    """The difference of two inventories, for each of KINDS."""
    return {
        kind: InventoryChange(
            added=sorted(set(new.get(kind, {})) - set(old.get(kind, {}))),
            gone=sorted(set(old.get(kind, {})) - set(new.get(kind, {}))),
        )
        for kind in KINDS
    }
