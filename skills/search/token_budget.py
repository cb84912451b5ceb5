"""Packs an answer into an allowance of tokens, exactly counted, best first."""

import json
from typing import Any

from skills.lib.tokens import TOKENIZER, count
from skills.search.query import Answer


def packed(answer: Answer, budget: int) -> dict[str, Any]:
    """The best results whose JSON has at most BUDGET tokens; what does not fit is passed over."""
    taken: list[dict[str, Any]] = []
    tokens = 0
    for hit in answer.hits:
        skill = hit.skill
        more = {
            "team": skill.team.handle,
            "name": skill.name,
            "version": skill.shown and skill.shown.number,
            "description": skill.description,
            "score": hit.score,
        }
        size = count(json.dumps([*taken, more], ensure_ascii=False, separators=(",", ":")))
        if size <= budget:
            taken, tokens = [*taken, more], size
    return {
        "results": taken,
        "tokens": tokens,
        "tokenizer": TOKENIZER,
        "left_out": len(answer.hits) - len(taken),
        "meaning": answer.meaning,
        "corrections": answer.corrections,
    }
