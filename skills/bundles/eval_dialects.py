"""Evaluations that other tools keep in files of their own, as cases in the shape of evals.json.

Read are the folders of `claude plugin eval` (prompt.md, case.yaml, graders/) and of Tessl (task.md,
criteria.json), and promptfoo's configuration. Of what is known and not read the author is told by name.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from skills.bundles import strict_json
from skills.bundles.frontmatter import read_front_matter
from skills.bundles.limits import BundleLimits
from skills.bundles.magic import decode

CLAUDE, TESSL, PROMPTFOO = "claude plugin eval", "a Tessl scenario", "promptfoo"
_LONGEST_YAML = 200_000  # bytes
_LIMITS = BundleLimits(front_matter=_LONGEST_YAML)
_CASE_FILES = re.compile(r"(evals/(?:[^/]+/){1,3})(prompt\.md|case\.ya?ml|task\.md)")
_PROMPTFOO_PLACES = ("", "eval", "evals", "test", "tests")
_CONFIGURATIONS = (".json", ".yaml", ".yml")
# Files that name another tool by where they stand or what they hold.
_UNREAD = (
    (re.compile(r"(?:evals/)?eval\.ya?ml"), "waza or vally"),
    (re.compile(r"evals/mocks/.+"), "claude plugin eval (mocks)"),
    (re.compile(r"evals/[^/]+\.(?:ya?ml|jsonl|toml)"), "a tool that is not known here"),
)
_VARIABLE = re.compile(r"\{\{-?[ \t]*([A-Za-z_][A-Za-z0-9_]{0,60})[ \t]*(?:\|[ \t]*\w+[ \t]*)?-?\}\}")


@dataclass(kw_only=True)
class ForeignCases:
    """What was read at PATH, a file or a folder with a slash; `unread` says what was not, and is kept."""

    path: str
    dialect: str
    items: list[dict[str, Any]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def foreign_cases(files: Mapping[str, bytes]) -> Iterator[ForeignCases]:
    """Each file and folder of FILES (path to bytes) that is in the form of another tool."""
    folders: set[str] = set()
    for path in sorted(files):
        if match := _CASE_FILES.fullmatch(path):
            folder = match.group(1)
            if folder not in folders:
                folders.add(folder)
                yield _tessl(folder, files) if path.endswith("task.md") else _claude(folder, files)
        elif _is_of_promptfoo(path):
            yield _promptfoo(path, files[path])
    unread: dict[str, str] = {}
    for path in sorted(files):
        tool = next((tool for pattern, tool in _UNREAD if pattern.fullmatch(path)), "")
        if tool and not _is_of_promptfoo(path):
            unread.setdefault(tool, path)
    for tool, path in unread.items():
        yield ForeignCases(path=path, dialect=tool)


def _is_of_promptfoo(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return folder in _PROMPTFOO_PLACES and "promptfoo" in name and name.endswith(_CONFIGURATIONS)


def _fields(text: str) -> dict[str, Any] | None:
    """The fields of YAML from a stranger, read as front matter is; None where it cannot be read."""
    matter = read_front_matter(f"---\n{text}\n---\n", _LIMITS)
    return None if matter.problems else dict(matter.fields)


def _head_and_body(data: bytes) -> tuple[dict[str, Any], str]:
    text = decode(data) or ""
    if not text.startswith("---"):
        return {}, text
    matter = read_front_matter(text, _LIMITS)
    return dict(matter.fields), matter.body


def _claude(folder: str, files: Mapping[str, bytes]) -> ForeignCases:
    found = ForeignCases(path=folder, dialect=CLAUDE)
    head, body = _head_and_body(files.get(f"{folder}prompt.md", b""))
    yaml_path = next((path for path in (f"{folder}case.yaml", f"{folder}case.yml") if path in files), "")
    case = _fields(decode(files[yaml_path]) or "") if yaml_path else {}
    if case is None:
        found.unread.append(yaml_path)
        case = {}
    execution = case.get("execution")
    case = {**case, **(execution if isinstance(execution, dict) else {}), **head}
    graders: list[object] = list(case["graders"]) if isinstance(case.get("graders"), list) else []
    for path in sorted(files):
        if path.startswith(f"{folder}graders/") and path.endswith(".md"):
            options, text = _head_and_body(files[path])
            graders.append({"name": PurePosixPath(path).stem, **options, "body": text.strip()})
    item: dict[str, Any] = {
        "id": case.get("name") or PurePosixPath(folder).name,
        "prompt": body.strip() or case.get("prompt"),
        "assertions": [row for grader in graders for row in _of_grader(grader, found)],
    }
    if case.get("expected_outcome"):
        item["expected_output"] = case["expected_outcome"]
    if isinstance(case.get("tags"), list):
        item["tags"] = case["tags"]
    found.items.append(item)
    return found


def _of_grader(grader: object, found: ForeignCases) -> Iterator[dict[str, Any]]:
    if not isinstance(grader, dict):
        return
    kind, body = str(grader.get("type") or "llm"), grader.get("body")
    name = grader.get("name", kind)
    is_of_answer = grader.get("target", "last_message") == "last_message"
    match = str(grader.get("match", "contains"))
    if kind == "llm":
        yield {"type": "judge", "text": body or grader.get("criteria")}
    elif kind == "regex" and is_of_answer and match in ("contains", "not_contains"):
        flags = "".join(letter for letter in str(grader.get("flags") or "") if letter in "ims")
        pattern = f"{f'(?{flags})' if flags else ''}{body or grader.get('pattern')}"
        yield {"type": "regex" if match == "contains" else "not_regex", "value": pattern}
    elif kind == "tool_used" and grader.get("tool"):
        yield {"type": "tool_used", "value": grader["tool"]}
    elif kind == "file_exists" and grader.get("exists", True) is True and grader.get("path"):
        yield {"type": "file_exists", "value": grader["path"]}
    else:
        found.unread.append(f"the grader {name} ({kind})")


def _tessl(folder: str, files: Mapping[str, bytes]) -> ForeignCases:
    found = ForeignCases(path=folder, dialect=TESSL)
    path = f"{folder}criteria.json"
    rows: object = []
    if path in files:
        try:
            value = strict_json.load(files[path], path)
        except strict_json.BadJson:
            found.unread.append(path)
            value = {}
        rows = value.get("checklist") if isinstance(value, dict) else value
    found.items.append(
        {
            "id": PurePosixPath(folder).name,
            "prompt": (decode(files[f"{folder}task.md"]) or "").strip(),
            "assertions": [
                {"type": "judge", "text": row.get("description") or row.get("name")}
                for row in (rows if isinstance(rows, list) else [])
                if isinstance(row, dict)
            ],
        }
    )
    return found


def _promptfoo(path: str, data: bytes) -> ForeignCases:
    found = ForeignCases(path=path, dialect=PROMPTFOO)
    config: object
    if path.endswith(".json"):
        try:
            config = strict_json.load(data, path)
        except strict_json.BadJson:
            config = None
    else:
        config = _fields(decode(data) or "")
    tests = config.get("tests") if isinstance(config, dict) else None
    if not isinstance(config, dict) or not isinstance(tests, list):
        return found
    default = config.get("defaultTest")
    shared = default.get("assert") if isinstance(default, dict) else None
    prompts = config.get("prompts")
    prompt = prompts[0] if isinstance(prompts, list) and prompts else prompts
    if isinstance(prompt, dict):
        prompt = prompt.get("raw")
    for number, test in enumerate(tests, 1):
        variables = test.get("vars") if isinstance(test, dict) else None
        if not isinstance(prompt, str) or prompt.startswith("file://") or not isinstance(variables, dict):
            found.unread.append(f"test {number}")
            continue
        rows = [*_list(shared), *_list(test.get("assert"))]
        found.items.append(
            {
                "id": test.get("description") or number,
                "prompt": _filled(prompt, variables),
                "assertions": [row for row in rows if not _runs_code(row, number, found)],
            }
        )
    return found


def _filled(prompt: str, variables: Mapping[str, Any]) -> str:
    return _VARIABLE.sub(lambda match: str(variables.get(match.group(1), "")), prompt)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _runs_code(row: object, number: int, found: ForeignCases) -> bool:
    """Whether ROW runs a program in the way of promptfoo, which is not ours."""
    kind = str(row.get("type")) if isinstance(row, dict) else ""
    if kind.removeprefix("not-") not in ("javascript", "python", "webhook"):
        return False
    found.unread.append(f"`{kind}` of test {number}")
    return True
