"""What the agent may call: `allowed-tools`, `scripts/` and MCP-shaped `tools/*.json`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skills.bundles import strict_json
from skills.lib.errors import Problem

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_SPLIT = re.compile(r"[^\s(]+(?:\([^)]*\))?")
_REMEDY = "See docs/bundles.md: name, description, inputSchema and script are required."


@dataclass(frozen=True)
class ToolDefinition:
    """One definition, after MCP 2025-06-18 `Tool` plus `script`, the file that runs it."""

    name: str
    description: str
    input_schema: dict[str, Any]
    script: str
    file: str


def allowed_tools(value: Any) -> list[str]:
    """`allowed-tools` as a list: the spec's space-separated text, or Claude Code's YAML list."""
    if isinstance(value, list):
        return [str(item).strip() for item in value]
    return _SPLIT.findall(str(value).replace(",", " "))


def read_tools(files: Mapping[str, bytes]) -> tuple[list[ToolDefinition], list[Problem]]:
    """Every definition in `tools/*.json`; a file holds one or a list of them."""
    tools: list[ToolDefinition] = []
    problems: list[Problem] = []
    for path in sorted(files):
        if not re.fullmatch(r"tools/[^/]+\.json", path):
            continue
        try:
            value = strict_json.load(files[path], path)
        except strict_json.BadJson as error:
            problems.append(error.problem)
            continue
        for item in value if isinstance(value, list) else [value]:
            tool, faults = _tool(item, path, files)
            problems += faults
            tools += [tool] if tool else []
    names = [tool.name for tool in tools]
    for tool in {tool.name: tool for tool in tools if names.count(tool.name) > 1}.values():
        text = f"The tool {tool.name!r} is defined twice."
        problems.append(Problem("bad_tool", text, "Rename one.", tool.file))
    return tools, problems


def _tool(item: Any, path: str, files: Mapping[str, bytes]) -> tuple[ToolDefinition | None, list[Problem]]:
    if not isinstance(item, dict):
        return None, [Problem("bad_tool", "A tool definition is a JSON object.", _REMEDY, path)]
    faults = []
    name, script = item.get("name"), item.get("script")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        faults.append("`name` is 1–128 letters, digits, dots, hyphens or underscores")
    if not isinstance(item.get("description"), str) or not item["description"].strip():
        faults.append("`description` says what the tool does and when to call it")
    if not isinstance(script, str) or script not in files:
        faults.append(f"`script` names a file of this bundle (found {script!r})")
    faults += _schema_faults(item.get("inputSchema"))
    if faults:
        label = name if isinstance(name, str) else "without a name"
        return None, [Problem("bad_tool", f"Tool {label}: {fault}.", _REMEDY, path) for fault in faults]
    return ToolDefinition(str(name), item["description"], item["inputSchema"], str(script), path), []


def _schema_faults(schema: Any) -> list[str]:
    if not isinstance(schema, dict) or schema.get("type") != "object":
        return ['`inputSchema` is a JSON Schema with "type": "object"']
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(schema)
    except (SchemaError, RecursionError) as error:
        return [f"`inputSchema` is not a JSON Schema: {getattr(error, 'message', error)}"]
    return []
