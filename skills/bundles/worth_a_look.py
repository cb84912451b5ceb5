"""What does not stop a bundle and is worth a look, of its author before publishing and of a reviewer after.

Text out of sight has a check of its own (`hidden.py`).
"""

from collections.abc import Iterator, Mapping

from skills.bundles.binary import searchable
from skills.bundles.dead_references import dead_references
from skills.bundles.frontmatter import FILE
from skills.bundles.git_pointers import is_git_pointer
from skills.bundles.limits import human
from skills.bundles.manifest import Manifest
from skills.bundles.opaque import opaque_file
from skills.bundles.paths import folder_twins
from skills.bundles.secrets import find_secrets
from skills.bundles.tools import ToolDefinition, read_tools
from skills.lib import licences
from skills.lib.errors import Problem, ProblemSeverity
from skills.lib.progress import reading

# SEP-2640 (MCP's skills extension): no host need load more of one skill.
_MCP_BYTES, _MCP_FILES = 16 * 2**20, 512
# ChatGPT's import of skills.
_CHATGPT_BYTES, _CHATGPT_FILE = 5 * 2**20, 2**20
# JSON Schema's own ways to say what a value is without `type`.
_TYPING = frozenset({"type", "$ref", "enum", "const", "anyOf", "oneOf", "allOf", "not", "if"})
_MOST_NAMED = 6


def worth_a_look(files: Mapping[str, bytes], manifest: Manifest) -> list[Problem]:
    """A warning for each such place in FILES (path to bytes), which are a bundle that was accepted."""
    problems = find_secrets({path: searchable(data) for path, data in files.items()})
    for path, data in sorted(files.items()):
        reading(path)
        if problem := opaque_file(path, data):
            problems.append(problem)
    told = [problem for problem in problems if problem.severity == ProblemSeverity.WARNING]
    _, tool_problems = read_tools(files)
    return [*told, *tool_problems, *of_the_whole(files, manifest)]


def of_the_whole(files: Mapping[str, bytes], manifest: Manifest) -> list[Problem]:
    """What is only seen with all FILES and the manifest at hand."""
    return [
        *dead_references(files),
        *_licence(files, manifest),
        *_sizes(files),
        *_git_pointers(files),
        *_folder_twins(files),
        *(problem for tool in manifest.tools for problem in _untyped(tool)),
    ]


def _folder_twins(files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Folders that become one where letters of either case, or of either width, are the same."""
    for folder, other in folder_twins(files):
        what = f"The folders {folder!r} and {other!r} are the same on some systems."
        yield _warning("folder_collision", what, "Put their files into one of them.", folder)


def _licence(files: Mapping[str, bytes], manifest: Manifest) -> Iterator[Problem]:
    """A licence that is neither an SPDX expression nor the name of a file that is there."""
    text = manifest.license.strip()
    names_a_file = any(path.rsplit("/", 1)[-1].lower() in text.lower() for path in files if path != FILE)
    if text and not names_a_file and not licences.read(text).spdx:
        what = f"The licence {text[:80]!r} is no SPDX expression, and names no file of the bundle."
        remedy = "Write an identifier of spdx.org/licenses, such as MIT or Apache-2.0, or add the file."
        yield _warning("licence_not_spdx", what, remedy, FILE, _line_of_field(files, "license"))


def _line_of_field(files: Mapping[str, bytes], name: str) -> int:
    lines = files.get(FILE, b"").decode("utf-8", "replace").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.startswith(f"{name}:")), 1)


def _sizes(files: Mapping[str, bytes]) -> Iterator[Problem]:
    """What is larger than a known client takes."""
    code, remedy = "too_large_for_client", "Leave out what the agent does not need, or say where to get it."
    total = sum(map(len, files.values()))
    if total > _MCP_BYTES:
        yield _warning(
            code, f"The files have {human(total)}; MCP hosts need load no more than 16 MiB.", remedy
        )
    elif total > _CHATGPT_BYTES:
        yield _warning(code, f"The files have {human(total)}; ChatGPT imports up to 5 MiB.", remedy)
    if len(files) > _MCP_FILES:
        text = f"There are {len(files)} files; MCP hosts need load no more than {_MCP_FILES}."
        yield _warning(code, text, remedy)
    for path, data in sorted(files.items()):
        if len(data) > _CHATGPT_FILE:
            text = f"{path} has {human(len(data))}; ChatGPT imports files of up to 1 MiB."
            yield _warning(code, text, remedy, path)


def _git_pointers(files: Mapping[str, bytes]) -> Iterator[Problem]:
    for path, data in sorted(files.items()):
        if is_git_pointer(data):
            text = f"{path} is a pointer of Git LFS: agents get these lines in the place of the file."
            yield _warning("git_pointer", text, "Run `git lfs pull`, then bring the folder again.", path, 1)


def _untyped(tool: ToolDefinition) -> Iterator[Problem]:
    properties = tool.input_schema.get("properties")
    named = properties.items() if isinstance(properties, dict) else ()
    untyped = [name for name, schema in named if not (isinstance(schema, dict) and _TYPING & schema.keys())]
    if untyped:
        words = ", ".join(f"`{name[:60]}`" for name in untyped[:_MOST_NAMED])
        text = f"Tool {tool.name}: {words} without a type; a model guesses what to send."
        yield _warning("untyped_tool", text, 'Add "type" to each property.', tool.file, 1)


def _warning(code: str, text: str, remedy: str, file: str = "", line: int = 0) -> Problem:
    return Problem(code, text, remedy, file=file, line=line, severity=ProblemSeverity.WARNING)
