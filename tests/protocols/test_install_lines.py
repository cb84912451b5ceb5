"""What a skill's page says about installing it with each tool."""

import pytest

from skills.protocols import packages
from skills.protocols.install_lines import tool_lines
from tests.factories import an_approved, files

HUB = "https://hub.example"


@pytest.fixture
def a_skill(owner, mate, team, settings):
    """Makes a skill with two approved versions, of the visibility that is wanted."""
    settings.PUBLIC_URL = HUB

    def make(visibility: str):
        an_approved(owner, mate, team, "tea", wanted=visibility, content=files("tea", body="One."))
        newest = an_approved(
            owner, mate, team, "tea", number="2.0.0", wanted=visibility, content=files("tea", body="Two.")
        )
        return newest.skill

    return make


def commands(skill, version):
    return {line.tool: line.command for line in tool_lines(skill, version)}


def test_each_protocol_has_addresses():
    names = [package.__name__.rpartition(".")[2] for package in packages()]

    assert names == ["agent_skills", "ci", "clawhub", "marketplace", "mcp", "otlp", "signatures"]


def test_a_public_skill_needs_no_token(a_skill):
    skill = a_skill("public")

    assert commands(skill, skill.latest) == {
        "npx skills": f"DISABLE_TELEMETRY=1 npx skills add {HUB}/s/crew/tea",
        "Claude Code": (
            f"claude plugin marketplace add {HUB}/t/crew/marketplace.json"
            " && claude plugin install tea@skillhub-crew"
        ),
        "OpenClaw": f"OPENCLAW_CLAWHUB_URL={HUB}/clawhub openclaw skills install @crew/tea",
        "clawhub": f"CLAWHUB_REGISTRY={HUB}/clawhub CLAWHUB_DISABLE_TELEMETRY=1 npx clawhub install tea",
        "MCP": f"claude mcp add --transport http skillhub {HUB}/mcp",
    }


def test_what_most_people_have_comes_first(a_skill):
    skill = a_skill("public")

    assert list(commands(skill, skill.latest))[:3] == ["npx skills", "Claude Code", "OpenClaw"]


def test_a_private_skill_is_installed_with_a_token_and_an_old_version_by_its_number(a_skill):
    skill = a_skill("team")
    old = skill.versions.get(number="1.0.0")

    lines = commands(skill, old)

    assert lines["npx skills"].endswith(f"{HUB}/k/$SKILLHUB_INSTALL_TOKEN/s/crew/tea/v/1.0.0")
    assert lines["clawhub"].startswith("CLAWHUB_CONFIG_PATH=~/.skillhub-clawhub.json ")
    assert lines["clawhub"].endswith(" --version 1.0.0")
    assert lines["MCP"].endswith('"Authorization: Bearer $SKILLHUB_TOKEN"')


def test_claude_code_takes_archives_over_https_only(a_skill, settings):
    skill = a_skill("public")
    settings.PUBLIC_URL = "http://hub.example"

    assert commands(skill, skill.latest)["Claude Code"] == (
        "DISABLE_TELEMETRY=1 npx skills add http://hub.example/s/crew/tea --agent claude-code"
    )


def test_a_version_nobody_may_install_has_no_lines(a_skill):
    skill = a_skill("public")
    skill.latest.state = "removed"

    assert tool_lines(skill, skill.latest) == []
    assert tool_lines(skill, None) == []
