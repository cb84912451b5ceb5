"""Reads OTLP, in protobuf or JSON, as plain records: of each, only what says who used which model how much.

Whatever else an agent sends, its prompts and answers among it, is dropped here and never kept.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality

from skills.lib.clock import now

MOST_BYTES = 8_000_000  # of a body when it is unpacked
MOST_JSON_BYTES = 2_000_000  # JSON takes some ten times as long to read
# What the two parsers raise; that of JSON also where it finds a list for an object.
_FAULTS = (DecodeError, json_format.ParseError, ValueError, TypeError, AttributeError, RecursionError)
_LONGEST = 200  # characters of a value
_KEPT = ("gen_ai.", "skill.", "claude_code.", "openclaw.", "codex.", "event.", "service.", "session.")
_KEPT_NAMES = frozenset(
    {
        *("model", "type", "request_id", "conversation.id", "cost_usd", "duration_ms"),
        *("input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens"),
        *("input_token_count", "output_token_count", "cached_token_count", "cache_write_token_count"),
    }
)
_NEVER_KEPT = ("gen_ai.input.", "gen_ai.output.", "gen_ai.system_instructions", "gen_ai.tool.")

Fact = str | int | float


class Signal(StrEnum):
    """What OTLP carries, by the last part of its address."""

    METRICS = "metrics"
    LOGS = "logs"
    TRACES = "traces"


REQUESTS: Mapping[Signal, type[Message]] = {
    Signal.METRICS: ExportMetricsServiceRequest,
    Signal.LOGS: ExportLogsServiceRequest,
    Signal.TRACES: ExportTraceServiceRequest,
}
ANSWERS: Mapping[Signal, type[Message]] = {
    Signal.METRICS: ExportMetricsServiceResponse,
    Signal.LOGS: ExportLogsServiceResponse,
    Signal.TRACES: ExportTraceServiceResponse,
}


class Unreadable(Exception):
    """The body is not what its type says."""


class TooLong(Exception):
    """The body is larger than is read."""


@dataclass(frozen=True, kw_only=True)
class TelemetryRecord:
    """An event, a span, or a point of a metric.

    `facts` are attributes of the resource and of the record. `key` is what the sender tells it by: the id of
    a span; of a point, when it was taken. `value` is that of a point; `grows` where it counts from `start`
    on and not since the point before.
    """

    name: str
    facts: Mapping[str, Fact]
    at: datetime
    key: str = ""
    value: float = 0.0
    start: str = ""
    grows: bool = False


def unpacked(body: bytes, *, is_packed: bool) -> bytes:
    """BODY without gzip; raises TooLong before more than MOST_BYTES are in memory."""
    if not is_packed:
        return body
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = unpacking.decompress(body, MOST_BYTES)
    except zlib.error:
        raise Unreadable("The body is not gzip, as its header says.") from None
    if unpacking.unconsumed_tail:
        raise TooLong
    if not unpacking.eof:
        raise Unreadable("The gzip of the body ends in the middle.")
    return plain


def records(signal: Signal, body: bytes, *, is_json: bool) -> list[TelemetryRecord]:
    """What BODY tells; raises Unreadable."""
    if is_json and len(body) > MOST_JSON_BYTES:
        raise TooLong
    request: Any = REQUESTS[signal]()
    try:
        if is_json:
            export = json.loads(body)
            if not isinstance(export, dict):
                raise TypeError("an export is an object")
            json_format.ParseDict(export, request, ignore_unknown_fields=True)
        else:
            request.ParseFromString(body)
    except _FAULTS as error:
        raise Unreadable(f"This is no export of {signal}: {str(error)[:200]}") from None
    read = {Signal.METRICS: _points, Signal.LOGS: _events, Signal.TRACES: _spans}[signal]
    return list(read(request))


def _events(request: Any) -> Iterator[TelemetryRecord]:
    for of_resource in request.resource_logs:
        common = dict(_facts(of_resource.resource.attributes))
        for scope in of_resource.scope_logs:
            for log in scope.log_records:
                facts = common | dict(_facts(log.attributes))
                # The attribute first: in its place Codex names the line of its source.
                name = str(facts.get("event.name") or log.event_name)
                nano = log.time_unix_nano or log.observed_time_unix_nano
                yield TelemetryRecord(name=name, facts=facts, at=_moment(nano), key=str(nano))


def _spans(request: Any) -> Iterator[TelemetryRecord]:
    for of_resource in request.resource_spans:
        common = dict(_facts(of_resource.resource.attributes))
        for scope in of_resource.scope_spans:
            for span in scope.spans:
                facts = common | dict(_facts(span.attributes))
                key = f"{span.trace_id.hex()}{span.span_id.hex()}"
                yield TelemetryRecord(
                    name=span.name, facts=facts, at=_moment(span.end_time_unix_nano), key=key
                )


def _points(request: Any) -> Iterator[TelemetryRecord]:
    for of_resource in request.resource_metrics:
        common = dict(_facts(of_resource.resource.attributes))
        for scope in of_resource.scope_metrics:
            for metric in scope.metrics:
                yield from _points_of(metric, common)


def _points_of(metric: Any, common: Mapping[str, Fact]) -> Iterator[TelemetryRecord]:
    kind = metric.WhichOneof("data")
    if kind not in ("sum", "histogram"):
        return
    data = getattr(metric, kind)
    grows = data.aggregation_temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE
    for point in data.data_points:
        value = point.sum if kind == "histogram" else getattr(point, point.WhichOneof("value") or "as_int")
        yield TelemetryRecord(
            name=metric.name,
            facts={**common, **dict(_facts(point.attributes))},
            at=_moment(point.time_unix_nano),
            key=str(point.time_unix_nano),
            value=float(value),
            start=str(point.start_time_unix_nano),
            grows=grows,
        )


def _facts(attributes: Iterable[Any]) -> Iterator[tuple[str, Fact]]:
    for attribute in attributes:
        name = attribute.key
        if name.startswith(_NEVER_KEPT) or not (name.startswith(_KEPT) or name in _KEPT_NAMES):
            continue
        match attribute.value.WhichOneof("value"):
            case "string_value":
                yield name, attribute.value.string_value[:_LONGEST].replace("\0", "")
            case "int_value":
                yield name, attribute.value.int_value
            case "double_value":
                yield name, attribute.value.double_value


def _moment(nano: int) -> datetime:
    """NANO since 1970 as a time; now, where it is none that a clock of today can show."""
    try:
        at = datetime.fromtimestamp(nano / 1e9, UTC)
    except (ValueError, OverflowError, OSError):
        return now()
    today = now()
    return at if 0 <= (today - at).days <= 7 or 0 <= (at - today).total_seconds() <= 300 else today
