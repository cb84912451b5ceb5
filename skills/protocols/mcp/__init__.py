"""Model Context Protocol over one address, with the Skills extension (SEP-2640)."""

from django.urls import reverse

from skills.lib.addresses import public_address
from skills.protocols.install_lines import InstallLine, InstallTarget


def install_lines(target: InstallTarget) -> list[InstallLine]:
    """The server is added once; which skill is loaded is the agent's choice."""
    header = "" if target.is_public else ' --header "Authorization: Bearer $SKILLHUB_TOKEN"'
    command = f"claude mcp add --transport http skillhub {public_address(reverse('mcp'))}{header}"
    return [InstallLine("MCP", command, "Added once, for every skill; other hosts take the same address.")]
