"""`token_budget`: best first, exactly counted, never over."""

import json

import pytest

from skills.lib.tokens import TOKENIZER, count


def counted(results: list) -> int:
    return count(json.dumps(results, ensure_ascii=False, separators=(",", ":")))


@pytest.mark.parametrize("budget", [1, 60, 120, 100_000])
def test_results_fit_and_are_counted_exactly(budget, shelf, client):
    answer = client.get("/api/v1/search", {"q": "invoice minutes query", "token_budget": budget}).json()

    assert answer["tokenizer"] == TOKENIZER
    assert answer["tokens"] == (counted(answer["results"]) if answer["results"] else 0)
    assert answer["tokens"] <= budget
    assert len(answer["results"]) + answer["left_out"] == 4
    assert (len(answer["results"]) == 4) == (budget == 100_000)


@pytest.mark.parametrize("bad", ["0", "-1", "many", "100001"])
def test_other_budgets_are_refused(bad, client, db):
    assert client.get("/api/v1/search", {"q": "x", "token_budget": bad}).status_code == 400
