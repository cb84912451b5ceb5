"""What a model is offered in a trial: the skill by name first, its text when asked for, its tools."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from skills.evals.engines.contract import CasePlan, SkillPlan, SkillTool
from skills.evals.sandbox import Box
from skills.verdicts.grade import Produced

if TYPE_CHECKING:
    from inspect_ai.tool import ToolDef

_SHOWN = 60_000  # characters of one file
_INLINE = 20_000  # bytes of a case's file that are written into the prompt
SYSTEM = (
    "You are an assistant that completes the user's task. Use the tools you are given where they help, "
    "then answer in full. Nobody can answer questions of yours."
)


class NoSandbox(Exception):
    """The case needs to run something, and there is nowhere to run it."""


@dataclass
class Desk:
    """The state of one trial: which tools were called, what was opened, the sandbox once needed."""

    case: CasePlan
    skill: SkillPlan | None
    sandbox: str
    called: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    box: Box | None = None

    def the_box(self) -> Box:
        if not self.sandbox:
            raise NoSandbox("This case runs something, and there is no sandbox.")
        if self.box is None:
            self.box = Box(self.case.files, self.skill.files if self.skill else {}, kind=self.sandbox)
        return self.box

    def produced(self, output: str) -> Produced:
        given = self.case.files
        made = (
            {path: data for path, data in self.box.files().items() if given.get(path) != data}
            if self.box
            else {}
        )
        return Produced(output, made, tuple(self.called))

    def close(self) -> None:
        if self.box is not None:
            self.box.__exit__()


def prompt_of(case: CasePlan, sandbox: str) -> str:
    """The user's message: the case's prompt and its files, by name or, with nowhere to lie, as text."""
    if not case.files:
        return case.prompt
    if sandbox:
        return f"{case.prompt}\n\nFiles in /work: {', '.join(sorted(case.files))}"
    parts = [case.prompt]
    for path, data in sorted(case.files.items()):
        try:
            parts.append(f"\n--- {path} ---\n{data[:_INLINE].decode('utf-8')}")
        except UnicodeDecodeError:
            raise NoSandbox(f"{path} is not text, and there is no sandbox to put it in.") from None
    return "\n".join(parts)


def tools_of(desk: Desk) -> list["ToolDef"]:
    """The tools of a trial; an arm without a skill gets the same but those of the skill."""
    tools = [_skill(desk)] if desk.skill or desk.case.catalogue else []
    if desk.skill and desk.case.should_trigger is None and len(desk.skill.files) > 1:
        tools.append(_reader(desk, desk.skill))
    if desk.sandbox and desk.case.should_trigger is None:
        tools.append(_shell(desk))
        if desk.skill:
            tools += [_own(desk, tool) for tool in desk.skill.tools]
    return tools


def _tool(
    desk: Desk,
    name: str,
    text: str,
    schema: Mapping[str, Any],
    work: Callable[[dict[str, Any]], Awaitable[str]],
) -> "ToolDef":
    from inspect_ai.tool import ToolDef, ToolParams

    async def run(**kwargs: Any) -> str:
        desk.called.append(name)
        return (await work(kwargs))[:_SHOWN]

    known = {key: schema[key] for key in ("properties", "required") if key in schema}
    return ToolDef(run, name=name, description=text, parameters=ToolParams.model_validate(known))


def _text_argument(name: str, text: str) -> dict[str, Any]:
    return {"properties": {name: {"type": "string", "description": text}}, "required": [name]}


def _skill(desk: Desk) -> "ToolDef":
    """Progressive disclosure: names and descriptions always, the text of a skill when it is opened."""
    entries = list(desk.case.catalogue)
    if desk.skill:
        entries.append((desk.skill.name, desk.skill.description))
    listing = "\n".join(f"- {name}: {description}" for name, description in sorted(entries))

    async def work(given: dict[str, Any]) -> str:
        name = str(given.get("name", ""))
        desk.opened.append(name)
        if desk.skill is None or name != desk.skill.name:
            return (
                "There is no more to this skill." if name in dict(entries) else f"There is no skill {name!r}."
            )
        others = sorted(path for path in desk.skill.files if path != "SKILL.md")
        place = "They lie in /skill." if desk.sandbox else "Read them with read_skill_file."
        return desk.skill.body + (f"\n\nFiles of the skill: {', '.join(others)}. {place}" if others else "")

    text = (
        f"Opens a skill: instructions for a kind of task. Open the one that fits before you start.\n{listing}"
    )
    return _tool(desk, "skill", text, _text_argument("name", "The skill's name."), work)


def _reader(desk: Desk, skill: SkillPlan) -> "ToolDef":
    async def work(given: dict[str, Any]) -> str:
        data = skill.files.get(str(given.get("path", "")))
        if data is None:
            return f"There is no such file. Files: {', '.join(sorted(skill.files))}"
        return data.decode("utf-8", "replace")

    return _tool(
        desk, "read_skill_file", "Reads one file of the skill.", _text_argument("path", "Its path."), work
    )


def _shell(desk: Desk) -> "ToolDef":
    async def work(given: dict[str, Any]) -> str:
        return await in_box(desk, ["sh", "-c", str(given.get("command", ""))])

    text = "Runs a shell command in /work, without network, for at most 30 seconds; answers what it printed."
    return _tool(desk, "bash", text, _text_argument("command", "The command."), work)


def _own(desk: Desk, tool: SkillTool) -> "ToolDef":
    """A tool the skill defines: its script, with the arguments as JSON on standard input and by position."""

    async def work(given: dict[str, Any]) -> str:
        order = tool.schema.get("properties", {})
        words = [str(given[name]) for name in order if name in given]
        return await in_box(desk, [*_program(tool.script), *words], json.dumps(given).encode())

    return _tool(desk, tool.name, tool.description, tool.schema, work)


def _program(script: str) -> list[str]:
    place = f"/skill/{script}"
    return {"py": ["python3", place], "js": ["node", place], "sh": ["sh", place]}.get(
        script.rsplit(".", 1)[-1], [place]
    )


async def in_box(desk: Desk, command: list[str], stdin: bytes = b"") -> str:
    """What COMMAND printed, run in the trial's sandbox beside the event loop."""
    import anyio

    ended = await anyio.to_thread.run_sync(lambda: desk.the_box().run(command, stdin=stdin, seconds=30))
    status = f"\n[{ended.problem or f'exit status {ended.status}'}]" if ended.status or ended.problem else ""
    return f"{ended.output}{status}"
