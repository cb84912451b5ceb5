"""What we use of inspect_ai beyond its public interface. Nothing else may reach into it.

It is pinned exactly (inspect-ai==0.3.285 in requirements.txt), because none of this is promised to stay.
tests/evals/test_inspect_adapter.py says what breaks when the pin is raised; docs/decisions/0008 says why
we need it.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspect_ai.model import Model

Generate = Callable[..., Awaitable[Any]]


def silence_display() -> None:
    """Let a run print nothing: inspect would draw its progress over the worker's log."""
    from inspect_ai.util._display import init_display_type

    init_display_type("none")


def forbid_own_retries(model: "Model") -> None:
    """Turn off the retries of botocore, which Bedrock's client has no argument for: nobody pays for them."""
    session = getattr(model.api, "session", None)
    if session is not None:
        session.set_config_variable("max_attempts", 1)


def wrap_generate(model: "Model", wrap: Callable[[Generate], Generate]) -> None:
    """Put WRAP around the one method that every request to the provider goes through.

    Retries call it again, and the judge does too. Hooks would not do: inspect swallows their exceptions.
    """
    model.api.generate = wrap(model.api.generate)  # type: ignore[assignment, method-assign]


def too_slow(seconds: int) -> Exception:
    """What inspect raises when one request takes too long, and tries again."""
    from inspect_ai.model._model import AttemptTimeoutError

    return AttemptTimeoutError(seconds)
