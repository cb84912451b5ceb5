"""What the agent may call: `allowed-tools`, `scripts/` and MCP-shaped `tools/*.json`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from skills.bundles import strict_json
from skills.bundles.json_schema import schema_fault
from skills.lib.errors import Problem, ProblemSeverity

_DEFINITION_FILE = re.compile(r"tools/[^/]+\.json")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_GRANT = re.compile(r"[^\s(]+(?:\([^()]*\))?")  # a tool's name, with a pattern in brackets: Bash(git:*)
_REMEDY = "name, description, inputSchema and script are required; see /docs/bundles/."


@dataclass(frozen=True, kw_only=True)
class ToolDefinition:
    """One definition, after MCP 2025-06-18 `Tool` plus `script`, the file that runs it."""

    name: str
    description: str
    input_schema: dict[str, Any]
    script: str
    file: str

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read what `dataclasses.asdict` wrote."""
        return cls(
            name=row["name"],
            description=row["description"],
            input_schema=row["input_schema"],
            script=row["script"],
            file=row["file"],
        )


def allowed_tools(value: object) -> list[str]:
    """`allowed-tools` as a list: the spec's space-separated text, or Claude Code's YAML list."""
    if isinstance(value, list):
        return [str(item).strip() for item in value]
    return _GRANT.findall(str(value).replace(",", " "))


def read_tools(files: Mapping[str, bytes]) -> tuple[list[ToolDefinition], list[Problem]]:
    """Every definition in `tools/*.json`; a file holds one or a list of them."""
    tools: dict[str, ToolDefinition] = {}
    problems: list[Problem] = []
    for path in sorted(files):
        if not _DEFINITION_FILE.fullmatch(path):
            continue
        try:
            value = strict_json.load(files[path], path)
        except strict_json.BadJson as error:
            problems.append(replace(error.problem, severity=ProblemSeverity.WARNING))
            continue
        for item in value if isinstance(value, list) else [value]:
            tool, tool_problems = _read_tool(item, path, files)
            problems += tool_problems
            if tool is not None and tools.setdefault(tool.name, tool) is not tool:
                text = f"The tool {tool.name!r} is defined twice; the first definition counts."
                problems.append(_warning(text, "Rename one.", path))
    return list(tools.values()), problems


def _warning(text: str, remedy: str, file: str) -> Problem:
    """The file stays in the bundle; only as a tool it is not listed."""
    return Problem("bad_tool", text, remedy, file=file, severity=ProblemSeverity.WARNING)


def _read_tool(
    item: object, path: str, files: Mapping[str, bytes]
) -> tuple[ToolDefinition | None, list[Problem]]:
    if not isinstance(item, dict):
        return None, [_warning("A tool definition is a JSON object.", _REMEDY, path)]
    faults = _tool_faults(item, files)
    if faults:
        label = item["name"] if isinstance(item.get("name"), str) else "without a name"
        return None, [_warning(f"Tool {label} is not listed: {fault}.", _REMEDY, path) for fault in faults]
    tool = ToolDefinition(
        name=item["name"],
        description=item["description"],
        input_schema=item["inputSchema"],
        script=item["script"],
        file=path,
    )
    return tool, []


def _tool_faults(item: Mapping[str, Any], files: Mapping[str, bytes]) -> list[str]:
    faults = []
    name, description, script = item.get("name"), item.get("description"), item.get("script")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        faults.append("`name` is 1–128 letters, digits, dots, hyphens or underscores")
    if not isinstance(description, str) or not description.strip():
        faults.append("`description` says what the tool does and when to call it")
    if not isinstance(script, str) or script not in files:
        faults.append(f"`script` names a file of this bundle (found {script!r})")
    schema = item.get("inputSchema")
    if not isinstance(schema, dict) or schema.get("type") != "object":
        faults.append('`inputSchema` is a JSON Schema with "type": "object"')
    elif fault := schema_fault(schema):
        faults.append(f"`inputSchema` is not a JSON Schema: {fault}")
    return faults
