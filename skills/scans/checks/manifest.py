"""What the front matter asks for that a reviewer should weigh."""

from collections.abc import Mapping

from skills.bundles.manifest import Manifest
from skills.scans.checks.contract import CheckFinding, Severity

# `allowed-tools` of Claude Code: a bare tool name, or a pattern of stars only, lets every command run.
_EVERYTHING = frozenset({"*", "Bash", "Bash(*)", "Bash(*:*)"})
_AGENT_FILES = frozenset({"CLAUDE.md", "AGENTS.md", "GEMINI.md"})


def weigh_manifest(files: Mapping[str, bytes], manifest: Manifest) -> list[CheckFinding]:
    """Findings for grants without bounds, hooks, and files that agents read without being asked."""
    findings = [
        CheckFinding(
            rule="broad_tools",
            severity=Severity.HIGH,
            path="SKILL.md",
            line=1,
            text=f"`allowed-tools` grants {tool}: anything may run without asking.",
            snippet=tool,
            remedy="Name the commands, for example Bash(git:*).",
        )
        for tool in manifest.allowed_tools
        if tool in _EVERYTHING
    ]
    if "hooks" in manifest.other:
        findings.append(
            CheckFinding(
                rule="hooks",
                severity=Severity.HIGH,
                path="SKILL.md",
                line=1,
                text="The front matter installs hooks, which run without the model.",
                snippet="hooks",
                remedy="Remove them.",
            )
        )
    findings += [
        CheckFinding(
            rule="agent_file",
            severity=Severity.MEDIUM,
            path=path,
            line=1,
            text=f"{path} is a file that agents obey without being told to.",
            remedy="Rename it.",
        )
        for path in files
        if path.rsplit("/", 1)[-1] in _AGENT_FILES
    ]
    return findings
