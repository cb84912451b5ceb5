"""Long lists for other people's tools: a tag that stands for all a list says, and the list kept under it."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence

from skills.lib import soft_cache

_KEPT_SECONDS = 3_600


def tag_of(*facts: Sequence[object] | str) -> str:
    """Changes with any of FACTS, which are all that the list is made of."""
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def body_of(tag: str, make: Callable[[], Mapping[str, object]]) -> str:
    """The JSON under TAG, whoever asked for it first; MAKE is called where it is not kept."""
    body = soft_cache.get(f"list:{tag}")
    if body is None:
        body = json.dumps(make())
        soft_cache.put(f"list:{tag}", body, _KEPT_SECONDS)
    return body
