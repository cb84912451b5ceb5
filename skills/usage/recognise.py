"""Reads a conversation for the skills that were loaded in it. Nothing of the conversation is kept."""

import hashlib
from dataclasses import dataclass

from skills.lib.json_values import JsonObject
from skills.lib.remembered import Remembered
from skills.usage.known_texts import Candidate, KnownTexts, TextLikeness
from skills.usage.letters import letters_of
from skills.usage.request_parts import SkillCall, parts_of
from skills.usage.skill_texts import SkillText, headings, skill_texts

_MOST_REMEMBERED = 50_000  # parts; what was found in each, which is little
_SHORTEST_PART = 12  # characters
_SURE = (TextLikeness.WHOLE, TextLikeness.CUT)


@dataclass(frozen=True, kw_only=True)
class SeenText:
    """The text of a skill in a conversation.

    `candidates` are the versions whose text it may be, best first. `name` and `digest` are those of the text
    itself, "" where nothing says that it is a skill's but its likeness.
    """

    candidates: tuple[Candidate, ...]
    name: str = ""
    digest: str = ""
    end: int = 0  # the letter of its part where it ends

    @property
    def is_known(self) -> bool:
        """Whether it is the text of one of `candidates` and no other."""
        return any(candidate.likeness in _SURE for candidate in self.candidates)


Seen = SeenText | SkillCall


class Recogniser:
    """Finds KNOWN texts. A part of a conversation that comes again is looked at once."""

    def __init__(self, known: KnownTexts) -> None:
        self._known = known
        # By its hash, never by its text; Python's hashes differ from process to process.
        self._remembered: Remembered[tuple[Seen, ...]] = Remembered(_MOST_REMEMBERED)

    def seen_in(self, request: JsonObject) -> list[Seen]:
        """What shows the skills of a conversation, in its order."""
        seen: list[Seen] = []
        for part in parts_of(request):
            if isinstance(part, SkillCall):
                seen.append(part)
            elif len(part) >= _SHORTEST_PART:
                seen += self._seen_in_text(part)
        return seen

    def _seen_in_text(self, text: str) -> tuple[Seen, ...]:
        key = (len(text), hash(text))
        return self._remembered.get(key, lambda: tuple(seen_in_text(self._known, text)))


def seen_in_text(known: KnownTexts, text: str) -> list[Seen]:
    """The skills whose text is in TEXT, and those that our own answers name, in its order."""
    if "\n" not in text:
        text = text.replace("\\n", "\n")  # JSON inside of a string: lines are told by it
    candidates = known.find(letters_of(text))
    texts = [_seen(known, one, text, candidates) for one in skill_texts(text)]
    explained = {candidate for seen in texts for candidate in seen.candidates}
    bare = _apart([candidate for candidate in candidates if candidate not in explained])
    seen = sorted([*texts, *bare], key=lambda one: one.end)
    return [*(SkillCall(name, version) for name, version in headings(text)), *seen]


def _seen(known: KnownTexts, one: SkillText, text: str, candidates: list[Candidate]) -> SeenText:
    """What ONE, a skill's text inside of TEXT, is by the CANDIDATES that were found in all of it."""
    letters = letters_of(one.body)
    start = len(letters_of(text[: one.start]))
    end = start + len(letters)
    inside = [found for found in candidates if found.start < end and found.end > start]
    same = known.same(letters)
    return SeenText(
        candidates=tuple([*same, *inside][:8]),
        name=one.name,
        digest=f"sha256:{hashlib.sha256(letters.tobytes()).hexdigest()}",
        end=end,
    )


def _apart(candidates: list[Candidate]) -> list[SeenText]:
    """CANDIDATES as texts of their own: those that share a place are one, and the best of them says where."""
    groups: list[list[Candidate]] = []
    for candidate in candidates:  # the best first
        for group in groups:
            if candidate.start < group[0].end and candidate.end > group[0].start:
                group.append(candidate)
                break
        else:
            groups.append([candidate])
    return [SeenText(candidates=tuple(group[:8]), end=group[0].end) for group in groups]
