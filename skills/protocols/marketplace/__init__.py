"""Claude Code's plugin marketplace: a catalogue per team, plugins as archives."""

from django.urls import reverse

from skills.lib.addresses import public_address
from skills.protocols.install_lines import InstallLine, InstallTarget


def install_lines(target: InstallTarget) -> list[InstallLine]:
    """Claude Code fetches archives over https only."""
    if not target.hub.startswith("https://"):
        return []
    catalogue = public_address(reverse("marketplace", args=[target.team]))
    command = (
        f"claude plugin marketplace add {catalogue}"
        f" && claude plugin install {target.name}@skillhub-{target.team}"
    )
    return [InstallLine("Claude Code", command, "As a plugin, which follows the team's marketplace.")]
