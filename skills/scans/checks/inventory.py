"""Every command, host, environment variable, path and tool a bundle names: the reviewer's table."""

import re
from collections.abc import Mapping
from typing import Any

from skills.bundles.magic import decode

KINDS = ("commands", "hosts", "variables", "paths", "tools")
_MOST = 200  # entries of one kind
_HOST = re.compile(
    r"\b(?:https?|wss?|ftp|ssh)://(?:[^\s/@:]{1,64}@)?([A-Za-z0-9.-]{3,120}|\[[0-9a-fA-F:]+\])"
)
_VARIABLE = re.compile(
    r"\$\{?([A-Z][A-Z0-9_]{2,60})\b|(?:environ(?:\.get)?\s?[\[(]\s?|getenv\s?\(\s?|process\.env\.?\[?)[\"']?([A-Za-z_][A-Za-z0-9_]{1,60})"
)
_PATH = re.compile(r"(?<![\w/:.])((?:~|\$HOME|\.{1,2})?/(?:[\w.@-]+/)*[\w.@-]{2,})")
_FENCE = re.compile(
    r"^[ \t]*```[ \t]*(bash|sh|shell|console|zsh|powershell)?[ \t]*\n(.*?)^[ \t]*```",
    re.DOTALL | re.MULTILINE,
)
_COMMAND = re.compile(r"(?:^|[;&|]\s*|\$\(|`)\s*(?:\$\s+)?(?:sudo\s+)?([a-z][\w.-]{1,30})(?=\s|$)")
_WORDS = frozenset(
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


def take(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """For each kind: what was found, mapped to the first place ("file:line") that names it."""
    found: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for path, data in sorted(files.items(), key=lambda item: (item[0] != "SKILL.md", item[0])):
        text = decode(data)
        if text is None or path.startswith("evals/"):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            _line(found, line[:4_000], f"{path}:{number}")
        for command, number in _commands(path, text):
            _add(found["commands"], command, f"{path}:{number}")
    for tool in [*manifest.get("allowed_tools", []), *_tool_names(manifest)]:
        _add(found["tools"], tool, "manifest")
    return {kind: dict(sorted(items.items())) for kind, items in found.items()}


def _tool_names(manifest: Mapping[str, Any]) -> list[str]:
    return [str(tool["name"]) for tool in manifest.get("tools", [])]


def _line(found: dict[str, dict[str, str]], line: str, place: str) -> None:
    for match in _HOST.finditer(line):
        _add(found["hosts"], match.group(1).lower().rstrip("."), place)
    if "$" in line or "env" in line:
        for match in _VARIABLE.finditer(line):
            _add(found["variables"], match.group(1) or match.group(2), place)
    if "/" in line:
        for match in _PATH.finditer(line):
            if match.group(1).startswith(("~", "$HOME", "/")):
                _add(found["paths"], match.group(1), place)


def _commands(path: str, text: str) -> list[tuple[str, int]]:
    if path.endswith(_SHELL_FILES):
        blocks = [(text, 1)]
    else:
        blocks = [
            (match.group(2), text.count("\n", 0, match.start(2)) + 1) for match in _FENCE.finditer(text)
        ]
    return [
        (match.group(1), start + number)
        for block, start in blocks
        for number, line in enumerate(block.splitlines())
        if not line.lstrip().startswith("#")
        for match in _COMMAND.finditer(line)
        if match.group(1) not in _WORDS
    ]


def _add(items: dict[str, str], value: str, place: str) -> None:
    if len(items) < _MOST:
        items.setdefault(value[:120], place)


def changes(
    old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, list[str]]]:
    """Per kind what the new bundle names that the old one did not, and the reverse."""
    return {
        kind: {
            "added": sorted(set(new.get(kind, {})) - set(old.get(kind, {}))),
            "gone": sorted(set(old.get(kind, {})) - set(new.get(kind, {}))),
        }
        for kind in KINDS
    }
