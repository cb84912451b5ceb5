"""One metered answer of one model, for work that is no trial."""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from skills.budgets.call_roles import CallRole
from skills.evals.engines.budgeted_models import METER, LedgerThread, Meter, budgeted_model
from skills.evals.engines.contract import CasePlan, Ledger, TrialPlan
from skills.evals.engines.inspect_adapter import silence_display
from skills.portfolio.model_plan import ModelPlan
from skills.verdicts.arms import Arm

if TYPE_CHECKING:
    from inspect_ai.model import Model


def one_answer(model: ModelPlan, role: CallRole, ledger: Ledger, *, system: str, question: str) -> str:
    """What MODEL says to QUESTION; its worst case is held before, what it used is booked after.

    Raises OutOfBudget, and whatever the provider's client raises.
    """
    import anyio

    silence_display()
    # Django's ORM is not for event loops (docs/decisions/0008).
    with ThreadPoolExecutor(1, thread_name_prefix="ledger") as pool:
        try:
            asked = budgeted_model(model, role, LedgerThread(ledger, pool))
            return anyio.run(_ask, asked, system, question)
        finally:
            pool.submit(_close_connection).result()


async def _ask(asked: "Model", system: str, question: str) -> str:
    from inspect_ai.model import ChatMessageSystem, ChatMessageUser

    # A call finds its meter by context; there is no trial here whose figures anybody reads.
    nothing = CasePlan(key="", label="", prompt="")
    METER.set(Meter(trial=TrialPlan("", Arm.BASELINE, 0, 1), case=nothing))
    answer = await asked.generate([ChatMessageSystem(content=system), ChatMessageUser(content=question)])
    return answer.completion


def _close_connection() -> None:
    """Django opens a connection a thread and closes none."""
    from django.db import connection

    connection.close()
