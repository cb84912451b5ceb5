"""Whatever asks another machine is known by name here, so that a new one cannot come past the address rules.

Addresses that a person enters go through `skills/lib/outgoing.py`; tests/http/test_hostile_addresses.py tries
each door. A module that imports a client of the network and is not below fails: take `outgoing`, or say why
not.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Libraries that connect, or start programs that may; without those of the database and of the broker.
_CLIENTS = (
    *("aiohttp", "anthropic", "boto3", "ftplib", "google.genai", "http.client", "httpx", "imaplib"),
    *("inspect_ai.model.get_model", "openai", "poplib", "requests", "smtplib", "socket", "ssl", "subprocess"),
    *("telnetlib", "urllib.request", "urllib3", "websockets", "xmlrpc"),
)
_OWN = "talks to processes of ours, on this machine"
_OPERATOR = "asks or runs what the operator names in the settings"
_STAFF = "asks models at addresses that staff choose and `outgoing.check_server` has seen"
_USER = "runs on a user's machine, which asks the hub that the user names"
KNOWN = {
    "skills/lib/outgoing.py": "the client of addresses that people enter",
    "skills/upstream/downloads.py": "connects by outgoing.PinnedConnection",
    "skills/upstream/git_process.py": "git, told the address that outgoing.source_address checked",
    "skills/upstream/git_objects.py": "reads what git_process started",
    "skills/evals/engines/budgeted_models.py": _STAFF,
    "skills/portfolio/metered.py": _STAFF,
    "skills/portfolio/listing.py": _STAFF,
    "skills/gateway/application.py": _STAFF,
    "skills/gateway/call.py": _STAFF,
    "skills/gateway/providers.py": _STAFF,
    "skills/portfolio/faults.py": "knows the errors of a connection",
    "skills/web/views/sso.py": "knows an error of allauth's client, which asks the operator's SSO_ISSUER",
    "skills/gateway/port.py": "the port that the gateway listens on",
    "skills/lib/limited.py": _OWN,
    "skills/lib/limited_child.py": _OWN,
    "skills/lib/limited_wire.py": _OWN,
    "skills/evals/sandbox.py": _OWN,
    "skillhub/embedded/cli.py": _OWN,
    "skillhub/embedded/postgres.py": _OWN,
    "skillhub/embedded/supervisor.py": _OWN,
    "skillhub/embedded/valkey.py": _OWN,
    "skills/search/embed.py": _OPERATOR,
    "skills/scans/outside.py": _OPERATOR,
    "skills/signing/kms.py": _OPERATOR,
    "skills/management/checkouts.py": _OPERATOR,
    "skills/management/postgres_tools.py": _OPERATOR,
    "skills/signing/skillhub_verify.py": _USER,
    "skills/protocols/ci/publish_skills.py": _USER,
}


def imported(path: Path) -> set[str]:
    """Every name that the file imports, in functions too, as module.name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def asks_others(path: Path) -> bool:
    return any(name == one or name.startswith(f"{one}.") for name in imported(path) for one in _CLIENTS)


def modules() -> list[str]:
    return [
        str(path.relative_to(ROOT))
        for folder in ("skills", "skillhub")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "demo" not in path.parts and asks_others(path)
    ]


def test_no_other_module_asks_another_machine():
    assert set(modules()) == set(KNOWN)


@pytest.mark.parametrize(
    "name", [name for name, why in KNOWN.items() if why == _STAFF and "gateway" not in name]
)
def test_models_are_asked_only_where_the_address_was_checked(name):
    text = (ROOT / name).read_text(encoding="utf-8")

    assert "outgoing.check_server(" in text or "plan.client()" in text
