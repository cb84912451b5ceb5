"""Idempotency-Key: the same request sent twice is done once and answered the same."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse, JsonResponse

from skills.lib.errors import Conflict, refuse

_KEEP = 86_400  # seconds an answer is remembered
_RUNNING = 120  # seconds a first request may take


def once(key: str, account_id: int, body: bytes, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Do WORK, or give the answer it gave to the same KEY and BODY before."""
    if not key:
        return work()
    if len(key) > 200:
        raise refuse("bad_idempotency_key", "Idempotency-Key is longer than 200 characters.")
    slot = f"once:{account_id}:{hashlib.sha256(key.encode()).hexdigest()}"
    mark = hashlib.sha256(body).hexdigest()
    if not cache.add(slot, json.dumps({"mark": mark}), _RUNNING):
        return _again(json.loads(cache.get(slot) or "{}"), mark)
    try:
        response = work()
    except BaseException:
        cache.delete(slot)
        raise
    answer: dict[str, Any] = {"mark": mark, "status": response.status_code}
    cache.set(slot, json.dumps({**answer, "body": json.loads(response.content)}), _KEEP)
    return response


def _again(stored: dict[str, Any], mark: str) -> HttpResponse:
    if stored.get("mark") != mark:
        text = "This Idempotency-Key was used for another request."
        raise refuse("idempotency_key_reused", text, "Use a new key.", kind=Conflict)
    if "status" not in stored:
        text = "The first request with this key is still running."
        raise refuse("idempotency_key_running", text, "Wait, then ask again.", kind=Conflict)
    response = JsonResponse(stored["body"], status=stored["status"])
    response.headers["Idempotent-Replayed"] = "true"
    return response
