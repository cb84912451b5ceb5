"""Agents from npm through the gateway to aimock: what they say they used is what the ledger says.

They are large and take their time, so the long tests alone install and run all of them.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from skills.budgets import verify
from skills.people.models import Account
from skills.portfolio.configure import save_model, save_provider, set_price
from tests.evals.aimock_server import WHY_NOT, Aimock
from tests.factories import actor

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]
CLIENTS = Path(__file__).parents[1] / "product" / "clients"
NODE = CLIENTS / "node" / "node_modules" / ".bin"
TOKENS, MICROS = 1_520, 1_500 + 20 * 5  # of an answer of aimock, at a dollar a million sent and five written
CLAUDE, GPT = "claude-haiku-4-5", "gpt-5.4"
SECONDS = 120


@dataclass(frozen=True)
class Turn:
    """What an agent printed, and what it says the turn used; `micros` is None where it does not say."""

    printed: str
    tokens: int = 0
    micros: int | None = None


def run(home: Path, program: Path, *arguments: str, **variables: str) -> str:
    home.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join([str(NODE), os.environ["PATH"]])
    done = subprocess.run(
        [program, *arguments],
        cwd=home,
        env={"PATH": path, "HOME": str(home), "CI": "1", "NO_COLOR": "1", **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return done.stdout or done.stderr


def claude_code(desk, home: Path) -> Turn:
    printed = run(
        home,
        CLIENTS / "claude-code" / "node_modules" / ".bin" / "claude",
        *("-p", "Say done.", "--model", CLAUDE, "--output-format", "json"),
        ANTHROPIC_BASE_URL=desk.url,
        ANTHROPIC_AUTH_TOKEN=desk.key,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC="1",
    )
    said = json.loads(printed)
    usage = said["usage"]
    micros = round(said["total_cost_usd"] * 1_000_000)
    return Turn(said["result"], usage["input_tokens"] + usage["output_tokens"], micros)


def codex(desk, home: Path) -> Turn:
    provider = f'{{name="SkillHub",base_url="{desk.url}/v1",env_key="SKILLHUB_TOKEN",wire_api="responses"}}'
    settings = {"model": f'"{GPT}"', "model_provider": '"skillhub"', "model_providers.skillhub": provider}
    printed = run(
        home,
        CLIENTS / "codex" / "node_modules" / ".bin" / "codex",
        *("exec", "--json", "--skip-git-repo-check"),
        *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
        "Say done.",
        CODEX_HOME=str(home),
        SKILLHUB_TOKEN=desk.key,
    )
    events = [json.loads(line) for line in printed.splitlines()]
    usage = next((event["usage"] for event in events if event["type"] == "turn.completed"), {})
    return Turn(printed, usage.get("input_tokens", 0) + usage.get("output_tokens", 0))


def openclaw(desk, home: Path) -> Turn:
    home.mkdir(parents=True, exist_ok=True)
    model = {
        "id": GPT,
        "name": GPT,
        "contextWindow": 200_000,
        "maxTokens": 4_096,
        "cost": {"input": 1, "output": 5, "cacheRead": 0.1, "cacheWrite": 1.25},
    }
    provider = {
        "baseUrl": f"{desk.url}/v1",
        "apiKey": desk.key,
        "api": "openai-completions",
        "headers": {"User-Agent": "openclaw"},
        "models": [model],
    }
    settings = home / "openclaw.json"
    settings.write_text(json.dumps({"models": {"providers": {"skillhub": provider}}}))
    printed = run(
        home,
        NODE / "node",
        str(CLIENTS / "openclaw" / "node_modules" / "openclaw" / "openclaw.mjs"),
        *("agent", "--local", "--json", "--session-id", "one", "--model", f"skillhub/{GPT}"),
        *("--message", "Say done."),
        OPENCLAW_STATE_DIR=str(home / "state"),
        OPENCLAW_CONFIG_PATH=str(settings),
    )
    said = json.loads(printed)
    usage = said.get("meta", {}).get("agentMeta", {}).get("usage", {"total": 0, "cost": {"total": 0}})
    return Turn(printed, usage["total"], round(usage["cost"]["total"] * 1_000_000))


def an_agent(use: Callable, *, is_slow: bool = False):
    name = use.__name__.replace("_", "-")
    why_not = ""
    if not (CLIENTS / name / "node_modules").exists() or not shutil.which("node"):
        why_not = f"{name} is not installed: CI=1 SOAK=1 sh .ci/tools gets it where npm is"
    elif is_slow and not os.environ.get("SOAK"):
        why_not = f"{name} takes half a minute to start: run with SOAK=1"
    return pytest.param(use, id=name, marks=pytest.mark.skipif(bool(why_not), reason=why_not))


AGENTS = [an_agent(claude_code), an_agent(codex), an_agent(openclaw, is_slow=True)]


@pytest.fixture(scope="module")
def _models(_world, django_db_blocker):
    """Models that aimock answers for, at the prices that the agents reckon with."""
    server = Aimock(fixtures=Path(__file__).with_name("agents_answers.json"))
    with django_db_blocker.unblock():
        chief = actor(Account.objects.get(username="chief"))
        for kind, model in (("anthropic", CLAUDE), ("openai", GPT)):
            provider = save_provider(
                actor=chief, name=f"aimock {kind}", kind=kind, base_url=server.url(kind), secret="x"
            )
            save_model(actor=chief, provider=provider, name=model, label=model, max_output_tokens=32_000)
            micros = (1_000_000, 100_000, 5_000_000)
            set_price(actor=chief, kind=kind, model=model, micros=micros, source="test")
    yield
    server.stop()


@pytest.mark.parametrize("use", AGENTS)
def test_the_ledger_says_what_the_agent_says_it_used(use, desk, tmp_path, _models):
    turn = use(desk, tmp_path)

    assert turn.tokens == TOKENS, turn.printed
    assert turn.micros in (MICROS, None)
    assert [(hold.used_tokens, hold.used_micros) for hold in desk.holds] == [(TOKENS, MICROS)]
    assert desk.hold.agent == use.__name__.replace("_", "-")
    assert verify.differences() == []


@pytest.mark.parametrize("use", AGENTS[:2])
def test_of_six_agents_at_once_each_is_booked_what_it_says(use, desk, tmp_path, _models):
    with ThreadPoolExecutor(6) as threads:
        turns = list(threads.map(lambda number: use(desk, tmp_path / str(number)), range(6)))

    assert [turn.tokens for turn in turns] == [TOKENS] * 6
    assert [hold.used_tokens for hold in desk.holds] == [TOKENS] * 6
    assert len({hold.session for hold in desk.holds}) == 6
    assert verify.differences() == []


@pytest.mark.parametrize("use", AGENTS)
def test_an_agent_without_budget_ends_with_our_sentence(use, desk, tmp_path, _models):
    desk.limit(150)

    turn = use(desk, tmp_path)

    assert f"The budget of {desk.person.username} has no room for" in turn.printed
    assert "SkillHub's staff can raise it. This monthly usage limit resets on" in turn.printed
    assert desk.holds == []
