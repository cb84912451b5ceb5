"""Kinds of providers."""

from typing import Any

from skills.portfolio.model_plan import ModelPlan


def address(plan: ModelPlan) -> tuple[str, dict[str, Any]]:
    """What inspect_ai calls the model, and the arguments that keep its client from retrying unseen."""
    if plan.kind == "scripted":
        return f"mockllm/{plan.name}", {}
    if plan.kind == "google":
        return f"google/{plan.name}", {"api_version": "v1beta"} if plan.base_url else {}
    if plan.kind == "anthropic":
        return f"anthropic/{plan.name}", {"max_retries": 0}
    if plan.kind == "openai":
        return f"openai/{plan.name}", {"max_retries": 0, "responses_api": False}
    return f"openai-api/{plan.kind.replace('_', '-')}/{plan.name}", {"max_retries": 0}
