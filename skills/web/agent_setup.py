"""What is written where so that each agent tells of its calls; docs/help/field.md says it at length."""

from dataclasses import dataclass, replace

from skills.lib.addresses import public_address

_ENVIRONMENT = """\
export CLAUDE_CODE_ENABLE_TELEMETRY=1
export OTEL_METRICS_EXPORTER=otlp OTEL_LOGS_EXPORTER=otlp
export OTEL_LOG_TOOL_DETAILS=1
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
export OTEL_EXPORTER_OTLP_ENDPOINT={address}
export OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer $SKILLHUB_TOKEN\""""
_CODEX = """\
[otel]
log_user_prompt = false
[otel.exporter.otlp-http]
endpoint = "{address}/v1/logs"
protocol = "binary"
headers = {{ "Authorization" = "Bearer skh_…" }}"""
_OPENCLAW = """\
{{
  "plugins": {{ "allow": ["diagnostics-otel"], "entries": {{ "diagnostics-otel": {{ "enabled": true }} }} }},
  "diagnostics": {{
    "enabled": true,
    "otel": {{
      "enabled": true, "endpoint": "{address}", "protocol": "http/protobuf",
      "headers": {{ "Authorization": "Bearer skh_…" }}, "metrics": true, "traces": true, "logs": false
    }}
  }}
}}"""
_ANY = """\
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
export OTEL_EXPORTER_OTLP_ENDPOINT={address}
export OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer $SKILLHUB_TOKEN\""""


@dataclass(frozen=True)
class AgentSetup:
    """One agent, where its lines are written, and the lines."""

    agent: str
    where: str
    lines: str


_SETUPS = (
    AgentSetup("Claude Code", "In the shell, or under env in its settings.json", _ENVIRONMENT),
    AgentSetup("Codex", "In ~/.codex/config.toml", _CODEX),
    AgentSetup("OpenClaw", "In ~/.openclaw/openclaw.json", _OPENCLAW),
    AgentSetup("Any exporter of OpenTelemetry", "In the environment", _ANY),
)


def setups() -> list[AgentSetup]:
    """The agents that are understood, with the address of this instance."""
    address = public_address("/otlp")
    return [replace(setup, lines=setup.lines.format(address=address)) for setup in _SETUPS]
