"""How much sixteen agents hold in a budget beside what they use, once calls have taught the bound."""

import random

from bench.report import Figure

AGENTS, INPUT, OUTPUT, CAP = 16, 12_000, 800, 8_000
_TAUGHT = 600
_BYTES_PER_TOKEN = (3.4, 4.4)  # of English text and code, from call to call


def measure() -> list[Figure]:
    from skills.budgets.call_roles import CallRole
    from skills.budgets.models import Period
    from skills.budgets.settle import Usage
    from skills.portfolio.call_bounds import CallBound
    from skills.portfolio.call_ledger import CallLedger
    from skills.portfolio.model_plan import model_plan
    from skills.portfolio.models import PortfolioModel, Provider

    provider = Provider.objects.create(name="Held", kind="vllm", base_url="http://127.0.0.1:9/v1")
    row = PortfolioModel.objects.create(provider=provider, name="held", label="held", max_output_tokens=CAP)
    plan, draw, teacher = model_plan(row), random.Random(20261128), CallLedger()
    for _ in range(_TAUGHT):
        sent = draw.randrange(500, 40_000)
        bound = CallBound(int(sent * draw.uniform(*_BYTES_PER_TOKEN)), CAP)
        teacher.settle(teacher.reserve(plan, CallRole.CANDIDATE, bound), plan, Usage(input=sent), bound)
    instance = Period.objects.get(budget__team=None, budget__account=None)
    before = instance.held_tokens
    ledger = CallLedger()
    for _ in range(AGENTS):
        sent_bytes = int(INPUT * draw.uniform(*_BYTES_PER_TOKEN))
        ledger.reserve(plan, CallRole.CANDIDATE, CallBound(sent_bytes, CAP))
    instance.refresh_from_db()
    held = instance.held_tokens - before
    return [
        Figure(
            f"sum of holds, {AGENTS} agents, {INPUT:,} tokens a call",
            (held - AGENTS * CAP) / (AGENTS * INPUT),
            most=1.5,
            note=f"of the input, beside the output's cap; {held:,} held, {AGENTS * (INPUT + OUTPUT):,} used",
        )
    ]
