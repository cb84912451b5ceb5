"""Words that look like plain ones: in mathematical or circled letters and the like, or of other scripts.

The data is Unicode's list of confusables (UTS 39), as the library has it, and its compatibility forms.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import regex

# Scripts that hold twins of Latin letters and whose words nobody writes into one with Latin ones.
_TWIN_SCRIPTS = frozenset(
    [
        "CYRILLIC",
        "GREEK",
        "ARMENIAN",
        "CHEROKEE",
        "COPTIC",
        "LISU",
        "WARANG",
        "CANADIAN",
        "TIFINAGH",
        "GEORGIAN",
    ]
)
# Letter-like symbols; letters in parentheses and circles; full-width; mathematical; in circles and squares.
# Whole blocks: a set of single letters takes `re` ten times as long.
STYLED = "\u2100-\u214f\u249c-\u24e9\uff21-\uff5a\U0001d400-\U0001d7ff\U0001f110-\U0001f149"
# The blocks of the scripts above.
TWINS = (
    "\u0370-\u058f\u10a0-\u10ff\u13a0-\u167f\u1c80-\u1cbf\u1f00-\u1fff\u2c80-\u2d7f\u2de0-\u2dff\ua4d0-\ua4ff"
    "\ua640-\ua69f\uab70-\uabbf\U000118a0-\U000118ff\U00011fb0"
)
_STYLED_RUN = re.compile(f"[{STYLED}]+")
_TWIN = re.compile(f"[{TWINS}]")
# In Chinese, Japanese and Korean text full-width letters are how some write Latin words.
_EAST_ASIAN = regex.compile(
    r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f]"
)
_FULL_WIDTH = re.compile("[\uff21-\uff3a\uff41-\uff5a]+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_NEAR = 200  # characters on either side in which people who write in a script use more of its letters
_SHORTEST_STYLED = 2  # letters: a single one stands for itself, in a formula or a list


class Disguise(StrEnum):
    STYLED = "styled"  # a word in letters that are a style of Latin ones
    MIXED = "mixed"  # a letter of another script inside a Latin word
    FOREIGN = "foreign"  # a word of another script, where nothing else is written in it


@dataclass(frozen=True, kw_only=True)
class LookAlike:
    """A WORD at START that looks like PLAIN, because of LETTER and perhaps others."""

    kind: Disguise
    start: int
    word: str
    letter: str
    plain: str

    @property
    def end(self) -> int:
        return self.start + len(self.word)


def lookalikes(text: str) -> Iterator[LookAlike]:
    """Every word of TEXT whose letters look like others, the styled ones first."""
    if not text.isascii():
        yield from _styled_words(text)
        if _TWIN.search(text):
            yield from _mixed_words(text)
            yield from _foreign_words(text)


def skeleton(name: str) -> str:
    """What NAME looks like: equal for two names that a reader may take for each other."""
    twins = _twins()
    plain = "".join(twins.get(letter, letter) for letter in unicodedata.normalize("NFKC", name).casefold())
    return plain.casefold()


def _styled_words(text: str) -> Iterator[LookAlike]:
    for match in _STYLED_RUN.finditer(text):
        word, (start, end) = match.group(), match.span()
        letters = [letter for letter in word if _is_styled(letter)]
        beside = text[max(0, start - 1) : start] + text[end : end + 1]
        in_a_word = any(letter.isascii() and letter.isalpha() for letter in beside)
        if len(letters) < (1 if in_a_word else _SHORTEST_STYLED):
            continue
        if _FULL_WIDTH.fullmatch(word) and _EAST_ASIAN.search(beside):
            continue
        plain = unicodedata.normalize("NFKC", word)
        yield LookAlike(kind=Disguise.STYLED, start=start, word=word, letter=letters[0], plain=plain)


def _mixed_words(text: str) -> Iterator[LookAlike]:
    twins = _twins()
    for match in _WORD.finditer(text):
        word = match.group()
        if word.isascii() or not any(letter.isascii() for letter in word):
            continue
        strange = next((letter for letter in word if letter in twins), "")
        if strange:
            plain = "".join(twins.get(letter, letter) for letter in word)
            yield LookAlike(kind=Disguise.MIXED, start=match.start(), word=word, letter=strange, plain=plain)


def _foreign_words(text: str) -> Iterator[LookAlike]:
    """Words all of whose letters have twins, unless a word near by has letters of that script without one.

    In a living language nearly every word has. Of 50,000 words of translated messages, each beside its
    English, 33 were found: one word of Mongolian, 33 times.
    """
    twins = _twins()
    doubtful: list[tuple[int, str, str]] = []
    honest: defaultdict[str, list[int]] = defaultdict(list)  # places in the text, ascending
    for match in _WORD.finditer(text):
        word = match.group()
        script = "" if word.isascii() else _script_of(word)
        if not script:
            continue
        if all(letter in twins for letter in word):
            doubtful.append((match.start(), word, script))
        else:
            honest[script].append(match.start())
    for start, word, script in doubtful:
        places = honest[script]
        next_one = bisect_left(places, start - _NEAR)
        if next_one == len(places) or places[next_one] > start + _NEAR:
            plain = "".join(twins[letter] for letter in word)
            yield LookAlike(kind=Disguise.FOREIGN, start=start, word=word, letter=word[0], plain=plain)


def _script_of(word: str) -> str:
    """The script with twins of Latin letters that all of WORD is written in, "" for any other word."""
    scripts = {_script_of_letter(letter) for letter in word}
    return scripts.pop() if len(scripts) == 1 else ""


@cache
def _script_of_letter(letter: str) -> str:
    script = unicodedata.name(letter, "?").split()[0]
    return script if script in _TWIN_SCRIPTS else ""


@cache
def _is_styled(letter: str) -> bool:
    plain = unicodedata.normalize("NFKC", letter).strip("()")
    is_letter = len(plain) == 1 and plain.isascii() and plain.isalpha()
    return is_letter and not regex.match(r"\p{Emoji}", letter)


@cache
def _twins() -> dict[str, str]:
    """Each letter of another script that looks like a plain one, and that one; built once, 50 ms."""
    from confusable_homoglyphs.confusables import confusables_data

    twins = {}
    for letter, looks in confusables_data.items():
        if len(letter) != 1 or not _script_of_letter(letter):
            continue
        plain = next((one["c"] for one in looks if one["c"].isascii() and one["c"].isalpha()), "")
        if len(plain) == 1:
            twins[letter] = plain
    return twins
