"""Finds what looks like the text of a skill inside of another text, whoever wrote it."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Agents put the number of a line before it.
_NUMBER = r"[ \t]*(?:\d{1,6}[→\t|:] ?)?"
_FENCE = re.compile(rf"^{_NUMBER}---[ \t\r]*$", re.MULTILINE)
_NAME = re.compile(rf"^{_NUMBER}name:[ \t]*(\S[^\r\n]{{0,80}})", re.MULTILINE)
_DESCRIPTION = re.compile(rf"^{_NUMBER}description:", re.MULTILINE)
# Claude Code loads a skill without its front matter, below this line.
_BASE = re.compile(r"^Base directory for this skill: ([^\r\n]{1,500})$", re.MULTILINE)
_HEADING = re.compile(r"^([a-z0-9-]{1,40}/[a-z0-9-]{1,64}) ([^\s]{1,64}) sha256:[0-9a-f]{64}$", re.MULTILINE)
# What agents, and our own `load_skill`, write behind the text of a skill.
_APPENDED = re.compile(r"\n\s{0,9}ARGUMENTS:|\n<system-reminder>|\n</|\n[0-9a-f]{32}>>>")
_LONGEST_HEAD = 20_000  # characters of front matter
_MOST_TEXTS = 20  # of one part
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._:/ -]")
_LONGEST_NAME = 64


@dataclass(frozen=True)
class SkillText:
    """A body, and the name that its front matter or its folder says; `start` is its first character."""

    name: str
    start: int
    body: str


def skill_texts(text: str) -> list[SkillText]:
    """The skills that TEXT holds with front matter, or as Claude Code loads them; the first twenty."""
    starts = sorted([*_with_front_matter(text), *_loaded(text)], key=lambda one: one.start)[:_MOST_TEXTS]
    texts = []
    for index, one in enumerate(starts):
        end = starts[index + 1].begins if index + 1 < len(starts) else len(text)
        texts.append(SkillText(one.name, one.start, _own(text[one.start : end])))
    return texts


def headings(text: str) -> list[tuple[str, str]]:
    """The (team/name, number) of each skill that our own `load_skill` answered with."""
    return [(found[1], found[2]) for found in _HEADING.finditer(text)] if " sha256:" in text else []


def plain_name(written: str) -> str:
    """A name that an agent sent, fit to be kept and shown."""
    return _NOT_IN_A_NAME.sub("", written.strip().strip("\"'"))[:_LONGEST_NAME].strip()


@dataclass(frozen=True)
class _Head:
    """Where front matter, or a line in its place, begins, and the body below it starts."""

    name: str
    begins: int
    start: int


def _with_front_matter(text: str) -> Iterator[_Head]:
    if "name:" not in text or "description:" not in text:
        return
    fences = list(_FENCE.finditer(text))
    for opening, closing in itertools.pairwise(fences):
        if closing.start() - opening.end() > _LONGEST_HEAD:
            continue
        head = text[opening.end() : closing.start()]
        name = _NAME.search(head)
        if name and _DESCRIPTION.search(head):
            yield _Head(plain_name(name[1]), opening.start(), closing.end())


def _loaded(text: str) -> Iterator[_Head]:
    for base in _BASE.finditer(text):
        folder = base[1].strip().replace("\\", "/").rstrip("/").rpartition("/")[2]
        yield _Head(plain_name(folder), base.start(), base.end())


def _own(body: str) -> str:
    """BODY without what an agent appended."""
    appended = _APPENDED.search(body)
    return body[: appended.start()] if appended else body
