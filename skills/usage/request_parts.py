"""What a request to a model says, part by part in the order of the conversation, whatever its protocol.

Read are Anthropic's messages, OpenAI's chat and responses, and Gemini's contents. Their parts are told by
their shape, so that a new kind of block is read too.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from skills.lib.json_values import Json, JsonObject

_INSTRUCTIONS = ("system", "instructions", "systemInstruction", "system_instruction")
_TURNS = ("messages", "input", "contents")
SAID = (*_INSTRUCTIONS, *_TURNS)  # the fields of a request that hold its conversation, in their order
_ARGUMENTS = ("input", "arguments", "args")  # of a call of a tool
# No text of the conversation: pictures, and what a provider encrypted or names things by.
_NOT_SAID = frozenset(
    {
        *("data", "image_url", "file_data", "source", "inlineData", "inline_data", "input_audio"),
        *("signature", "thoughtSignature", "encrypted_content"),
        *("id", "call_id", "tool_use_id", "tool_call_id", "type", "role", "name", "cache_control"),
    }
)
# The tools that load a skill, by the last part of their names, and the argument that names it.
_LOADERS = {
    "skill": ("skill", "command", "name"),  # Claude Code, OpenCode
    "activate_skill": ("name", "skill"),  # Gemini CLI
    "load_skill": ("name",),  # ours, over MCP
    "read_skill_file": ("name",),
}
_LONGEST_ARGUMENTS = 10_000  # characters; a call that loads a skill has few
_LONGEST_NAME = 200


@dataclass(frozen=True)
class SkillCall:
    """The agent loads a skill by `name`, `team/name` or `plugin:name`; `version` where it says one."""

    name: str
    version: str = ""


Part = str | SkillCall


def parts_of(request: JsonObject) -> Iterator[Part]:
    """Texts, and calls of tools that load a skill; instructions first, wherever they stand."""
    for name in SAID:
        yield from _parts(request.get(name))


def _parts(said: Json) -> Iterator[Part]:
    waiting: list[Json] = [said]  # and no recursion: a request may nest as deep as it likes
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            arguments = next((value[name] for name in _ARGUMENTS if name in value), None)
            if isinstance(value.get("name"), str) and arguments is not None:
                yield from _skill_call(str(value["name"]), arguments)
                # What the agent says to a tool is not what it was told; a call may hold its answer, too.
                value = {name: inner for name, inner in value.items() if name not in _ARGUMENTS}
            waiting += reversed([inner for name, inner in value.items() if name not in _NOT_SAID])


def _skill_call(tool: str, arguments: Json) -> Iterator[SkillCall]:
    names = _LOADERS.get(tool.rpartition("__")[2].rpartition(".")[2].lower())
    if names is None:
        return
    if isinstance(arguments, str) and len(arguments) <= _LONGEST_ARGUMENTS:
        try:
            arguments = json.loads(arguments)
        except (ValueError, RecursionError):
            return
    if not isinstance(arguments, dict):
        return
    named = next((arguments[name] for name in names if isinstance(arguments.get(name), str)), "")
    version = arguments.get("version", "")
    if named and len(str(named)) <= _LONGEST_NAME:
        words = str(named).split()  # a command may have arguments behind it
        if words:
            yield SkillCall(words[0].lstrip("/@"), version if isinstance(version, str) else "")
