"""Which program calls, as it says itself."""

import re
from collections.abc import Mapping

_NAME = re.compile(r"\A([A-Za-z][A-Za-z0-9_.-]{0,59})")
_KNOWN = {
    "claude-cli": "claude-code",
    "codex_cli_rs": "codex",
    "codex_exec": "codex",
    "codex-tui": "codex",
    "openclaw": "openclaw",
    "geminicli": "gemini-cli",
    "openai": "openai-sdk",
    "asyncopenai": "openai-sdk",
    "anthropic": "anthropic-sdk",
    "asyncanthropic": "anthropic-sdk",
}
_SESSION_LENGTH = 120  # characters, as the column


def agent_of(headers: Mapping[str, str]) -> str:
    found = _NAME.match(headers.get("user-agent", ""))
    name = found[1].lower() if found else ""
    return _KNOWN.get(name, name)


def kept_session(session: str) -> str:
    """SESSION as the ledger keeps it; a client may send anything."""
    return "".join(character for character in session if character.isprintable())[:_SESSION_LENGTH]
