"""What a skill's page says about installing it with a tool: a line for each tool, from each protocol."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django import template
from django.conf import settings

from skills.catalog.models import Skill, State, Version, Visibility
from skills.protocols import packages

register = template.Library()
# What most people have; the others follow in the order of their packages.
_FIRST = ("npx skills", "Claude Code", "OpenClaw")


class InstallLine(NamedTuple):
    """One tool and the shell command by which it installs the skill; `note` says what it does not say."""

    tool: str
    command: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class InstallTarget:
    """What is installed, and what the tool needs for it."""

    hub: str  # the address of this instance, without a slash at its end
    team: str
    name: str
    number: str
    is_latest: bool  # tools that follow a skill need no number then
    is_public: bool  # anybody may fetch it: no token is needed

    @classmethod
    def of(cls, skill: Skill, version: Version) -> "InstallTarget":
        return cls(
            hub=settings.PUBLIC_URL,
            team=skill.team.handle,
            name=skill.name,
            number=version.number,
            is_latest=version.pk == skill.latest_id,
            is_public=skill.visibility == Visibility.PUBLIC and settings.ANONYMOUS_READ,
        )


@register.simple_tag
def tool_lines(skill: Skill, version: Version | None) -> Sequence[InstallLine]:
    """How each tool installs VERSION; none for a version that nobody may install."""
    if version is None or version.state not in (State.APPROVED, State.YANKED):
        return []
    target = InstallTarget.of(skill, version)
    lines: list[InstallLine] = []
    for package in packages():
        if hasattr(package, "install_lines"):
            lines += package.install_lines(target)
    return sorted(lines, key=lambda line: _FIRST.index(line.tool) if line.tool in _FIRST else len(_FIRST))
