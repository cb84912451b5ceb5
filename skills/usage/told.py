"""What the records of telemetry say: calls to models, one by one or in totals, and activations of skills.

Understood are Claude Code, Codex and OpenClaw, and the semantic conventions of OpenTelemetry for generative
AI, which many others speak.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from skills.budgets.settle import Usage
from skills.usage.otlp import Fact, TelemetryRecord

_MOST_TOKENS = 1_000_000_000  # of one record; more is no use of a model but a fault
_SESSIONS = (
    *("session.id", "conversation.id", "gen_ai.conversation.id", "openclaw.sessionId", "openclaw.sessionKey"),
    "service.instance.id",
)
_AGENTS = {"claude": "claude-code", "codex": "codex", "openclaw": "openclaw", "gemini": "gemini-cli"}
# What agents say in the place of the name of a skill that they do not tell.
_NO_NAME = frozenset({"custom", "custom_skill", "third-party", "user", "plugin"})
# Spans around others that tell the same tokens once more.
_AROUND = frozenset({"invoke_agent", "create_agent", "invoke_workflow", "execute_tool"})

_CODEX_EVENT = "codex.sse_event"
_OPENCLAW_SPAN = "openclaw.model.usage"  # `openclaw.model.call` below it tells the same
_INPUT, _CACHED, _WRITTEN, _OUTPUT = "input", "cached", "written", "output"
_TOKEN_TYPES = {
    "input": _INPUT,
    "output": _OUTPUT,
    **dict.fromkeys(("cacheRead", "cache_read"), _CACHED),
    **dict.fromkeys(("cacheCreation", "cache_write", "cache_creation"), _WRITTEN),
}
# A metric of tokens, and the attribute that says which.
_TOKEN_METRICS = {
    "claude_code.token.usage": "type",
    "openclaw.tokens": "openclaw.token",
    "gen_ai.client.token.usage": "gen_ai.token.type",
}
_COST_METRICS = frozenset({"claude_code.cost.usage", "openclaw.cost.usd"})


@dataclass(frozen=True, kw_only=True)
class ToldCall:
    """One call to a model, or the total of several that nobody told one by one.

    `key` makes it the same one when it is told again. `skill` is the name of the skill at work, `micros` the
    agent's own figure of what it cost; "" and None where the agent says nothing.
    """

    key: str
    agent: str
    session: str
    model: str
    usage: Usage
    micros: int | None
    at: datetime
    began_at: datetime | None = None  # where the agent says how long it took
    request_id: str = ""
    skill: str = ""
    is_total: bool = False


@dataclass(frozen=True)
class ToldActivation:
    """A skill was loaded in a session."""

    session: str
    skill: str
    at: datetime


@dataclass(kw_only=True)
class Told:
    """All that one export tells; `faults` are records that were to tell something and do not make sense."""

    calls: list[ToldCall] = field(default_factory=list)
    activations: list[ToldActivation] = field(default_factory=list)
    faults: int = 0


class _Nonsense(Exception):
    """A record that tells no amount."""


Grown = Callable[[str, float], float]


def told_by(records: Iterable[TelemetryRecord], grown: Grown) -> Told:
    """What RECORDS tell. GROWN says by how much the counter of a key has grown since it was told last."""
    told = Told()
    totals: dict[str, dict[str, float]] = {}
    heads: dict[str, TelemetryRecord] = {}
    records = list(records)
    # OpenClaw tells its tokens by the conventions of OpenTelemetry as well.
    ignored = {"gen_ai.client.token.usage"} if any(r.name == "openclaw.tokens" for r in records) else set()
    for record in records:
        try:
            if record.name in _TOKEN_METRICS or record.name in _COST_METRICS:
                if record.name not in ignored:
                    _add(totals, heads, record, grown)
            elif record.name == "skill_activated":
                skill = _skill(record.facts)
                told.activations.append(ToldActivation(_session(record.facts), skill, record.at))
            elif call := _call(record):
                told.calls.append(call)
        except _Nonsense:
            told.faults += 1
    told.calls += [_total(key, heads[key], amounts) for key, amounts in totals.items()]
    told.calls = [call for call in told.calls if call.usage.total or call.micros]
    told.activations = [one for one in told.activations if one.session and one.skill]
    return told


def _call(record: TelemetryRecord) -> ToldCall | None:
    """The call that an event or a span tells of, None where it tells of something else."""
    facts = record.facts
    if record.name == "api_request" and "input_tokens" in facts:
        usage = Usage(
            input=_tokens(facts, "input_tokens"),
            cached=_tokens(facts, "cache_read_tokens"),
            written=_tokens(facts, "cache_creation_tokens"),
            output=_tokens(facts, "output_tokens"),
        )
        return _told(record, usage, _micros(facts.get("cost_usd")))
    if record.name == _CODEX_EVENT and "input_token_count" in facts:
        cached, written = _tokens(facts, "cached_token_count"), _tokens(facts, "cache_write_token_count")
        sent, output = _tokens(facts, "input_token_count"), _tokens(facts, "output_token_count")
        return _told(record, _all_input(sent, cached, written, output), None)
    if "gen_ai.usage.input_tokens" in facts or "gen_ai.usage.output_tokens" in facts:
        return _by_conventions(record)
    return None


def _by_conventions(record: TelemetryRecord) -> ToldCall | None:
    facts = record.facts
    if str(facts.get("gen_ai.operation.name", "")) in _AROUND:
        return None
    if record.name.startswith("openclaw.") and record.name != _OPENCLAW_SPAN:
        return None
    cached = _tokens(facts, "gen_ai.usage.cache_read.input_tokens")
    written = _tokens(facts, "gen_ai.usage.cache_creation.input_tokens")
    sent = _tokens(facts, "gen_ai.usage.input_tokens")
    output = _tokens(facts, "gen_ai.usage.output_tokens")
    return _told(record, _all_input(sent, cached, written, output), _micros(facts.get("openclaw.cost_usd")))


def _all_input(sent: int, cached: int, written: int, output: int) -> Usage:
    """Usage where SENT is the whole input; some senders leave out what has to do with the cache."""
    apart = cached + written
    return Usage(input=sent - apart if sent >= apart else sent, cached=cached, written=written, output=output)


def _told(record: TelemetryRecord, usage: Usage, micros: int | None) -> ToldCall:
    facts = record.facts
    session = _session(facts)
    request_id = str(facts.get("request_id") or facts.get("gen_ai.response.id") or "")[:120]
    own = request_id or f"{session} {facts.get('event.sequence', '')} {_time_key(record)} {usage}"
    return ToldCall(
        key=sha256(own.encode()).hexdigest(),
        agent=_agent(facts),
        session=session,
        model=_model(facts),
        usage=usage,
        micros=micros,
        at=record.at,
        began_at=record.at - timedelta(milliseconds=_tokens(facts, "duration_ms")),
        request_id=request_id,
        skill=_skill(facts),
    )


def _time_key(record: TelemetryRecord) -> str:
    return f"{record.facts.get('event.timestamp', '')} {record.key}"


def _add(
    totals: dict[str, dict[str, float]],
    heads: dict[str, TelemetryRecord],
    record: TelemetryRecord,
    grown: Grown,
) -> None:
    """Put the point of a metric beside the others of its call, or calls."""
    facts = record.facts
    if not math.isfinite(record.value) or not 0 <= record.value <= _MOST_TOKENS:
        raise _Nonsense
    kind = _TOKEN_METRICS.get(record.name)
    amount = _TOKEN_TYPES.get(str(facts.get(kind, ""))) if kind else "dollars"
    if amount is None:
        return  # a sum of the others, or of a kind that is no part of them
    apart = {name: value for name, value in facts.items() if name != kind}
    series = sha256(repr(sorted(apart.items())).encode()).hexdigest()
    value = record.value
    if record.grows:
        value = grown(sha256(f"{series} {record.name} {amount} {record.start}".encode()).hexdigest(), value)
    key = sha256(f"{series} {record.key}".encode()).hexdigest()
    heads.setdefault(key, record)
    amounts = totals.setdefault(key, {})
    amounts[amount] = amounts.get(amount, 0) + value


def _total(key: str, head: TelemetryRecord, amounts: Mapping[str, float]) -> ToldCall:
    usage = Usage(
        input=round(amounts.get(_INPUT, 0)),
        cached=round(amounts.get(_CACHED, 0)),
        written=round(amounts.get(_WRITTEN, 0)),
        output=round(amounts.get(_OUTPUT, 0)),
    )
    return ToldCall(
        key=key,
        agent=_agent(head.facts),
        session=_session(head.facts),
        model=_model(head.facts),
        usage=usage,
        micros=_micros(amounts["dollars"]) if "dollars" in amounts else None,
        at=head.at,
        skill=_skill(head.facts),
        is_total=True,
    )


def _tokens(facts: Mapping[str, Fact], name: str) -> int:
    value = facts.get(name, 0)
    try:
        number = int(value)
    except (ValueError, OverflowError):
        raise _Nonsense from None
    if not 0 <= number <= _MOST_TOKENS:
        raise _Nonsense
    return number


def _micros(dollars: Fact | None) -> int | None:
    if dollars is None:
        return None
    try:
        number = float(dollars)
    except ValueError:
        raise _Nonsense from None
    if not math.isfinite(number) or not 0 <= number <= _MOST_TOKENS:
        raise _Nonsense
    return round(number * 1_000_000)


def _session(facts: Mapping[str, Fact]) -> str:
    return next((str(facts[name])[:120] for name in _SESSIONS if facts.get(name)), "")


def _agent(facts: Mapping[str, Fact]) -> str:
    service = str(facts.get("service.name") or facts.get("gen_ai.agent.name") or "")
    known = (agent for word, agent in _AGENTS.items() if word in service.lower())
    return next(known, service[:60])


def _model(facts: Mapping[str, Fact]) -> str:
    names = ("model", "gen_ai.response.model", "gen_ai.request.model", "openclaw.model")
    model = next((str(facts[name]) for name in names if facts.get(name)), "")
    # Claude Code adds the length of the context to it in some places: [1m].
    return model.partition("[")[0][:120] or "unknown"


def _skill(facts: Mapping[str, Fact]) -> str:
    name = str(facts.get("skill.name") or "")[:64]
    return "" if name in _NO_NAME else name
