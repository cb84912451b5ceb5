"""What the front matter asks for that a reviewer should weigh."""

from collections.abc import Mapping
from typing import Any

from skills.bundles.tools import allowed_tools
from skills.scans.checks.contract import CheckFinding

_EVERYTHING = {"*", "Bash", "Bash(*)", "Bash(*:*)"}


def check(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> list[CheckFinding]:
    found = []
    for tool in allowed_tools(manifest.get("allowed_tools", [])):
        if tool in _EVERYTHING:
            text = f"`allowed-tools` grants {tool}: anything may run without asking."
            remedy = "Name the commands, for example Bash(git:*)."
            found.append(CheckFinding("broad_tools", "high", "SKILL.md", 1, text, tool, remedy))
    if "hooks" in manifest.get("other", {}):
        text = "The front matter installs hooks, which run without the model."
        found.append(CheckFinding("hooks", "high", "SKILL.md", 1, text, "hooks", "Remove them."))
    for path in files:
        if path.rsplit("/", 1)[-1] in {"CLAUDE.md", "AGENTS.md", "GEMINI.md"}:
            text = f"{path} is a file that agents obey without being told to."
            found.append(CheckFinding("agent_file", "medium", path, 1, text, "", "Rename it."))
    return found
