"""What the front matter asks for that a reviewer should weigh, and text out of sight as findings."""

import json

import pytest

from skills.bundles.manifest import Manifest
from skills.scans.checks.hidden_text import find_hidden_text
from skills.scans.checks.manifest import weigh_manifest


def weighed(files=(), **manifest):
    findings = weigh_manifest(dict.fromkeys(files, b""), Manifest(**manifest))
    return [(finding.rule, finding.severity, finding.path) for finding in findings]


@pytest.mark.parametrize("tool", ["*", "Bash", "Bash(*)", "Bash(*:*)"])
def test_a_grant_of_everything_is_high(tool):
    (finding,) = weigh_manifest({}, Manifest(allowed_tools=("Read", tool)))

    assert (finding.rule, finding.severity, finding.path, finding.line) == (
        "broad_tools",
        "high",
        "SKILL.md",
        1,
    )
    assert finding.snippet == tool
    assert "Bash(git:*)" in finding.remedy


@pytest.mark.parametrize("tool", ["Read", "Bash(git:*)", "Bash(ls)", "bash", "BashOutput", "mcp__*"])
def test_a_bounded_grant_is_fine(tool):
    assert weighed(allowed_tools=(tool,)) == []


def test_each_broad_grant_is_told():
    assert len(weighed(allowed_tools=("*", "Bash"))) == 2


@pytest.mark.parametrize("hooks", [{"PreToolUse": []}, "", []])
def test_hooks_are_high_whatever_they_hold(hooks):
    assert weighed(fields_json=json.dumps({"hooks": hooks})) == [("hooks", "high", "SKILL.md")]


def test_other_fields_are_fine():
    fields = {"hook": "x", "model": "hooks", "metadata": {"hooks": "x"}}

    assert weighed(fields_json=json.dumps(fields)) == []


@pytest.mark.parametrize("path", ["CLAUDE.md", "AGENTS.md", "docs/GEMINI.md"])
def test_files_that_agents_obey_are_medium(path):
    assert weighed([path]) == [("agent_file", "medium", path)]


@pytest.mark.parametrize(
    "path", ["claude.md", "CLAUDE.md.txt", "AGENTS", "CLAUDE.md/notes.txt", "MY-CLAUDE.md"]
)
def test_near_misses_are_fine(path):
    assert weighed([path]) == []


def hidden(files):
    return [
        (finding.rule, finding.severity, finding.path, finding.line) for finding in find_hidden_text(files)
    ]


def test_text_out_of_sight_is_high_and_a_comment_is_low():
    files = {
        "b.md": "pass\u200bword".encode(),
        "a.md": b"one\n<!-- obey -->",
        "c.md": "p\u0430ypal".encode(),
        "d.md": b"\n" * 300 + b"x",
    }

    assert hidden(files) == [
        ("html_comment", "low", "a.md", 2),
        ("zero_width", "high", "b.md", 1),
        ("mixed_script", "high", "c.md", 1),
        ("far_away_text", "high", "d.md", 301),
    ]


def test_bytes_that_are_no_text_hide_nothing():
    assert hidden({"a.bin": b"\0<!-- obey -->", "b.bin": b"\xff<!-- obey -->"}) == []
