"""Paths that SKILL.md or a program names and the bundle does not hold: an agent would look for them in vain.

Told are links of Markdown, and paths in the folders of the specification (scripts/, references/, assets/).
Any other path may as well be one of the project that the agent works on.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from skills.bundles.frontmatter import FILE
from skills.bundles.magic import decode
from skills.bundles.text_places import is_program
from skills.lib.errors import Problem, ProblemSeverity
from skills.lib.progress import reading

_MOST = 20  # that are told of one file
_LONGEST_LINE = 4_000  # characters of a line that are read: minified files have lines of megabytes
_LINK = re.compile(r"\]\(<?([^\s()<>]{1,300})>?(?:[ \t]{1,100}[\"'(][^)]{0,200})?\)")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:")
# Behind the folder of the skill, as the clients write it, or at the beginning of a word.
_NAMED = re.compile(
    r"(?:(?<![\w/.$}{>~*\\-])|(?<=\{baseDir\}/)|(?<=\{CLAUDE_SKILL_DIR\}/)|(?<=\{SKILL_DIR\}/)"
    r"|(?<=[\" `]\./))"
    r"((?:scripts|references|assets)/(?:[\w.-]{1,80}/){0,5}[\w-][\w.-]{0,80}\.[A-Za-z][A-Za-z0-9]{0,5})(?!\.?[\w/*{<$(-])"
)
_PLACEHOLDER = re.compile(
    r"(?i)[{}<>$*|…]|\.\.\.|x{3}|your|example|placeholder|filename|foo|bar\b|my[-_]|path/to"
)
# A line that says so speaks of a file that is to be made, or of none in particular.
_OF_ANOTHER = re.compile(
    r"(?i)\b(examples?|e\.g\.|create[sd]?|creating|copy|generates?|saves?|writes?|would be|such as)(?!\w)"
)
_FENCE = ("```", "~~~")


def dead_references(files: Mapping[str, bytes]) -> list[Problem]:
    """A warning for each path that FILES (path to bytes) name and do not hold, once a file."""
    places = _places(files)
    problems: list[Problem] = []
    for path, data in sorted(files.items(), key=lambda item: (item[0] != FILE, item[0])):
        if path != FILE and not is_program(path, data):
            continue
        reading(path)
        named = _named_in_markdown if path == FILE else _named_in_program
        told: set[str] = set()
        for target, line in named(decode(data) or ""):
            if len(told) < _MOST and target not in told and not _is_there(target, path, places):
                told.add(target)
                text = f"{path} names {target}, which is not in the bundle."
                remedy = "Add the file, or correct its path."
                problems.append(
                    Problem(
                        "dead_reference", text, remedy, file=path, line=line, severity=ProblemSeverity.WARNING
                    )
                )
    return problems


def _places(files: Mapping[str, bytes]) -> frozenset[str]:
    """The paths of all files and folders, in lower case: many systems do not tell letters apart."""
    places = {"", "."}
    for path in files:
        parts = path.lower().split("/")
        places |= {"/".join(parts[:depth]) for depth in range(1, len(parts) + 1)}
    return frozenset(places)


def _is_there(target: str, named_by: str, places: frozenset[str]) -> bool:
    """Whether TARGET, from the top of the bundle or from the folder of the file that names it, is there."""
    here = posixpath.dirname(named_by)
    return any(
        posixpath.normpath(posixpath.join(folder, target)).lower() in places
        for folder in {"", here, "scripts"}
    )


def _named_in_markdown(text: str) -> Iterator[tuple[str, int]]:
    is_code = False
    for number, line in enumerate(text.splitlines(), 1):
        if "`" in line or "~" in line:
            is_code ^= line.lstrip().startswith(_FENCE)
        # The cheap tests spare most lines the regular expressions.
        if "](" in line and not is_code:
            yield from ((target, number) for target in _links(line[:_LONGEST_LINE]))
        if "s/" in line:
            yield from ((target, number) for target in _paths(line[:_LONGEST_LINE]))


def _named_in_program(text: str) -> Iterator[tuple[str, int]]:
    for number, line in enumerate(text.splitlines(), 1):
        if "s/" in line:
            yield from ((target, number) for target in _paths(line[:_LONGEST_LINE]))


def _links(line: str) -> Iterator[str]:
    for match in _LINK.finditer(line):
        target = unquote(match.group(1)).partition("#")[0].partition("?")[0]
        is_local = target and not target.startswith(("/", "~", "@")) and not _SCHEME.match(target)
        if is_local and ("." in target or "/" in target) and not _PLACEHOLDER.search(target):
            yield target


def _paths(line: str) -> Iterator[str]:
    is_likely = "scripts/" in line or "references/" in line or "assets/" in line
    if is_likely and not _OF_ANOTHER.search(line):
        yield from (target for target in _NAMED.findall(line) if not _PLACEHOLDER.search(target))
