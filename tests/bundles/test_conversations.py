"""Prompts of several turns: every form that people write is read, and comes back from the text they edit."""

import json

import pytest

from skills.bundles.conversations import answered, as_text, from_text
from skills.bundles.eval_cases import AssertionKind, Case, Speaker, Turn
from skills.bundles.evals import read_evals
from skills.lib.errors import ProblemSeverity

HELLO, MORE = Turn(Speaker.USER, "Hello."), Turn(Speaker.USER, "Go on.")
ANSWER = Turn(Speaker.ASSISTANT, "Hi.")


def read(item):
    evals, problems = read_evals(
        {"evals/evals.json": json.dumps([item | {"assertions": ["Is kind."]}]).encode()}
    )
    assert [problem.text for problem in problems if problem.severity == ProblemSeverity.WARNING] == []
    return evals.cases[0]


def fault(item):
    evals, problems = read_evals({"evals/evals.json": json.dumps([item]).encode()})
    assert evals.cases == ()
    return problems[0].text


@pytest.mark.parametrize(
    ("item", "turns"),
    [
        ({"prompt": ["Hello.", "Go on."]}, (HELLO, MORE)),
        ({"turns": ["Hello.", "Go on."]}, (HELLO, MORE)),
        ({"input": [{"role": "user", "content": "Hello."}, "Go on."]}, (HELLO, MORE)),
        ({"turns": [{"user": "Hello."}, {"user": "Go on."}]}, (HELLO, MORE)),
        ({"turns": [{"user": "Hello.", "assistant": "Hi."}, {"user": "Go on."}]}, (HELLO, ANSWER, MORE)),
        ({"turns": [{"prompt": "Hello."}, {"input": "Go on."}]}, (HELLO, MORE)),
        (
            {"conversation": [{"from": "human", "value": "Hello."}, {"from": "human", "value": "Go on."}]},
            (HELLO, MORE),
        ),
        (
            {
                "messages": [
                    {"role": "user", "content": [{"type": "text", "text": "Hello."}]},
                    {"role": "assistant", "content": "Hi."},
                    {"role": "user", "content": "Go on."},
                ]
            },
            (HELLO, ANSWER, MORE),
        ),
        ({"messages": [{"role": "user", "content": "Hello."}], "prompt": "Go on."}, (HELLO, MORE)),
        ({"prompt": "Hello.", "turns": ["Go on."]}, (HELLO, MORE)),
        ({"prompt": "Hello.", "turns": ["Hello.", "Go on."]}, (HELLO, MORE)),
        ({"prompt": "Hello.", "follow_ups": ["Go on."]}, (HELLO, MORE)),
        (
            {"messages": [{"role": "system", "content": "Be short."}, {"role": "user", "content": "Hello."}]},
            (Turn(Speaker.SYSTEM, "Be short."), HELLO),
        ),
    ],
)
def test_a_conversation_is_read_in_every_form(item, turns):
    assert read(item).turns == turns


def test_a_conversation_of_one_question_is_a_plain_prompt():
    case = read({"messages": [{"role": "user", "content": "Hello."}]})

    assert (case.prompt, case.turns) == ("Hello.", ())


def test_an_answer_at_the_end_is_what_is_expected():
    case = read(
        {"messages": [{"role": "user", "content": "Hello."}, {"role": "assistant", "content": "Hi."}]}
    )

    assert (case.prompt, case.expected) == ("Hello.", "Hi.")


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"turns": [{"role": "tool", "content": "x"}, "Go."]}, "turn 1 one of 'tool'"),
        ({"turns": ["Go.", 5]}, "turn 2 neither text nor an object"),
        ({"turns": ["Go.", {"role": "user", "content": ""}]}, "turn 2 something that is no text"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": "x"}]}]}, "no text"),
        ({"messages": [{"role": "system", "content": "Be short."}]}, "no turn of the user to answer"),
        ({"turns": ["Go."] * 51}, "51 turns; at most 50"),
    ],
)
def test_a_conversation_that_cannot_be_read_is_refused_by_its_turn(item, words):
    assert words in fault({"id": "talk"} | item)


def test_a_turn_has_assertions_of_its_own_answer():
    turns = [
        {"user": "Hello.", "assertions": [{"type": "contains", "value": "Hi"}]},
        {"user": "Go on.", "expected": "A story"},
    ]

    case = read({"turns": turns})

    assert [(row.answer, row.kind, row.text) for row in case.assertions] == [
        (0, AssertionKind.JUDGE, "Is kind."),
        (1, AssertionKind.CONTAINS, "Answer 1: contains: Hi"),
        (2, AssertionKind.JUDGE, "Answer 2: It is as expected: A story"),
    ]


def test_a_model_answers_where_no_answer_is_written_down():
    assert answered([HELLO, ANSWER, MORE]) == [2]
    assert answered([HELLO, MORE]) == [0, 1]


def test_a_conversation_comes_back_from_the_text_that_people_edit():
    turns = (Turn(Speaker.SYSTEM, "Be short."), HELLO, ANSWER, Turn(Speaker.USER, "Two\n\nlines."))

    assert from_text(as_text(turns)) == turns
    assert from_text("Hello.\n--- user ---\nGo on.") == ()


def test_cases_of_earlier_releases_have_no_turns():
    row = {"id": "1", "prompt": "Go.", "expected": "", "files": [], "assertions": [], "tags": [], "other": {}}

    assert Case.from_json(row).turns == ()
