"""Text that a pattern which is not linear cannot bear, made from the pattern's own parse tree.

A matcher that backtracks is slow where it reads the same characters again: after each of many openers that
are never closed, in each of many ways to divide a run between two repeats, from each place of a run that ends
in a near-match. For every repeat of a pattern these three are made, with characters that the repeat takes and
that what follows it takes too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from re import _constants as sre
from re import _parser

ALPHABET = [chr(code) for code in range(0x20, 0x7F)] + ["\n", "\t", "\r", "\0", "é", "中"]
_OFTEN = 8  # from this maximum on a repeat can be made slow
_FAVOURITES = "aA0-_./ :<\n\t"  # in this order, where a set of characters leaves the choice
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
Node = tuple[object, object]


@dataclass(frozen=True)
class Bait:
    """HEAD once, then UNIT as often as it takes, then TAIL."""

    head: str
    unit: str
    tail: str

    def text(self, length: int) -> str:
        return self.head + self.unit * (length // max(1, len(self.unit))) + self.tail


def baits(pattern: str, flags: int = 0) -> list[Bait]:
    """All baits for PATTERN, each once."""
    tree = _parser.parse(pattern, flags)
    found: dict[Bait, None] = {}
    for bait in _baits_of(list(tree), "", flags):
        found.setdefault(bait)
    whole = sample(list(tree), flags)
    for part in _beginnings(whole):
        for tail in ("", "\0", "\n", " x"):
            found.setdefault(Bait("", part, tail))
    return list(found)


def _beginnings(text: str) -> Iterator[str]:
    yield text
    for cut in {1, 2, 3, 4, len(text) // 2, len(text) - 1}:
        if 0 < cut < len(text):
            yield text[:cut]


def _baits_of(nodes: Sequence[Node], head: str, flags: int) -> Iterator[Bait]:
    for at, (op, argument) in enumerate(nodes):
        before = head + sample(nodes[:at], flags)
        after = sample(nodes[at + 1 :], flags)
        if op in _REPEATS and argument[1] >= _OFTEN:
            yield from _baits_of_repeat(list(argument[2]), nodes[at + 1 :], before, after, flags)
        for inner in _inside(op, argument):
            yield from _baits_of(inner, before, flags)


def _baits_of_repeat(
    body: Sequence[Node], follows: Sequence[Node], before: str, after: str, flags: int
) -> Iterator[Bait]:
    units = [*_units(body, follows, flags)]
    tails = ["", "\0", "\n", after, after[:-1], after[:-1] + "\0"]
    for unit, tail in product(units, dict.fromkeys(tails)):
        yield Bait(before, unit, tail)
        yield Bait("", unit, tail)
    for unit, filler in product(units, ("", " ", "\n")):
        # Every opener, each with a little of what it repeats, and none of them closed.
        yield Bait("", before + unit + filler, "")
        yield Bait("", before + unit * 3 + filler, "\0")
        yield Bait("", before * 2 + unit + filler, "")
    yield Bait("", before, "")


def _units(body: Sequence[Node], follows: Sequence[Node], flags: int) -> Iterator[str]:
    """What the repeat may repeat; first characters that what follows would take as well."""
    chosen: dict[str, None] = {sample(body, flags): None}
    if len(body) == 1:
        takes = _characters(body[0], flags)
        for node in _flat(follows):
            shared = takes & _characters(node, flags)
            for character in _preferred(shared)[:2]:
                chosen.setdefault(character)
        for character in _preferred(takes)[:3]:
            chosen.setdefault(character)
    yield from (unit for unit in chosen if unit)


def _flat(nodes: Iterable[Node]) -> Iterator[Node]:
    """The nodes that take one character, in and outside of groups and repeats."""
    for op, argument in nodes:
        inner = [*_inside(op, argument)]
        if inner:
            for part in inner:
                yield from _flat(part)
        else:
            yield op, argument


def _inside(op: object, argument: object) -> Iterator[list[Node]]:
    if op in _REPEATS:
        yield list(argument[2])
    elif op == sre.SUBPATTERN:
        yield list(argument[3])
    elif op == sre.ATOMIC_GROUP:
        yield list(argument)
    elif op == sre.BRANCH:
        yield from (list(branch) for branch in argument[1])
    elif op in (sre.ASSERT, sre.ASSERT_NOT):
        yield list(argument[1])


def _preferred(characters: set[str]) -> list[str]:
    return sorted(
        characters,
        key=lambda one: (_FAVOURITES.find(one) if one in _FAVOURITES else len(_FAVOURITES), one),
    )


def _characters(node: Node, flags: int) -> set[str]:
    """Which of ALPHABET the one-character NODE takes."""
    op, argument = node
    if op == sre.LITERAL:
        return {chr(argument)}
    if op == sre.NOT_LITERAL:
        return set(ALPHABET) - {chr(argument)}
    if op == sre.ANY:
        return set(ALPHABET) - (set() if flags & re.DOTALL else {"\n"})
    if op != sre.IN:
        return set()
    inside: set[str] = set()
    for kind, value in argument:
        if kind == sre.LITERAL:
            inside.add(chr(value))
        elif kind == sre.RANGE:
            low, high = value
            inside |= {one for one in ALPHABET if low <= ord(one) <= high} or {chr(low)}
        elif kind == sre.CATEGORY:
            inside |= {one for one in ALPHABET if re.match(_CATEGORIES[value], one)}
    return set(ALPHABET) - inside if argument[0][0] == sre.NEGATE else inside


_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}


def sample(nodes: Sequence[Node], flags: int) -> str:
    """A short text that the nodes match, as far as single nodes decide."""
    return "".join(_sample_of(node, flags) for node in nodes)


def _sample_of(node: Node, flags: int) -> str:
    op, argument = node
    if op in _REPEATS:
        least, most, body = argument
        return sample(list(body), flags) * max(least, min(1, most))
    if op in (sre.SUBPATTERN, sre.ATOMIC_GROUP, sre.BRANCH):
        return next((sample(inner, flags) for inner in _inside(op, argument)), "")
    return next(iter(_preferred(_characters(node, flags))), "")
