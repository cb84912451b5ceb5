"""Idempotency-Key: the same request sent twice is done once and answered the same."""

import hashlib
import json
from collections.abc import Callable
from typing import NotRequired, TypedDict

from django.core.cache import cache
from django.http import HttpResponse, JsonResponse

from skills.lib.errors import Conflict, refuse
from skills.lib.json_values import Json

_ANSWER_SECONDS = 86_400  # an answer is remembered for a day, as long as clients keep trying
_RUN_SECONDS = 120  # a first request may take; longer than any timeout in front of us
_LONGEST_KEY = 200


class StoredAnswer(TypedDict):
    """`mark` is the sha256 of the request's body; the rest is there once the work is done."""

    mark: NotRequired[str]
    status: NotRequired[int]
    body: NotRequired[Json]


def once(key: str, account_id: int, body: bytes, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Do WORK, or repeat the answer that it gave to the same KEY and BODY of this account.

    Without a key WORK is simply done. Raises Conflict where the key stands for another body, or where the
    first request with it is still running. A WORK that raises leaves the key free for another try.
    """
    if not key:
        return work()
    if len(key) > _LONGEST_KEY:
        raise refuse("bad_idempotency_key", "Idempotency-Key is longer than 200 characters.")
    slot = f"once:{account_id}:{hashlib.sha256(key.encode()).hexdigest()}"
    body_hash = hashlib.sha256(body).hexdigest()
    # `add` sets only what is not there: of two equal requests at the same time one does the work.
    if not cache.add(slot, json.dumps({"mark": body_hash}), _RUN_SECONDS):
        return _repeat(json.loads(cache.get(slot) or "{}"), body_hash)
    try:
        response = work()
    # Also when the process is told to stop: a key that stays taken would block the retry for two minutes.
    except BaseException:
        cache.delete(slot)
        raise
    answer: StoredAnswer = {
        "mark": body_hash,
        "status": response.status_code,
        "body": json.loads(response.content),
    }
    cache.set(slot, json.dumps(answer), _ANSWER_SECONDS)
    return response


def _repeat(stored: StoredAnswer, body_hash: str) -> HttpResponse:
    if stored.get("mark") != body_hash:
        text = "This Idempotency-Key was used for another request."
        raise refuse("idempotency_key_reused", text, "Use a new key.", kind=Conflict)
    if "status" not in stored:
        text = "The first request with this key is still running."
        raise refuse("idempotency_key_running", text, "Wait, then ask again.", kind=Conflict)
    response = JsonResponse(stored["body"], status=stored["status"])
    response.headers["Idempotent-Replayed"] = "true"
    return response
