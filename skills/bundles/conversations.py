"""Prompts of several turns: in every form people write them, and as the one text that people edit."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from skills.bundles.eval_cases import Speaker, Turn

MOST_TURNS = 50  # of one case
_HISTORY = ("messages", "history")  # what was said before the prompt, where both are given
_TURNS = ("turns", "conversation", "dialogue", "follow_ups")  # what is said after it
LISTS = (*_TURNS, *_HISTORY)
_PROMPTS = ("prompt", "input", "query")
_ROLES = ("role", "speaker", "from")
_TEXTS = ("content", "text", "value", "message", "prompt", "input", "query")
_SPEAKERS = {
    "system": Speaker.SYSTEM,
    "developer": Speaker.SYSTEM,
    "user": Speaker.USER,
    "human": Speaker.USER,
    "assistant": Speaker.ASSISTANT,
    "ai": Speaker.ASSISTANT,
    "model": Speaker.ASSISTANT,
    "agent": Speaker.ASSISTANT,
}
_HEADING = re.compile(r"--- (system|user|assistant) ---")


class BadConversation(Exception):
    """Turns that cannot be read; says why, as the end of a sentence about the case."""


@dataclass(kw_only=True)
class Conversation:
    """The turns of a case, the last of them a user's.

    `expected` is the answer that was written down after it; `checked` are objects with fields of their own
    about one answer, by its number from 1.
    """

    turns: tuple[Turn, ...]
    expected: str = ""
    checked: list[tuple[int, Mapping[str, Any]]] = field(default_factory=list)


def is_conversation(item: Mapping[str, Any]) -> bool:
    """Whether a case has turns, whatever is in them."""
    return any(isinstance(item.get(key), list) and item[key] for key in (*_PROMPTS, *LISTS))


def read_conversation(item: Mapping[str, Any]) -> Conversation:
    """The conversation of a case; raises BadConversation.

    A prompt beside `messages` comes after them, beside `turns` before them.
    """
    asked, before, after = (_spoken(item, keys) for keys in (_PROMPTS, _HISTORY, _TURNS))
    # Some repeat the prompt as the last message or the first turn.
    question = [turn for turn, _ in asked]
    is_repeated = question in ([turn for turn, _ in end] for end in (before[-1:], after[:1]))
    spoken = [*before, *([] if is_repeated else asked), *after]
    conversation = Conversation(turns=tuple(turn for turn, _ in spoken))
    if conversation.turns and conversation.turns[-1].speaker == Speaker.ASSISTANT:
        conversation.expected = conversation.turns[-1].text
        conversation.turns = conversation.turns[:-1]
    if not conversation.turns or conversation.turns[-1].speaker != Speaker.USER:
        raise BadConversation("has no turn of the user to answer at its end")
    if len(conversation.turns) > MOST_TURNS:
        raise BadConversation(f"has {len(conversation.turns)} turns; at most {MOST_TURNS} are read")
    places = answered(conversation.turns)
    for place, (_, entry) in enumerate(spoken):
        if isinstance(entry, Mapping) and place in places:
            conversation.checked.append((places.index(place) + 1, entry))
    return conversation


def answered(turns: Sequence[Turn]) -> list[int]:
    """The places of the turns that a model answers: the user's, where no answer is written down."""
    following = [*turns[1:], None]
    return [
        place
        for place, (turn, after) in enumerate(zip(turns, following, strict=True))
        if turn.speaker == Speaker.USER and (after is None or after.speaker != Speaker.ASSISTANT)
    ]


def _spoken(item: Mapping[str, Any], keys: Iterable[str]) -> list[tuple[Turn, object]]:
    """The turns under the first of KEYS that a case uses, each with the entry of the list it comes from."""
    value: object = next((item[key] for key in keys if item.get(key)), [])
    entries = value if isinstance(value, list) else [value]
    return [(turn, entry) for number, entry in enumerate(entries, 1) for turn in _turns_of(entry, number)]


def _turns_of(entry: object, number: int) -> Iterator[Turn]:
    """The turns of one entry of a list: a text, a message, or an object that names the speakers as keys."""
    if isinstance(entry, str) and entry.strip():
        yield Turn(Speaker.USER, entry)
        return
    if not isinstance(entry, Mapping):
        raise BadConversation(f"has as turn {number} neither text nor an object")
    role = next((entry[key] for key in _ROLES if entry.get(key)), None)
    if role is None:
        by_name = [(speaker, entry[name]) for name, speaker in _SPEAKERS.items() if name in entry]
        yield from (Turn(named, _text_of(text, number)) for named, text in by_name)
        if by_name:
            return
    speaker = _SPEAKERS.get(str(role or Speaker.USER).lower())
    if speaker is None:
        text = f"has as turn {number} one of {str(role)[:40]!r}; read are system, user and assistant"
        raise BadConversation(text)
    content = next((entry[key] for key in _TEXTS if entry.get(key)), None)
    yield Turn(speaker, _text_of(content, number))


def _text_of(content: object, number: int) -> str:
    """CONTENT as text: a string, or the parts of a message that are all text."""
    parts = content if isinstance(content, list) else [content]
    texts = [part.get("text") if isinstance(part, Mapping) else part for part in parts]
    written = [text for text in texts if isinstance(text, str) and text.strip()]
    if not written or len(written) != len(texts):
        raise BadConversation(f"has as turn {number} something that is no text")
    return "\n".join(written)


def as_text(turns: Iterable[Turn]) -> str:
    """A conversation as people read and edit it: each turn below the name of its speaker."""
    return "\n\n".join(f"--- {turn.speaker} ---\n{turn.text}" for turn in turns)


def from_text(text: str) -> tuple[Turn, ...]:
    """The reverse of `as_text`; no turns where TEXT does not begin with the name of a speaker."""
    turns: list[tuple[Speaker, list[str]]] = []
    for line in text.strip().splitlines():
        heading = _HEADING.fullmatch(line.strip())
        if heading:
            turns.append((Speaker(heading.group(1)), []))
        elif not turns:
            return ()
        else:
            turns[-1][1].append(line)
    return tuple(Turn(speaker, "\n".join(lines).strip()) for speaker, lines in turns)
