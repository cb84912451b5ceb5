"""Packs an answer into an allowance of tokens, exactly counted, best first."""

import json
from typing import TypedDict

from skills.lib.tokens import TOKENIZER, count
from skills.search.query import Answer, Hit


class FittingHit(TypedDict):
    """What an agent needs of a skill to choose it."""

    team: str
    name: str
    version: str | None
    description: str
    score: float


class FittingAnswer(TypedDict):
    """`tokens` counts `results` as compact JSON; `left_out` are the hits that did not fit."""

    results: list[FittingHit]
    tokens: int
    tokenizer: str
    left_out: int
    meaning: bool
    corrections: dict[str, str]


def packed(answer: Answer, budget: int) -> FittingAnswer:
    """The best results whose JSON has at most BUDGET tokens.

    A hit that does not fit is passed over, because a shorter one behind it may still fit. The whole
    list is counted again for each hit: tokens of two texts do not add up to those of their join.
    """
    results: list[FittingHit] = []
    tokens = 0
    for hit in answer.hits:
        longer = [*results, _packed_hit(hit)]
        size = count(json.dumps(longer, ensure_ascii=False, separators=(",", ":")))
        if size <= budget:
            results, tokens = longer, size
    return {
        "results": results,
        "tokens": tokens,
        "tokenizer": TOKENIZER,
        "left_out": len(answer.hits) - len(results),
        "meaning": answer.meaning,
        "corrections": answer.corrections,
    }


def _packed_hit(hit: Hit) -> FittingHit:
    skill = hit.skill
    return {
        "team": skill.team.handle,
        "name": skill.name,
        "version": skill.shown.number if skill.shown else None,
        "description": skill.description,
        "score": hit.score,
    }
