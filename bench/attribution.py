"""How many tokens of conversations with one approved skill are known by it, and how long that takes.

Every public skill stands in a conversation of each protocol, its text as agents change it. A copy of the same
body under another name is the same skill here: which of the two is meant is decided by who may read which.
"""

import time

from bench import corpus
from bench.report import Figure
from skills.lib.tokens import count
from skills.usage.fingerprints import body_of, fingerprint
from skills.usage.known_texts import KnownTexts, TextLikeness
from skills.usage.letters import letters_of
from skills.usage.recognise import Recogniser, SeenText
from tests.usage.texts import CUT, PROTOCOLS, UNCHANGED, a_body

_LONG = 500_000  # characters of a conversation whose time is taken


def measure() -> list[Figure]:
    if corpus.is_missing("the recognition of skills"):
        return []
    texts = [text.decode() for text in corpus.texts()]
    known = KnownTexts({number: fingerprint(text) for number, text in enumerate(texts)})
    bodies = [letters_of(body_of(text)).tobytes() for text in texts]
    return [*_shares(known, texts, bodies), *_times(known, texts)]


def _shares(known: KnownTexts, texts: list[str], bodies: list[bytes]) -> list[Figure]:
    right = dict.fromkeys((*UNCHANGED, *CUT), 0)
    tokens = 0
    recogniser = Recogniser(known)
    for number, text in enumerate(texts):
        weight = count(text)
        tokens += weight
        for place, change in enumerate(right):
            protocol = PROTOCOLS[(number + place) % len(PROTOCOLS)]
            found = _found(recogniser, protocol(change(text)))
            if found is not None and bodies[found] == bodies[number]:
                right[change] += weight
    shares = {change: amount / tokens for change, amount in right.items()}
    every = sum(shares.values()) / len(shares)
    note = ", ".join(f"{change.__name__} {share:.1%}" for change, share in shares.items())
    return [Figure("tokens of conversations with one skill booked to it", every, least=0.95, note=note)]


def _found(recogniser: Recogniser, request: dict) -> int | None:
    """The version that a conversation is booked to."""
    for seen in reversed(recogniser.seen_in(request)):
        if isinstance(seen, SeenText) and seen.candidates:
            best = seen.candidates[0]
            return best.version_id if best.likeness > TextLikeness.ALTERED else None
    return None


def _times(known: KnownTexts, texts: list[str]) -> list[Figure]:
    text = (a_body(1, paragraphs=900) * 6)[:_LONG] + texts[0]
    return [
        Figure("ms to read 500 KB", 1000 * _best(lambda: known.find(letters_of(text))), most=30),
        Figure("ms to read 500 KB again", 1000 * _best_again(known, text), most=3),
    ]


def _best(work) -> float:
    """Seconds of the quickest of nine."""
    took = []
    for _ in range(9):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return min(took)


def _best_again(known: KnownTexts, text: str) -> float:
    recogniser, request = Recogniser(known), PROTOCOLS[0](text)
    recogniser.seen_in(request)
    return _best(lambda: recogniser.seen_in(request))
