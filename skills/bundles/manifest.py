"""What SKILL.md says about itself, after the Agent Skills specification (agentskills.io)."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from skills.bundles.evals import Evals, read_evals
from skills.bundles.frontmatter import FILE, FrontMatter
from skills.bundles.tools import ToolDefinition, allowed_tools, read_tools
from skills.lib.errors import Problem
from skills.lib.tokens import estimate

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
NAME_LENGTH, DESCRIPTION_LENGTH, COMPATIBILITY_LENGTH = 64, 1024, 500
_RESERVED_WORDS = ("anthropic", "claude")
_KNOWN = ("name", "description", "license", "compatibility", "metadata", "allowed-tools")
_LONG_BODY = 5_000  # tokens the specification advises as the most
_SHELL = re.compile(r"(?<!\S)!`[^`]+`|^```!", re.MULTILINE)


@dataclass(frozen=True)
class Manifest:
    """The parsed faces of a skill: prompt, tools and evals. Serialised on the version."""

    name: str
    description: str
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
        return asdict(self)

    @property
    def version(self) -> str:
        """The number the author wrote into the metadata, if any."""
        return self.metadata.get("version", "")

    @property
    def tags(self) -> list[str]:
        """`metadata.tags`, split at commas, as lower-case words of at most 40 characters."""
        raw = self.metadata.get("tags", "")
        words = (re.sub(r"\s+", "-", part.strip().lower()) for part in re.split(r"[,;]", raw))
        tags = (re.sub(r"[^\w-]", "", word)[:40] for word in words)
        return sorted({tag for tag in tags if tag})[:20]


def read_manifest(matter: FrontMatter, files: Mapping[str, bytes]) -> tuple[Manifest, list[Problem]]:
    """The manifest and everything wrong with it, fields in the order of the specification."""
    fields = matter.fields
    check = _Checker(matter)
    check.name()
    check.description()
    check.text_field("license", DESCRIPTION_LENGTH)
    check.text_field("compatibility", COMPATIBILITY_LENGTH)
    check.metadata()
    check.tools_field()
    check.body()
    tools, tool_problems = read_tools(files)
    evals, eval_problems = read_evals(files)
    metadata = fields.get("metadata")
    manifest = Manifest(
        name=_text(fields, "name"),
        description=_text(fields, "description"),
        license=_text(fields, "license"),
        compatibility=_text(fields, "compatibility"),
        metadata={k: str(v) for k, v in metadata.items()} if isinstance(metadata, dict) else {},
        allowed_tools=tuple(allowed_tools(fields.get("allowed-tools", ""))),
        other={key: value for key, value in fields.items() if key not in _KNOWN},
        front_matter=matter.raw,
        tools=tuple(tools),
        scripts=tuple(path for path in sorted(files) if path.startswith("scripts/")),
        evals=evals,
        catalogue_tokens=estimate(f"{fields.get('name')} {fields.get('description')}"),
        body_tokens=estimate(matter.body),
        body_lines=matter.body.count("\n") + 1,
    )
    return manifest, [*check.problems, *tool_problems, *eval_problems]


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, "")
    return value.strip() if isinstance(value, str) else ""


class _Checker:
    def __init__(self, matter: FrontMatter) -> None:
        self.matter = matter
        self.fields = matter.fields
        self.problems: list[Problem] = []

    def add(self, code: str, name: str, text: str, remedy: str, severity: str = "error") -> None:
        line = self.matter.lines.get(name, 1)
        self.problems.append(Problem(code, text, remedy, FILE, line, severity))

    def name(self) -> None:
        name = self.fields.get("name")
        if not isinstance(name, str) or not name.strip():
            self.add("name_missing", "name", "The field `name` is missing.", "Add: name: my-skill")
            return
        if not NAME.fullmatch(name) or len(name) > NAME_LENGTH:
            text = f"`name` is {name[:80]!r}; it takes up to {NAME_LENGTH} lower-case letters, digits and single hyphens."
            self.add("bad_name", "name", text, f"For example: name: {suggest_name(name)}")
        if any(word in name for word in _RESERVED_WORDS):
            text = "Anthropic's API refuses names with `claude` or `anthropic`."
            self.add("portability", "name", text, "Choose another name.", "warning")

    def description(self) -> None:
        value = self.fields.get("description")
        if not isinstance(value, str) or not value.strip():
            text = "The field `description` is missing: agents choose skills by it."
            remedy = "Add: description: What it does. Use when …"
            self.add("description_missing", "description", text, remedy)
            return
        if len(value.strip()) > DESCRIPTION_LENGTH:
            text = f"`description` has {len(value)} characters; at most {DESCRIPTION_LENGTH} are read."
            self.add("description_too_long", "description", text, "Move detail into the body.")
        if re.search(r"</?[A-Za-z][^>]*>", value):
            text = "`description` holds an XML tag, which some agents refuse."
            self.add("portability", "description", text, "Write it without < and >.", "warning")

    def text_field(self, name: str, limit: int) -> None:
        value = self.fields.get(name)
        if value is None:
            return
        if not isinstance(value, str) or not value.strip() or len(value) > limit:
            text = f"`{name}` is text of 1 to {limit} characters."
            self.add("bad_field", name, text, f"Write one line, or remove `{name}`.")

    def metadata(self) -> None:
        value = self.fields.get("metadata")
        if value is None:
            return
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            text = "`metadata` maps words to text; lists and nested maps are not accepted."
            self.add("bad_field", "metadata", text, 'For example: metadata: {version: "1.2.0"}')

    def tools_field(self) -> None:
        value = self.fields.get("allowed-tools")
        if value is None:
            return
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            text = "`allowed-tools` is a list; the specification has one line of words."
            remedy = f"Write: allowed-tools: {' '.join(value)}"
            self.add("portability", "allowed-tools", text, remedy, "warning")
        elif not isinstance(value, str):
            text = "`allowed-tools` is one line of tool names."
            self.add("bad_field", "allowed-tools", text, "For example: allowed-tools: Read Grep")
        for tool in allowed_tools(value):
            if tool in {"*", "Bash", "Bash(*)", "Bash(*:*)"}:
                text = f"`allowed-tools` grants {tool}: the agent may then run anything unasked."
                remedy = "Name the commands, for example Bash(git:*)."
                self.add("broad_tools", "allowed-tools", text, remedy, "warning")

    def body(self) -> None:
        body = self.matter.body
        if not body.strip():
            self.add("empty_body", "", "SKILL.md has no text after its front matter.", "Write it.")
        if estimate(body) > _LONG_BODY:
            text = f"SKILL.md costs about {estimate(body):,} tokens; more than {_LONG_BODY:,} is a lot."
            self.add("long_body", "", text, "Move detail into references/.", "warning")
        if _SHELL.search(body):
            text = "SKILL.md holds a command that Claude Code runs before the model reads it."
            self.add("runs_on_load", "", text, "Call a script instead.", "warning")


def suggest_name(text: str) -> str:
    """TEXT bent into a valid name."""
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return words[:NAME_LENGTH].strip("-") or "my-skill"
