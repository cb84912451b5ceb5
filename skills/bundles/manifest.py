"""What SKILL.md says about itself, after the Agent Skills specification (agentskills.io)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import msgspec

from skills.bundles.benchmarks import OutsideBenchmark, read_benchmarks
from skills.bundles.catalogue_words import DESCRIPTION_LENGTH, CatalogueWords, catalogue_words
from skills.bundles.eval_cases import Evals
from skills.bundles.evals import read_evals
from skills.bundles.front_matter_rows import FrontMatterRow, front_matter_rows
from skills.bundles.frontmatter import FILE, FrontMatter, read_front_matter
from skills.bundles.limits import BundleLimits
from skills.bundles.names import NAME, NAME_LENGTH
from skills.bundles.portability import CODE as PORTABILITY
from skills.bundles.portability import (
    COMPATIBILITY_LENGTH,
    LICENSE_LENGTH,
    SPECIFIED,
    portability_notes,
    usual_spelling,
)
from skills.bundles.tools import ToolDefinition, allowed_tools, read_tools
from skills.lib.errors import Problem, ProblemSeverity
from skills.lib.json_values import Json, JsonObject
from skills.lib.tokens import estimate

_RESERVED_WORDS = ("anthropic", "claude")
_LONG_BODY = 5_000  # tokens the specification advises as the most
# Claude Code runs !`command` in a line, and a block that starts with ```!, while it loads the file.
_RUN_ON_LOAD = re.compile(r"(?<!\S)!`[^`]+`|^```!", re.MULTILINE)
_XML_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_MOST_TAGS = 20
_TAG_LENGTH = 40  # characters; the column of the catalogue holds as many
_TAG_FIELDS = ("tags", "keywords", "topics")


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The parsed faces of a skill: prompt, tools and evals. Stored as JSON with upload and version.

    `name` and `description` are the catalogue's, `front_matter` is its text as written, and `version` the
    number that it names, as written.
    """

    name: str = ""
    description: str = ""
    license: str = ""
    compatibility: str = ""
    version: str = ""
    # As JSON text: PostgreSQL would sort its keys and write numbers otherwise than the file, and the limited
    # child that reads it could not hand over a number of more than 64 bits.
    fields_json: str = "{}"
    front_matter: str = ""
    allowed_tools: tuple[str, ...] = ()
    # Whether SKILL.md has what every reader of the specification asks for: front matter at its beginning that
    # is YAML, with a valid name and a description within the limit. Hosts that check it refuse the rest.
    is_to_the_letter: bool = True
    notes: tuple[Problem, ...] = ()
    tools: tuple[ToolDefinition, ...] = ()
    scripts: tuple[str, ...] = ()
    evals: Evals = field(default_factory=Evals)
    benchmarks: tuple[OutsideBenchmark, ...] = ()  # measured elsewhere
    catalogue_tokens: int = 0
    body_tokens: int = 0
    body_lines: int = 0

    def as_json(self) -> dict[str, Any]:
        """What is stored; `from_json` reads it."""
        row: dict[str, Any] = msgspec.to_builtins(self)
        row["notes"] = [note.as_dict() for note in self.notes]
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read a stored manifest. A removed version has an empty one, whose fields are all empty."""
        front_matter = row.get("front_matter", "")
        return cls(
            name=row.get("name", ""),
            description=row.get("description", ""),
            license=row.get("license", ""),
            compatibility=row.get("compatibility", ""),
            version=row.get("version", row.get("metadata", {}).get("version", "")),
            fields_json=row.get("fields_json") or _fields_json(front_matter),
            front_matter=front_matter,
            allowed_tools=tuple(row.get("allowed_tools", ())),
            is_to_the_letter=row.get("is_to_the_letter", True),
            notes=tuple(map(Problem.from_dict, row.get("notes", ()))),
            tools=tuple(map(ToolDefinition.from_json, row.get("tools", ()))),
            scripts=tuple(row.get("scripts", ())),
            evals=Evals.from_json(row.get("evals", {})),
            benchmarks=tuple(map(OutsideBenchmark.from_json, row.get("benchmarks", ()))),
            catalogue_tokens=row.get("catalogue_tokens", 0),
            body_tokens=row.get("body_tokens", 0),
            body_lines=row.get("body_lines", 0),
        )

    def named(self, name: str) -> Self:
        """The same under another NAME of the catalogue; SKILL.md says what it said."""
        return replace(self, name=name)

    @cached_property
    def fields(self) -> JsonObject:
        """What a reader of YAML 1.2 has of the front matter, in the order of the file."""
        fields: JsonObject = json.loads(self.fields_json)
        return fields

    @property
    def rows(self) -> list[FrontMatterRow]:
        """The same for people."""
        return front_matter_rows(self.fields)

    @property
    def written_name(self) -> str:
        """The name that SKILL.md says, which the catalogue's may differ from; "" where it says none."""
        name = self.fields.get("name")
        return name if isinstance(name, str) else ""

    @property
    def metadata(self) -> JsonObject:
        metadata = self.fields.get("metadata")
        return metadata if isinstance(metadata, dict) else {}

    @property
    def other(self) -> JsonObject:
        """The fields that the specification does not know."""
        return {name: value for name, value in self.fields.items() if name not in SPECIFIED}

    @cached_property
    def tags(self) -> list[str]:
        """The author's tags, wherever they stand, as lower-case words in alphabetical order."""
        # In the metadata, beside the name, or in what one client keeps in the metadata (openclaw).
        nested = [value for value in self.metadata.values() if isinstance(value, dict)]
        written = [
            words
            for place in (self.metadata, self.fields, *nested)
            for name in _TAG_FIELDS
            for words in _words(place.get(name))
        ]
        return sorted({_tag(word) for word in written} - {""})[:_MOST_TAGS]


def _fields_json(front_matter: str) -> str:
    """The fields of a version that was published before they were stored."""
    if not front_matter:
        return "{}"
    return json.dumps(read_front_matter(f"---\n{front_matter}\n---\n", BundleLimits()).fields)


def _words(value: Json) -> list[str]:
    """Text split at commas and semicolons, or the texts of a list."""
    if isinstance(value, str):
        return re.split(r"[,;]", value)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _tag(text: str) -> str:
    words = re.sub(r"\s+", "-", text.strip().lower())
    return re.sub(r"[^\w-]", "", words)[:_TAG_LENGTH]


def read_manifest(
    matter: FrontMatter, files: Mapping[str, bytes], folder: str = ""
) -> tuple[Manifest, list[Problem]]:
    """The manifest and everything wrong with it; FOLDER may name a skill whose SKILL.md does not."""
    words = catalogue_words(matter, folder)
    notes = [*map(_as_warning, matter.problems), *words.problems, *portability_notes(matter)]
    body_tokens = estimate(matter.body)
    notes += _matter_warnings(matter, words, body_tokens)
    tools, tool_problems = read_tools(files)
    benchmarks, benchmark_problems = read_benchmarks(files)
    measured = {benchmark.path for benchmark in benchmarks}
    evals, eval_problems = read_evals({path: files[path] for path in files if path not in measured})
    manifest = Manifest(
        name=words.name,
        description=words.description,
        license=words.license[:LICENSE_LENGTH],
        compatibility=words.compatibility[:COMPATIBILITY_LENGTH],
        version=words.version,
        fields_json=json.dumps(matter.fields),
        front_matter=matter.raw,
        allowed_tools=tuple(_granted(matter.fields)),
        is_to_the_letter=_is_to_the_letter(matter),
        notes=tuple(notes),
        tools=tuple(tools),
        scripts=tuple(path for path in sorted(files) if path.startswith("scripts/")),
        evals=evals,
        benchmarks=benchmarks,
        catalogue_tokens=estimate(f"{words.name} {words.description}"),
        body_tokens=body_tokens,
        body_lines=matter.body.count("\n") + 1,
    )
    return manifest, [*notes, *tool_problems, *benchmark_problems, *eval_problems]


def _as_warning(problem: Problem) -> Problem:
    """What is wrong with front matter that can be read line by line, as some agents do."""
    text = f"{problem.text} Agents that want YAML do not load this skill."
    return replace(problem, text=text, severity=ProblemSeverity.WARNING)


def _is_to_the_letter(matter: FrontMatter) -> bool:
    if matter.problems or matter.before:
        return False
    name, description = matter.fields.get("name"), matter.fields.get("description")
    return (
        isinstance(name, str)
        and NAME.fullmatch(name) is not None
        and len(name) <= NAME_LENGTH
        and isinstance(description, str)
        and description.strip() != ""
        and len(description) <= DESCRIPTION_LENGTH
    )


def _granted(fields: Mapping[str, Json]) -> list[str]:
    """What `allowed-tools` grants in any spelling: a reviewer weighs what some agent may read."""
    return [
        tool
        for name, value in fields.items()
        if usual_spelling(name) == "allowed-tools" and isinstance(value, str | list)
        for tool in allowed_tools(value)
    ]


def _matter_warnings(matter: FrontMatter, words: CatalogueWords, body_tokens: int) -> list[Problem]:
    """What some agents refuse, or do, although the specification allows it."""
    problems: list[Problem] = []

    def tell(code: str, field_name: str, text: str, remedy: str, severity: ProblemSeverity) -> None:
        line = matter.lines.get(field_name, 1)
        problems.append(Problem(code, text, remedy, file=FILE, line=line, severity=severity))

    if any(word in words.name for word in _RESERVED_WORDS):
        text = "Anthropic's API refuses names with `claude` or `anthropic`."
        tell(PORTABILITY, "name", text, "Choose another name.", ProblemSeverity.NOTE)
    if _XML_TAG.search(words.description):
        text = "`description` holds an XML tag, which some agents refuse."
        tell(PORTABILITY, "description", text, "Write it without < and >.", ProblemSeverity.NOTE)
    if not matter.body.strip():
        # With a description an agent at least knows what the skill is for.
        is_empty = "description" not in matter.fields
        text = "SKILL.md has no text after its front matter."
        tell(
            "empty_body",
            "",
            text,
            "Write it.",
            ProblemSeverity.ERROR if is_empty else ProblemSeverity.WARNING,
        )
    if body_tokens > _LONG_BODY:
        text = f"SKILL.md costs about {body_tokens:,} tokens; more than {_LONG_BODY:,} is a lot."
        tell("long_body", "", text, "Move detail into references/.", ProblemSeverity.WARNING)
    if _RUN_ON_LOAD.search(matter.body):
        text = "SKILL.md holds a command that Claude Code runs before the model reads it."
        tell("runs_on_load", "", text, "Call a script instead.", ProblemSeverity.WARNING)
    return problems
