"""What the catalogue calls a skill: the words of its front matter, or the nearest where these will not do.

The file keeps what it says; only the catalogue's name and description may differ, and a note says so.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Final

from skills.bundles.frontmatter import FILE, FrontMatter, split
from skills.bundles.names import NAME, NAME_LENGTH, catalogue_name
from skills.lib.errors import Problem, ProblemSeverity

DESCRIPTION_LENGTH: Final = 1024  # characters, as the specification has them
_FIELD_LINE = re.compile(r"^(name|description|license|version):(.*)$")
_HEADING = re.compile(r"^#{1,6}[ \t]+(\S.*)$", re.MULTILINE)
_BLOCK_MARKS = frozenset({"|", ">", "|-", ">-", "|+", ">+"})
_HASH_LENGTH = 8


@dataclass(kw_only=True)
class CatalogueWords:
    """The words of the catalogue, and what had to be decided."""

    name: str = ""
    description: str = ""
    license: str = ""
    compatibility: str = ""
    version: str = ""
    problems: list[Problem] = field(default_factory=list)


def catalogue_words(matter: FrontMatter, folder: str) -> CatalogueWords:
    """The words for the skill of MATTER, which lay in FOLDER ("" where nobody knows)."""
    reader = _WordReader(matter, folder)
    reader.read()
    return reader.words


class _WordReader:
    def __init__(self, matter: FrontMatter, folder: str) -> None:
        self.matter = matter
        self.folder = folder
        self.words = CatalogueWords()
        # Of front matter that is no YAML, what its lines say.
        self.written = _fields_by_line(matter) if matter.problems else {}
        heading = _HEADING.search(matter.body)
        self.heading = heading.group(1).strip(" #*`") if heading else ""

    def read(self) -> None:
        self.words.license = self._text("license")
        self.words.compatibility = self._text("compatibility")
        self.words.version = self._version()
        self._name()
        self._description()

    def _text(self, name: str) -> str:
        """The field NAME as text; "" where it is none. A number or a date is the text that was written."""
        scalar = self.matter.scalars.get((name,))
        if scalar is not None and self.matter.fields[name] is not None:
            return _plain(scalar.text)
        return self.written.get(name, "")

    def _description_as_written(self) -> str:
        """The text of the field, or its parts where it is a list of them."""
        value = self.matter.fields.get("description")
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return _plain(" ".join(map(str, value)))
        return self._text("description")

    def _version(self) -> str:
        """The number, in the metadata, where the specification wants it, or beside the name."""
        for path in (("metadata", "version"), ("version",)):
            scalar = self.matter.scalars.get(path)
            if scalar is not None and _plain(scalar.text):
                return _plain(scalar.text)
        return self.written.get("version", "")

    def _name(self) -> None:
        written = self._text("name")
        if NAME.fullmatch(written) and len(written) <= NAME_LENGTH:
            self.words.name = written
            return
        name = next(filter(None, map(catalogue_name, (written, self.folder, self.heading))), "")
        if not name and written:
            name = f"skill-{hashlib.sha256(written.encode(errors='replace')).hexdigest()[:_HASH_LENGTH]}"
        if not name:
            text = "The field `name` is missing."
            self._tell("name_missing", text, "Add: name: my-skill", "name", ProblemSeverity.ERROR)
            return
        self.words.name = name
        if written:
            text = (
                f"SKILL.md says `name: {written[:80]}`; a name has up to {NAME_LENGTH} lower-case letters,"
                f" digits and single hyphens, so the catalogue calls it {name}."
            )
        else:
            text = f"SKILL.md has no `name`; the catalogue calls it {name}."
        self._tell("catalogue_name", text, f"Write: name: {name}", "name", ProblemSeverity.NOTE)

    def _description(self) -> None:
        written = self._description_as_written()
        if not written:
            first = next((line for line in self.matter.body.splitlines() if line.strip(" #-*>`")), "")
            written = self.heading or first.strip(" #*`") or self.words.name.replace("-", " ")
            text = "SKILL.md has no `description`, by which agents choose skills; its text stands for it."
            remedy = "Add: description: What it does. Use when …"
            self._tell("catalogue_description", text, remedy, "description", ProblemSeverity.WARNING)
        elif len(written) > DESCRIPTION_LENGTH:
            text = (
                f"`description` has {len(written):,} characters and the specification allows"
                f" {DESCRIPTION_LENGTH:,}: some agents cut it, some do not load the skill."
            )
            remedy = "Move detail into the body."
            self._tell("description_too_long", text, remedy, "description", ProblemSeverity.WARNING)
        if len(written) > DESCRIPTION_LENGTH:
            written = written[: DESCRIPTION_LENGTH - 1].rstrip() + "…"
        self.words.description = written

    def _tell(self, code: str, text: str, remedy: str, name: str, severity: ProblemSeverity) -> None:
        line = self.matter.lines.get(name, 1)
        self.words.problems.append(Problem(code, text, remedy, file=FILE, line=line, severity=severity))


def _plain(text: str) -> str:
    """TEXT without blanks around it, and without NUL, which an escape may write and PostgreSQL refuses."""
    return text.replace("\0", "").strip()


def _fields_by_line(matter: FrontMatter) -> dict[str, str]:
    """Read `field: anything to the end of the line`, which broken YAML usually means."""
    raw = matter.raw or _unclosed(matter.body)
    fields: dict[str, list[str]] = {}
    last = ""
    for line in raw.splitlines():
        match = _FIELD_LINE.match(line)
        if match:
            last = match.group(1)
            value = match.group(2).strip()
            fields.setdefault(last, ["" if value in _BLOCK_MARKS else value.strip("\"'")])
        elif not line.startswith((" ", "\t")):
            last = ""
        elif last:
            fields[last].append(line.strip())
    return {name: " ".join(filter(None, lines)) for name, lines in fields.items()}


def _unclosed(text: str) -> str:
    """Front matter without its second `---`: the lines up to the first empty one."""
    if not text.startswith("---\n") or split(text) is not None:
        return ""
    return text[4:].partition("\n\n")[0]


def suggest_name(text: str) -> str:
    """TEXT bent into a valid name."""
    return catalogue_name(text) or "my-skill"
