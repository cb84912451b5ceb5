"""Exports of telemetry as agents send them, in the JSON of OTLP."""

import json
import re
from pathlib import Path

from skills.lib.clock import now

_RECORDED = Path(__file__).with_name("recorded")  # by Claude Code 2.1.197 and Codex 0.171.0


def nano(seconds: float = 0) -> str:
    return str(int((now().timestamp() + seconds) * 1e9))


def attributes(facts: dict) -> list[dict]:
    kinds = {str: "stringValue", int: "intValue", float: "doubleValue"}
    return [{"key": key, "value": {kinds[type(value)]: value}} for key, value in facts.items()]


def logs(*events: dict, service: str = "claude-code") -> dict:
    records = [
        {"timeUnixNano": event.pop("nano", nano()), "attributes": attributes(event)}
        for event in map(dict, events)
    ]
    resource = {"attributes": attributes({"service.name": service})}
    return {"resourceLogs": [{"resource": resource, "scopeLogs": [{"logRecords": records}]}]}


def api_request(sequence: int = 1, session: str = "s-1", **facts) -> dict:
    """An event of Claude Code."""
    return {
        "event.name": "api_request",
        "event.sequence": sequence,
        "session.id": session,
        "model": "claude-opus-4-8",
        "input_tokens": 1200,
        "output_tokens": 40,
        "cache_read_tokens": 300,
        "cache_creation_tokens": 20,
        "cost_usd": 0.007,
        **facts,
    }


def counter(name: str, *points: tuple[dict, float], service: str = "claude-code", grows=False, at="") -> dict:
    """A metric; each point with its attributes and its value."""
    data = {
        "aggregationTemporality": 2 if grows else 1,
        "isMonotonic": True,
        "dataPoints": [
            {
                "attributes": attributes(facts),
                "startTimeUnixNano": "1795860095471000000",
                "timeUnixNano": at or nano(),
                "asDouble": value,
            }
            for facts, value in points
        ],
    }
    resource = {"attributes": attributes({"service.name": service})}
    metrics = [{"name": name, "sum": data}]
    return {"resourceMetrics": [{"resource": resource, "scopeMetrics": [{"metrics": metrics}]}]}


def token_usage(session: str = "s-1", at: str = "", **tokens: float) -> dict:
    """What Claude Code counts: tokens by their type."""
    facts = {"session.id": session, "model": "claude-opus-4-8[1m]"}
    points = [({**facts, "type": kind}, float(value)) for kind, value in tokens.items()]
    return counter("claude_code.token.usage", *points, at=at or nano())


def spans(*spans: dict, service: str = "my-agent") -> dict:
    """Spans by the conventions of OpenTelemetry for generative AI."""
    rows = [
        {
            "name": span.pop("name", "chat gpt-5"),
            "traceId": "0" * 31 + "1",
            "spanId": f"{index:016x}",
            "endTimeUnixNano": nano(),
            "attributes": attributes(span),
        }
        for index, span in enumerate(map(dict, spans), 1)
    ]
    resource = {"attributes": attributes({"service.name": service})}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": rows}]}]}


def recorded(name: str) -> dict:
    """What an agent really sent, with its times moved to the last seconds."""
    text = (_RECORDED / f"{name}.json").read_text()
    last = max(map(int, re.findall(r'UnixNano": "(\d+)"', text)))
    moved = int(nano()) - last
    return json.loads(
        re.sub(r'(UnixNano": ")(\d+)', lambda found: f"{found[1]}{int(found[2]) + moved}", text)
    )
