"""Letters that nobody sees, told apart from those that their script or an emoji needs.

What is invisible: everything that Unicode calls default ignorable (variation selectors, zero-width and bidi
controls, tags, fillers), control characters, and blanks that count as letters. Unicode's standard, UTS 51 and
RFC 5892 (appendix A) say where some of them have a use.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

import regex

TAGS = range(0xE0000, 0xE0080)
_ZWNJ, _ZWJ = "\u200c", "\u200d"
_FLAG = "\U0001f3f4"
# The three flags of regions that fonts know; any other row of tags is a text of its own.
_FLAGS_OF_REGIONS = tuple(
    _FLAG + "".join(chr(0xE0000 + ord(letter)) for letter in region) + "\U000e007f"
    for region in ("gbeng", "gbsct", "gbwls")
)
_LONGEST_FLAG = max(map(len, _FLAGS_OF_REGIONS))
INVISIBLE = (  # what stands between the brackets of a pattern
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_PLAIN = re.compile("[\t\n\r -~]+")
_NEAR = 16  # letters on either side that say which way a text runs, or that it is drawn in braille

_EMOJI = regex.compile(r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]")
_KEYCAP = "\u20e3"
_HAN = regex.compile(r"\p{Script=Han}")
_TAKES_FORMS = regex.compile(r"[\p{Script=Han}\p{Script=Myanmar}\p{Script=Phags_Pa}\p{Sm}、。，．：；！？]")
_JOINS = regex.compile(
    r"[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mandaic}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Adlam}"
    r"\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}"
    r"\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}"
    r"\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]"
)
_WRITES_NO_SPACES = regex.compile(
    r"[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Javanese}]"
)
_MONGOLIAN = regex.compile(r"\p{Script=Mongolian}")
_KHMER = regex.compile(r"\p{Script=Khmer}")
_HANGUL_CONSONANT = regex.compile("[\u1100-\u115e\ua960-\ua97c]")
_HANGUL_VOWEL = regex.compile("[\u1161-\u11a7\ud7b0-\ud7c6]")
_BRAILLE = re.compile("[\u2801-\u28ff]")


def unusual(text: str) -> str:
    """TEXT without its plain ASCII: a pattern of many ranges takes six times as long to read past that."""
    return _PLAIN.sub("", text)


def invisible(text: str) -> Iterator[int]:
    """The place of each letter of TEXT that hides: nobody sees it, and what is around it does not need it."""
    if not _INVISIBLE.search(unusual(text)):
        return
    for match in _INVISIBLE.finditer(text):
        position = match.start()
        has_use = _uses().get(match.group())
        if has_use is None or not has_use(text, position):
            yield position


def escaped(document: str) -> str:
    """The same JSON with invisible letters as escapes: a model reads them, people who check it do not."""
    hidden = set(invisible(document))
    return "".join(
        json.dumps(letter)[1:-1] if place in hidden else letter for place, letter in enumerate(document)
    )


def _before(text: str, position: int) -> str:
    return text[position - 1 : position]


def _after(text: str, position: int) -> str:
    return text[position + 1 : position + 2]


def _around(text: str, position: int) -> str:
    return text[max(0, position - _NEAR) : position + 1 + _NEAR]


def _chooses_look_of_symbol(text: str, position: int) -> bool:
    """Selectors 15 and 16 say whether the symbol before is drawn as text or as emoji."""
    before = _before(text, position)
    if before.isascii():
        return before in tuple("#*0123456789") and _after(text, position) == _KEYCAP
    is_selector = "\ufe00" <= before <= "\ufe0f"
    return not is_selector and (
        unicodedata.category(before)[0] == "S" or bool(regex.match(r"\p{Emoji}", before))
    )


def _chooses_form(text: str, position: int) -> bool:
    return bool(_TAKES_FORMS.match(_before(text, position)))


def _chooses_ideograph(text: str, position: int) -> bool:
    return bool(_HAN.match(_before(text, position)))


def _joins(text: str, position: int) -> bool:
    """Between letters of a script that joins them, or between the parts of one emoji."""
    before, after = _before(text, position), _after(text, position)
    if _JOINS.match(before):
        return True
    return text[position] == _ZWJ and bool(_EMOJI.match(before)) and bool(_EMOJI.match(after))


def _divides_words(text: str, position: int) -> bool:
    return bool(_WRITES_NO_SPACES.match(_before(text, position)))


def _turns_text_that_runs_left(text: str, position: int) -> bool:
    letters = filter(str.isalpha, _around(text, position))
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in letters)


def _is_in_a_flag(text: str, position: int) -> bool:
    start = text.rfind(_FLAG, max(0, position - _LONGEST_FLAG), position)
    flag = next((flag for flag in _FLAGS_OF_REGIONS if start >= 0 and text.startswith(flag, start)), "")
    return position < start + len(flag)


def _is_in_a_drawing(text: str, position: int) -> bool:
    return bool(_BRAILLE.search(_around(text, position)))


def _stands_for_a_consonant(text: str, position: int) -> bool:
    return bool(_HANGUL_VOWEL.match(_after(text, position)))


def _stands_for_a_vowel(text: str, position: int) -> bool:
    return bool(_HANGUL_CONSONANT.match(_before(text, position)))


def _is_mongolian(text: str, position: int) -> bool:
    return bool(_MONGOLIAN.match(_before(text, position)))


def _is_khmer(text: str, position: int) -> bool:
    return bool(_KHMER.match(_before(text, position)))


def _keeps_marks_apart(text: str, position: int) -> bool:
    before = _before(text, position)
    return bool(before) and unicodedata.category(before) == "Mn"


@cache
def _uses() -> dict[str, Callable[[str, int], bool]]:
    """Each invisible letter that has a use somewhere, and what says whether it has one here."""
    uses: dict[str, Callable[[str, int], bool]] = {
        "\u034f": _keeps_marks_apart,
        "\u115f": _stands_for_a_consonant,
        "\u1160": _stands_for_a_vowel,
        "\u200b": _divides_words,
        "\u2800": _is_in_a_drawing,
        _ZWNJ: _joins,
        _ZWJ: _joins,
    }
    uses |= dict.fromkeys("\u061c\u200e\u200f", _turns_text_that_runs_left)
    uses |= dict.fromkeys("\u17b4\u17b5", _is_khmer)
    uses |= dict.fromkeys("\u180b\u180c\u180d\u180e\u180f", _is_mongolian)
    uses |= dict.fromkeys("\ufe00\ufe01\ufe02", _chooses_form)
    uses |= dict.fromkeys("\ufe0e\ufe0f", _chooses_look_of_symbol)
    uses |= {chr(code): _chooses_ideograph for code in range(0xE0100, 0xE01F0)}
    uses |= {chr(code): _is_in_a_flag for code in TAGS}
    return uses
