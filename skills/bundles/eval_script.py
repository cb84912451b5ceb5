"""The file of answers written beforehand that a bundle may bring for scripted models."""

from typing import Any

from skills.bundles.strict_json import BadJson, load

FILE = "evals/scripted.json"


def read_script(data: bytes) -> dict[str, Any]:
    """The answers in DATA; a script that cannot be read has none."""
    try:
        value = load(data, FILE)
    except BadJson:
        return {}
    return value if isinstance(value, dict) else {}
