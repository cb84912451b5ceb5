"""`.well-known/agent-skills` (0.2.0), the older 0.1 form, and the search shape of skills.sh."""

from skills.protocols.install_lines import InstallLine, InstallTarget


def install_lines(target: InstallTarget) -> list[InstallLine]:
    """`npx skills` sends no header, so a token for private skills stands in the address."""
    prefix = "" if target.is_public else "/k/$SKILLHUB_INSTALL_TOKEN"
    pin = "" if target.is_latest else f"/v/{target.number}"
    address = f"{target.hub}{prefix}/s/{target.team}/{target.name}{pin}"
    return [InstallLine("npx skills (60+ agents)", f"DISABLE_TELEMETRY=1 npx skills add {address}")]
