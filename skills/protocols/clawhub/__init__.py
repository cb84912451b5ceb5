"""The registry protocol of OpenClaw and the `clawhub` CLI."""

from skills.protocols.install_lines import InstallLine, InstallTarget

ROOT = "clawhub"  # the path under which the registry answers


def install_lines(target: InstallTarget) -> list[InstallLine]:
    """The CLI keeps one token for whatever registry is in use, so ours gets a file of its own."""
    registry = f"{target.hub}/{ROOT}"
    login = "" if target.is_public else "CLAWHUB_CONFIG_PATH=~/.skillhub-clawhub.json "
    pin = "" if target.is_latest else f" --version {target.number}"
    cli = f"CLAWHUB_REGISTRY={registry} CLAWHUB_DISABLE_TELEMETRY=1 npx clawhub install {target.name}"
    openclaw = f"OPENCLAW_CLAWHUB_URL={registry} openclaw skills install @{target.team}/{target.name}"
    return [InstallLine("clawhub", f"{login}{cli}{pin}"), InstallLine("OpenClaw", openclaw)]
