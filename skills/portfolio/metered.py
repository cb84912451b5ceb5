"""Asks a model once, outside of a run: paid for before, booked afterwards, like every other call."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from skills.budgets.call_roles import CallRole
from skills.portfolio.call_bounds import bound_of, refused, usage_of, why_lost
from skills.portfolio.call_ledger import CallLedger
from skills.portfolio.model_plan import ModelPlan

if TYPE_CHECKING:
    from inspect_ai.model import ChatMessage, ModelOutput


def ask(
    plan: ModelPlan,
    messages: "Sequence[ChatMessage]",
    *,
    ledger: CallLedger,
    role: CallRole,
    output_tokens: int,
    seconds: int,
) -> "ModelOutput":
    """What the model answers, in at most OUTPUT_TOKENS and SECONDS; in a worker, which may wait.

    Raises budgets' OutOfBudget or Busy, and whatever the provider's client raises.
    """
    import anyio

    bound = bound_of(messages, (), output_tokens)
    hold = ledger.reserve(plan, role, bound)
    try:
        output = anyio.run(_generate, plan, messages, output_tokens, seconds)
    except BaseException as error:
        if refused(error):
            ledger.release(hold)
        else:
            ledger.lose(hold, why_lost(error))
        raise
    usage = usage_of(output)
    if usage is None:
        ledger.lose(hold, "The answer did not say what was used.")
    else:
        ledger.settle(hold, plan, usage, bound)
    return output


async def _generate(
    plan: ModelPlan, messages: "Sequence[ChatMessage]", output_tokens: int, seconds: int
) -> "ModelOutput":
    from inspect_ai.model import GenerateConfig, get_model

    # No retries: what is held is one request.
    config = GenerateConfig(
        max_tokens=output_tokens,
        temperature=plan.temperature,
        max_retries=0,
        attempt_timeout=seconds,
        **plan.generate_parameters,
    )
    name, arguments = plan.client()
    model = get_model(name, config=config, memoize=False, **arguments)
    return await model.generate(list(messages))
