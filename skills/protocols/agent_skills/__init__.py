"""`.well-known/agent-skills` (0.2.0), the older 0.1 form, and the search shape of skills.sh."""

from skills.protocols.install_lines import InstallLine, InstallTarget


def install_lines(target: InstallTarget) -> list[InstallLine]:
    """`npx skills` sends no header, so a token for private skills stands in the address.

    Claude Code has plugins of its own where the hub is on https (`marketplace`).
    """
    prefix = "" if target.is_public else "/k/$SKILLHUB_INSTALL_TOKEN"
    pin = "" if target.is_latest else f"/v/{target.number}"
    address = f"{target.hub}{prefix}/s/{target.team}/{target.name}{pin}"
    command = f"DISABLE_TELEMETRY=1 npx skills add {address}"
    lines = [InstallLine("npx skills", command, "For more than 60 agents; it asks for which.")]
    if not target.hub.startswith("https://"):
        lines.append(InstallLine("Claude Code", f"{command} --agent claude-code"))
    return lines
