"""What SKILL.md says about itself, after the Agent Skills specification (agentskills.io)."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from skills.bundles.eval_cases import Evals
from skills.bundles.evals import read_evals
from skills.bundles.frontmatter import FILE, FrontMatter
from skills.bundles.tools import ToolDefinition, allowed_tools, read_tools
from skills.lib.errors import Problem, ProblemSeverity
from skills.lib.tokens import estimate

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Characters, as the specification has them; our own for `license`, which it does not limit, is the same as
# for the description.
NAME_LENGTH = 64
DESCRIPTION_LENGTH = 1024
COMPATIBILITY_LENGTH = 500
_RESERVED_WORDS = ("anthropic", "claude")
_KNOWN_FIELDS = ("name", "description", "license", "compatibility", "metadata", "allowed-tools")
_LONG_BODY = 5_000  # tokens the specification advises as the most
# Claude Code runs !`command` in a line, and a block that starts with ```!, while it loads the file.
_RUN_ON_LOAD = re.compile(r"(?<!\S)!`[^`]+`|^```!", re.MULTILINE)
_MOST_TAGS = 20
_TAG_LENGTH = 40  # characters; the column of the catalogue holds as many


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The parsed faces of a skill: prompt, tools and evals. Stored as JSON with upload and version.

    `other` keeps the fields of the front matter that we do not know, `front_matter` its text as written.
    """

    name: str = ""
    description: str = ""
    license: str = ""
    compatibility: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    allowed_tools: tuple[str, ...] = ()
    other: dict[str, Any] = field(default_factory=dict)
    front_matter: str = ""
    tools: tuple[ToolDefinition, ...] = ()
    scripts: tuple[str, ...] = ()
    evals: Evals = field(default_factory=Evals)
    catalogue_tokens: int = 0
    body_tokens: int = 0
    body_lines: int = 0

    def as_json(self) -> dict[str, Any]:
        """What is stored; `from_json` reads it."""
        return asdict(self)

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read a stored manifest. A removed version has an empty one, whose fields are all empty."""
        return cls(
            name=row.get("name", ""),
            description=row.get("description", ""),
            license=row.get("license", ""),
            compatibility=row.get("compatibility", ""),
            metadata=dict(row.get("metadata", {})),
            allowed_tools=tuple(row.get("allowed_tools", ())),
            other=dict(row.get("other", {})),
            front_matter=row.get("front_matter", ""),
            tools=tuple(map(ToolDefinition.from_json, row.get("tools", ()))),
            scripts=tuple(row.get("scripts", ())),
            evals=Evals.from_json(row.get("evals", {})),
            catalogue_tokens=row.get("catalogue_tokens", 0),
            body_tokens=row.get("body_tokens", 0),
            body_lines=row.get("body_lines", 0),
        )

    @property
    def version(self) -> str:
        """The number the author wrote into the metadata, if any."""
        return self.metadata.get("version", "")

    @property
    def tags(self) -> list[str]:
        """`metadata.tags`, split at commas and semicolons, as lower-case words in alphabetical order."""
        tags = {_tag(part) for part in re.split(r"[,;]", self.metadata.get("tags", ""))}
        return sorted(tags - {""})[:_MOST_TAGS]


def _tag(text: str) -> str:
    words = re.sub(r"\s+", "-", text.strip().lower())
    return re.sub(r"[^\w-]", "", words)[:_TAG_LENGTH]


def read_manifest(matter: FrontMatter, files: Mapping[str, bytes]) -> tuple[Manifest, list[Problem]]:
    """The manifest and everything wrong with it."""
    fields = matter.fields
    field_problems = _FieldChecker(matter).problems_of_all_fields()
    tools, tool_problems = read_tools(files)
    evals, eval_problems = read_evals(files)
    metadata = fields.get("metadata")
    manifest = Manifest(
        name=_text(fields, "name"),
        description=_text(fields, "description"),
        license=_text(fields, "license"),
        compatibility=_text(fields, "compatibility"),
        metadata={key: str(value) for key, value in metadata.items()} if isinstance(metadata, dict) else {},
        allowed_tools=tuple(allowed_tools(fields.get("allowed-tools", ""))),
        other={key: value for key, value in fields.items() if key not in _KNOWN_FIELDS},
        front_matter=matter.raw,
        tools=tuple(tools),
        scripts=tuple(path for path in sorted(files) if path.startswith("scripts/")),
        evals=evals,
        catalogue_tokens=estimate(f"{fields.get('name')} {fields.get('description')}"),
        body_tokens=estimate(matter.body),
        body_lines=matter.body.count("\n") + 1,
    )
    return manifest, [*field_problems, *tool_problems, *eval_problems]


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name, "")
    return value.strip() if isinstance(value, str) else ""


class _FieldChecker:
    """Checks the front matter field by field, in the order of the specification, and then the body."""

    def __init__(self, matter: FrontMatter) -> None:
        self.matter = matter
        self.fields = matter.fields
        self.problems: list[Problem] = []

    def problems_of_all_fields(self) -> list[Problem]:
        self._check_name()
        self._check_description()
        self._check_text("license", DESCRIPTION_LENGTH)
        self._check_text("compatibility", COMPATIBILITY_LENGTH)
        self._check_metadata()
        self._check_allowed_tools()
        self._check_body()
        return self.problems

    def refuse(
        self,
        code: str,
        field_name: str,
        text: str,
        remedy: str,
        severity: ProblemSeverity = ProblemSeverity.ERROR,
    ) -> None:
        """Add a problem at the line of a field; "" as FIELD_NAME is the body."""
        line = self.matter.lines.get(field_name, 1)
        self.problems.append(Problem(code, text, remedy, file=FILE, line=line, severity=severity))

    def warn(self, code: str, field_name: str, text: str, remedy: str) -> None:
        self.refuse(code, field_name, text, remedy, ProblemSeverity.WARNING)

    def _check_name(self) -> None:
        name = self.fields.get("name")
        if not isinstance(name, str) or not name.strip():
            self.refuse("name_missing", "name", "The field `name` is missing.", "Add: name: my-skill")
            return
        if not NAME.fullmatch(name) or len(name) > NAME_LENGTH:
            text = (
                f"`name` is {name[:80]!r}; it takes up to {NAME_LENGTH} lower-case letters, digits and"
                " single hyphens."
            )
            self.refuse("bad_name", "name", text, f"For example: name: {suggest_name(name)}")
        if any(word in name for word in _RESERVED_WORDS):
            text = "Anthropic's API refuses names with `claude` or `anthropic`."
            self.warn("portability", "name", text, "Choose another name.")

    def _check_description(self) -> None:
        value = self.fields.get("description")
        if not isinstance(value, str) or not value.strip():
            text = "The field `description` is missing: agents choose skills by it."
            remedy = "Add: description: What it does. Use when …"
            self.refuse("description_missing", "description", text, remedy)
            return
        if len(value.strip()) > DESCRIPTION_LENGTH:
            text = f"`description` has {len(value)} characters; at most {DESCRIPTION_LENGTH} are read."
            self.refuse("description_too_long", "description", text, "Move detail into the body.")
        if re.search(r"</?[A-Za-z][^<>]*>", value):
            text = "`description` holds an XML tag, which some agents refuse."
            self.warn("portability", "description", text, "Write it without < and >.")

    def _check_text(self, name: str, limit: int) -> None:
        value = self.fields.get(name)
        if value is None:
            return
        if not isinstance(value, str) or not value.strip() or len(value) > limit:
            text = f"`{name}` is text of 1 to {limit} characters."
            self.refuse("bad_field", name, text, f"Write one line, or remove `{name}`.")

    def _check_metadata(self) -> None:
        value = self.fields.get("metadata")
        if value is None:
            return
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            text = "`metadata` maps words to text; lists and nested maps are not accepted."
            self.refuse("bad_field", "metadata", text, 'For example: metadata: {version: "1.2.0"}')

    def _check_allowed_tools(self) -> None:
        value = self.fields.get("allowed-tools")
        if value is None:
            return
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            text = "`allowed-tools` is a list; the specification has one line of words."
            remedy = f"Write: allowed-tools: {' '.join(value)}"
            self.warn("portability", "allowed-tools", text, remedy)
        elif not isinstance(value, str):
            text = "`allowed-tools` is one line of tool names."
            self.refuse("bad_field", "allowed-tools", text, "For example: allowed-tools: Read Grep")

    def _check_body(self) -> None:
        body = self.matter.body
        if not body.strip():
            self.refuse("empty_body", "", "SKILL.md has no text after its front matter.", "Write it.")
        if estimate(body) > _LONG_BODY:
            text = f"SKILL.md costs about {estimate(body):,} tokens; more than {_LONG_BODY:,} is a lot."
            self.warn("long_body", "", text, "Move detail into references/.")
        if _RUN_ON_LOAD.search(body):
            text = "SKILL.md holds a command that Claude Code runs before the model reads it."
            self.warn("runs_on_load", "", text, "Call a script instead.")


def suggest_name(text: str) -> str:
    """TEXT bent into a valid name."""
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return words[:NAME_LENGTH].strip("-") or "my-skill"
