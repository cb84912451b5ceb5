"""Portability notes: what the specification forbids and some agents read all the same.

A note stops nothing: the bytes stay as they are, and the author learns who will not read them. What the
clients do was taken from their documentation and sources; a client that is not named here was not looked at.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from textwrap import shorten
from typing import Final

from skills.bundles.frontmatter import FILE, FrontMatter
from skills.bundles.yaml_scalars import reads_otherwise_in_yaml_1_1
from skills.lib.errors import Problem, ProblemSeverity
from skills.lib.json_values import Json

CODE: Final = "portability"
SPECIFIED: Final = ("name", "description", "license", "compatibility", "metadata", "allowed-tools")
COMPATIBILITY_LENGTH: Final = 500
LICENSE_LENGTH: Final = 1024  # our own: the specification names no limit, and the catalogue shows one line
_MOST_NAMED = 6  # fields in one note
_MOST_NOTES = 20  # that anybody reads
_LONGEST = 200  # characters of what a note quotes


class Client(StrEnum):
    CLAUDE_CODE = "Claude Code"
    CODEX = "Codex"
    OPENCLAW = "OpenClaw"
    SKILLS_REF = "skills-ref"


_CLAUDE_CODE = (Client.CLAUDE_CODE,)
_OPENCLAW = (Client.OPENCLAW,)
_BOTH = (Client.CLAUDE_CODE, Client.OPENCLAW)
_READERS: Final[dict[str, tuple[Client, ...]]] = {
    "agent": _CLAUDE_CODE,
    "argument-hint": _CLAUDE_CODE,
    "arguments": _CLAUDE_CODE,
    "command-arg-mode": _OPENCLAW,
    "command-dispatch": _OPENCLAW,
    "command-tool": _OPENCLAW,
    "context": _CLAUDE_CODE,
    "disable-model-invocation": _BOTH,
    "effort": _CLAUDE_CODE,
    "homepage": _OPENCLAW,
    "hooks": _CLAUDE_CODE,
    "model": _CLAUDE_CODE,
    "paths": _CLAUDE_CODE,
    "shell": _CLAUDE_CODE,
    "user-invocable": _BOTH,
    "when_to_use": _CLAUDE_CODE,
}
"""Fields outside the specification, as their readers spell them."""


@dataclass(frozen=True, kw_only=True)
class PortabilityNote:
    """What is unusual, who reads it and who does not; `remedy` is for authors who want everybody."""

    about: str
    readers: tuple[Client, ...] = ()
    others: str = ""
    remedy: str = ""
    line: int = 1

    def as_problem(self) -> Problem:
        parts = []
        if self.readers:
            parts.append(f"{' and '.join(self.readers)} read{'s' * (len(self.readers) == 1)} this")
        if self.others:
            parts.append(self.others)
        text = f"{self.about}: {'; '.join(parts)}." if parts else f"{self.about}."
        # PostgreSQL keeps no NUL, which a name of a field may hold as an escape.
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
        return Problem(CODE, text, self.remedy, file=FILE, line=self.line, severity=ProblemSeverity.NOTE)


def portability_notes(matter: FrontMatter) -> list[Problem]:
    """What of the fields of MATTER not every agent reads, in the order of the file."""
    notes = [
        *_beside_the_specification(matter),
        *_of_metadata(matter),
        *_of_texts(matter),
        *_of_allowed_tools(matter),
        *_of_scalars(matter),
    ]
    if matter.before:
        about = "Blanks or a byte order mark stand before the front matter"
        others = "readers that want `---` as the first characters do not find it"
        notes.append(PortabilityNote(about=about, others=others, remedy="Begin the file with `---`."))
    notes.sort(key=lambda note: note.line)
    more = len(notes) - _MOST_NOTES
    if more > 0:
        rest = PortabilityNote(about=f"There are {more:,} more such notes", line=notes[_MOST_NOTES].line)
        notes = [*notes[:_MOST_NOTES], rest]
    return [note.as_problem() for note in notes]


def _spelling(name: str) -> str:
    return name.replace("-", "").replace("_", "").lower()


_KNOWN_SPELLINGS: Final = {_spelling(name): name for name in (*SPECIFIED, *_READERS)}


def usual_spelling(name: str) -> str:
    """The field that NAME means in kebab, snake or camel form; "" where no client knows one."""
    return _KNOWN_SPELLINGS.get(_spelling(name), "")


def _beside_the_specification(matter: FrontMatter) -> Iterator[PortabilityNote]:
    """Fields that clients know, each with its readers; the rest together."""
    unknown: list[str] = []
    for name in matter.fields:
        usual = usual_spelling(name)
        if name in SPECIFIED:
            continue
        if not usual:
            unknown.append(name)
        elif usual == name:
            yield PortabilityNote(
                about=f"`{name}` is no field of the specification",
                readers=_READERS[name],
                others=f"{Client.CODEX} and others ignore it",
                line=matter.lines[name],
            )
        else:
            yield PortabilityNote(
                about=f"`{_cut(name)}` is known as `{usual}`",
                others="in this form most agents ignore it",
                remedy=f"Write `{usual}`.",
                line=matter.lines[name],
            )
    if unknown:
        plural = len(unknown) > 1
        yield PortabilityNote(
            about=f"{_named(unknown)} {'are no fields' if plural else 'is no field'} of the specification",
            others=f"agents ignore {'them' if plural else 'it'}, and {Client.SKILLS_REF} calls it an error",
            remedy="Fields of your own have their place under `metadata`.",
            line=matter.lines[unknown[0]],
        )


def _of_metadata(matter: FrontMatter) -> Iterator[PortabilityNote]:
    metadata = matter.fields.get("metadata")
    if "metadata" not in matter.fields:
        return
    line = matter.lines["metadata"]
    if not isinstance(metadata, dict):
        about = "`metadata` is no map of words to text"
        yield PortabilityNote(about=about, others="agents ignore it", line=line)
        return
    nested = [name for name, value in metadata.items() if isinstance(value, dict | list)]
    if nested:
        yield PortabilityNote(
            about=f"`metadata` holds maps or lists ({_named(nested)}), and the specification has text alone",
            readers=_BOTH,
            others=f"{Client.CODEX} ignores it",
            line=line,
        )
    plain = [name for name, value in metadata.items() if not isinstance(value, str | dict | list)]
    if plain:
        yield PortabilityNote(
            about=f"`metadata` holds values that are no text ({_named(plain)})",
            others="agents that want text refuse or ignore them",
            remedy="Quote them where you mean text.",
            line=line,
        )


def _of_texts(matter: FrontMatter) -> Iterator[PortabilityNote]:
    for name, limit in (("license", LICENSE_LENGTH), ("compatibility", COMPATIBILITY_LENGTH)):
        if name not in matter.fields:
            continue
        value: Json = matter.fields[name]
        line = matter.lines[name]
        if value is None or value in ("", [], {}):
            yield PortabilityNote(about=f"`{name}` is empty", remedy="Fill it, or remove it.", line=line)
        elif not isinstance(value, str):
            others = "agents and the catalogue show none"
            yield PortabilityNote(about=f"`{name}` is no text", others=others, line=line)
        elif len(value) > limit:
            about = f"`{name}` has {len(value):,} characters, and {limit:,} are usual"
            yield PortabilityNote(about=about, others="agents may cut it", line=line)


def _of_allowed_tools(matter: FrontMatter) -> Iterator[PortabilityNote]:
    if "allowed-tools" not in matter.fields:
        return
    value, line = matter.fields["allowed-tools"], matter.lines["allowed-tools"]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        yield PortabilityNote(
            about="`allowed-tools` is a list, and the specification has one line of words",
            readers=_CLAUDE_CODE,
            others="others may grant nothing",
            remedy=f"Write: allowed-tools: {shorten(' '.join(map(str, value)), _LONGEST, placeholder=' …')}",
            line=line,
        )
    elif value is None or value in ("", [], {}):
        yield PortabilityNote(about="`allowed-tools` is empty", remedy="Fill it, or remove it.", line=line)
    elif not isinstance(value, str):
        about = "`allowed-tools` is no line of tool names"
        remedy = "For example: allowed-tools: Read Grep"
        yield PortabilityNote(about=about, others="agents grant nothing by it", remedy=remedy, line=line)


def _of_scalars(matter: FrontMatter) -> Iterator[PortabilityNote]:
    """Values that one agent takes for text and another for a number, a time or true."""
    for path, scalar in matter.scalars.items():
        if scalar.is_plain and reads_otherwise_in_yaml_1_1(scalar.text):
            written = f"{_cut('.'.join(path))}: {scalar.text[:40]}"
            yield PortabilityNote(
                about=f"`{written}` means one thing in YAML 1.2 and another in YAML 1.1",
                others="SkillHub reads YAML 1.2, and agents that read YAML 1.1 see another value",
                remedy="Quote it where you mean text; write true or false where you mean that.",
                line=scalar.line,
            )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _named(names: Iterable[str]) -> str:
    every = [f"`{_cut(name)}`" for name in names]
    more = len(every) - _MOST_NAMED
    return ", ".join(every[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
