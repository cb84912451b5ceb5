"""The models that a key may call, as each protocol lists them."""

from collections.abc import Mapping, Sequence

from skills.gateway.asked import Protocol
from skills.portfolio.kinds import NativeApi

_LONG_AGO = "2000-01-01T00:00:00Z"  # clients want a day on which the model appeared


def protocol_of(path: str, headers: Mapping[str, str]) -> Protocol:
    """Whose list is asked for: Anthropic's and OpenAI's stand at one address."""
    if path.startswith("/v1beta/"):
        return Protocol.GENERATE
    return Protocol.MESSAGES if "anthropic-version" in headers else Protocol.CHAT


def listed(names: Sequence[str], api: NativeApi) -> dict[str, object]:
    if api == NativeApi.GOOGLE:
        methods = ["generateContent", "streamGenerateContent"]
        return {
            "models": [{"name": f"models/{name}", "supportedGenerationMethods": methods} for name in names]
        }
    if api == NativeApi.ANTHROPIC:
        models = [
            {"type": "model", "id": name, "display_name": name, "created_at": _LONG_AGO} for name in names
        ]
        ends = {"first_id": names[0] if names else None, "last_id": names[-1] if names else None}
        return {"data": models, "has_more": False, **ends}
    rows = [{"id": name, "object": "model", "created": 0, "owned_by": "skillhub"} for name in names]
    return {"object": "list", "data": rows}
