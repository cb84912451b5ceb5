"""What a model is offered in a trial: the skill by name first, its text when asked for, its tools."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from skills.bundles.eval_cases import Speaker, Turn
from skills.bundles.frontmatter import FILE
from skills.evals.engines.contract import CasePlan, SkillPlan, SkillTool
from skills.evals.sandbox import CommandResult, Sandbox
from skills.verdicts.grade import Produced

if TYPE_CHECKING:
    from inspect_ai.tool import ToolDef

_SHOWN = 60_000  # characters that a tool answers at most
_INLINE = 20_000  # bytes of a case's file that are written into the prompt
_COMMAND_SECONDS = 30
_INTERPRETERS = {"py": "python3", "js": "node", "sh": "sh"}  # by ending; others are run by their own #! line
SYSTEM = (
    "You are an assistant that completes the user's task. Use the tools you are given where they help, "
    "then answer in full. Nobody can answer questions of yours."
)
Arguments = dict[str, object]
ToolWork = Callable[[Arguments], Awaitable[str]]


class NoSandbox(Exception):
    """The case needs to run something, and there is nowhere to run it."""


class SandboxBroken(Exception):
    """There should be a sandbox, and it cannot be made."""


@dataclass(kw_only=True)
class Workspace:
    """The state of one trial: the tools called, the skills opened, the sandbox once it is needed."""

    case: CasePlan
    skill: SkillPlan | None
    sandbox_kind: str  # "" where there is none
    tools_called: list[str] = field(default_factory=list)
    skills_opened: list[str] = field(default_factory=list)
    _sandbox: Sandbox | None = None

    async def run(self, command: list[str], stdin: bytes = b"") -> CommandResult:
        """Run COMMAND in the sandbox beside the event loop; raises NoSandbox or SandboxBroken."""
        import anyio

        def work() -> CommandResult:
            return self._its_sandbox().run(command, stdin=stdin, seconds=_COMMAND_SECONDS)

        return await anyio.to_thread.run_sync(work)

    def _its_sandbox(self) -> Sandbox:
        if not self.sandbox_kind:
            raise NoSandbox("This case runs something, and there is no sandbox.")
        if self._sandbox is None:
            skill_files = self.skill.files if self.skill else {}
            try:
                self._sandbox = Sandbox(self.case.files, skill_files, kind=self.sandbox_kind)
            except OSError as error:
                raise SandboxBroken(f"The sandbox cannot be made: {error}") from error
        return self._sandbox

    def produced(self, output: str) -> Produced:
        """What the trial left behind, without the files of the case that nobody changed."""
        present = self._sandbox.files() if self._sandbox else {}
        changed = {path: data for path, data in present.items() if self.case.files.get(path) != data}
        return Produced(output=output, files=changed, tools=tuple(self.tools_called))

    @property
    def opened_the_skill(self) -> bool:
        return self.skill is not None and self.skill.name in self.skills_opened

    def close(self) -> None:
        if self._sandbox is not None:
            self._sandbox.close()


def turns_of(case: CasePlan, sandbox_kind: str) -> list[Turn]:
    """What is said to the model; the files of the case come with the first words of the user."""
    turns = list(case.turns) or [Turn(Speaker.USER, case.prompt)]
    first = next(place for place, turn in enumerate(turns) if turn.speaker == Speaker.USER)
    turns[first] = replace(turns[first], text=_with_files(turns[first].text, case.files, sandbox_kind))
    return turns


def _with_files(prompt: str, files: Mapping[str, bytes], sandbox_kind: str) -> str:
    """The prompt and its files, by name, or as text where there is no sandbox."""
    if not files:
        return prompt
    if sandbox_kind:
        return f"{prompt}\n\nFiles in /work: {', '.join(sorted(files))}"
    parts = [prompt]
    for path, data in sorted(files.items()):
        try:
            parts.append(f"\n--- {path} ---\n{data[:_INLINE].decode('utf-8')}")
        except UnicodeDecodeError:
            raise NoSandbox(f"{path} is not text, and there is no sandbox to put it in.") from None
    return "\n".join(parts)


def tools_of(workspace: Workspace) -> list["ToolDef"]:
    """The tools of a trial; an arm without a skill gets the same but those of the skill.

    A case that looks only at skills is over as soon as one is opened, so it offers nothing else.
    """
    skill, case = workspace.skill, workspace.case
    tools = [_skill_tool(workspace)] if skill or case.catalogue else []
    if case.looks_only_at_skills:
        return tools
    if skill and len(skill.files) > 1:
        tools.append(_reader_tool(workspace, skill))
    if workspace.sandbox_kind:
        tools.append(_shell_tool(workspace))
        tools += [_script_tool(workspace, tool) for tool in (skill.tools if skill else ())]
    return tools


def _tool(
    workspace: Workspace, *, name: str, description: str, schema: Mapping[str, object], work: ToolWork
) -> "ToolDef":
    from inspect_ai.tool import ToolDef, ToolParams

    # inspect converts arguments by this annotation, and with Any it hands them over as they are.
    async def run(**kwargs: Any) -> str:
        workspace.tools_called.append(name)
        return (await work(kwargs))[:_SHOWN]

    # ToolParams knows no other keyword of JSON Schema at the top and refuses what it does not know.
    known = {key: schema[key] for key in ("properties", "required") if key in schema}
    return ToolDef(run, name=name, description=description, parameters=ToolParams.model_validate(known))


def _text_argument(name: str, text: str) -> dict[str, object]:
    return {"properties": {name: {"type": "string", "description": text}}, "required": [name]}


def _skill_tool(workspace: Workspace) -> "ToolDef":
    """Progressive disclosure: names and descriptions always, the text of a skill when it is opened."""
    skill = workspace.skill
    entries = list(workspace.case.catalogue)
    if skill:
        entries.append((skill.name, skill.description))
    listing = "\n".join(f"- {name}: {description}" for name, description in sorted(entries))

    async def work(arguments: Arguments) -> str:
        name = str(arguments.get("name", ""))
        workspace.skills_opened.append(name)
        if skill is not None and name == skill.name:
            return _skill_text(skill, has_sandbox=bool(workspace.sandbox_kind))
        if name in dict(entries):  # a distractor: it has a description and nothing to follow
            return "There is no more to this skill."
        return f"There is no skill {name!r}."

    return _tool(
        workspace,
        name="skill",
        description="Opens a skill: instructions for a kind of task. "
        f"Open the one that fits before you start.\n{listing}",
        schema=_text_argument("name", "The skill's name."),
        work=work,
    )


def _skill_text(skill: SkillPlan, *, has_sandbox: bool) -> str:
    others = sorted(path for path in skill.files if path != FILE)
    if not others:
        return skill.body
    where = "They lie in /skill." if has_sandbox else "Read them with read_skill_file."
    return f"{skill.body}\n\nFiles of the skill: {', '.join(others)}. {where}"


def _reader_tool(workspace: Workspace, skill: SkillPlan) -> "ToolDef":
    async def work(arguments: Arguments) -> str:
        data = skill.files.get(str(arguments.get("path", "")))
        if data is None:
            return f"There is no such file. Files: {', '.join(sorted(skill.files))}"
        return data.decode("utf-8", "replace")

    return _tool(
        workspace,
        name="read_skill_file",
        description="Reads one file of the skill.",
        schema=_text_argument("path", "Its path."),
        work=work,
    )


def _shell_tool(workspace: Workspace) -> "ToolDef":
    async def work(arguments: Arguments) -> str:
        return as_text(await workspace.run(["sh", "-c", str(arguments.get("command", ""))]))

    return _tool(
        workspace,
        name="bash",
        description="Runs a shell command in /work, without network, for at most 30 seconds; "
        "answers what it printed.",
        schema=_text_argument("command", "The command."),
        work=work,
    )


def _script_tool(workspace: Workspace, tool: SkillTool) -> "ToolDef":
    """A tool of the skill: its script, with the arguments as JSON on standard input and by position."""

    async def work(arguments: Arguments) -> str:
        order = tool.schema.get("properties", {})
        words = [str(arguments[name]) for name in order if name in arguments]
        command = [*_program(tool.script), *words]
        return as_text(await workspace.run(command, json.dumps(arguments).encode()))

    return _tool(workspace, name=tool.name, description=tool.description, schema=tool.schema, work=work)


def _program(script: str) -> list[str]:
    path = f"/skill/{script}"
    interpreter = _INTERPRETERS.get(script.rsplit(".", 1)[-1])
    return [interpreter, path] if interpreter else [path]


def as_text(result: CommandResult) -> str:
    """What a model reads of a command: what it printed, and its end unless that was a good one."""
    if result.problem:
        return f"{result.output}\n[{result.problem}]"
    if result.status:
        return f"{result.output}\n[exit status {result.status}]"
    return result.output
