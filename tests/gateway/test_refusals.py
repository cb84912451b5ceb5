"""Refusals as clients look at them: what they show to people, and what they conclude."""

import json
from datetime import UTC, datetime
from http import HTTPStatus

import pytest

from skills.gateway.refusals import Refusal
from skills.gateway.wires import WIRES
from tests.gateway.test_bad_input import sentence

pytestmark = pytest.mark.django_db
RESET = datetime(2026, 12, 1, tzinfo=UTC)


def without_budget(text: str) -> Refusal:
    refusal = Refusal(HTTPStatus.TOO_MANY_REQUESTS, text, code="out_of_budget", lasts=True)
    refusal.resets_at = RESET
    return refusal


def test_openai_s_clients_are_told_of_a_usage_limit_and_when_it_resets():
    error = json.loads(WIRES["chat"].refusal(without_budget("No room.")).document)["error"]

    assert (error["type"], error["code"], error["message"]) == ("usage_limit_reached",) * 2 + ("No room.",)
    assert error["resets_at"] == RESET.timestamp()


def test_codex_is_told_the_sentence_where_it_looks_for_one():
    answer = WIRES["responses"].refusal(without_budget("The budget of Zoë\r\nX-Evil: 1 has no room."))

    assert answer.headers == {"x-codex-promo-message": "The budget of Zo???X-Evil: 1 has no room"}


def test_a_budget_for_ever_never_resets(desk):
    desk.limit(150, window="none")

    answer = desk.messages()

    assert sentence(answer).endswith("This usage limit never resets by itself.")
    assert "retry-after" not in answer.headers


def test_who_has_no_price_learns_that_staff_approve_one(desk):
    desk.limit(None, limit_micros=10**9)

    answer = desk.messages("slow")

    assert sentence(answer).endswith("SkillHub's staff can approve a price.")
    assert "retry-after" not in answer.headers
