"""Text as search sees it: words, stems, pieces. Language-neutral, pure, the same for index and query."""

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from skills.bundles.frontmatter import split

VERSION = 1  # raise it when pieces change: vectors of a new generation are then made beside the live ones
WORDS = 2  # raise it when words, stems or impacts change: every document is then written anew
BODY_LIMIT = 200_000  # characters of SKILL.md that are indexed
PIECE = 900  # characters of a passage; the default model reads about 256 tokens
PIECES = 16  # passages of a body that get a vector
HEADINGS = 64  # words of name, description, tags and headings that select by themselves
TERMS = 4_000  # distinct words of a document that are kept, the most frequent first
DIMENSIONS = 1_000_000_000  # of the sparse vectors: words are hashed, collisions are harmless
K1, LENGTH = 2.0, 650  # BM25's saturation, and the words of a usual document (b = 1)
_LETTERS_READ = 400  # of a word, for the 40 that are kept; some are marks that are folded away
STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "help",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "make",
        "me",
        "my",
        "need",
        "no",
        "not",
        "of",
        "on",
        "or",
        "our",
        "please",
        "so",
        "some",
        "such",
        "that",
        "the",
        "their",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "us",
        "want",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_LETTERS = rf"[^\W_{_CJK}]+"
# A run of words that one sign joins is a name of several parts: node.js, CI/CD, R&D, gpt-4.1. A dot before it
# or ++ and # behind it belong to it: .NET, C++, C#; but a dot after a word, as in a path, does not.
_WORD = re.compile(
    rf"[{_CJK}]+|(?:(?<![\w./)\]])\.(?=[A-Za-z]))?{_LETTERS}(?:[./&_-]{_LETTERS})*(?:\+\+|\#(?!\w))?"
)
_PART = re.compile(_LETTERS)
MOST_PARTS = 5  # of such a name; longer ones are paths and addresses
NAME_LENGTH = 40  # characters of a name, and those that are kept of any word: the columns have no more
# Spellings of the same name: asking for one finds the other.
_SAME = {
    "csharp": "c#",
    "fsharp": "f#",
    "cpp": "c++",
    "dotnet": ".net",
    "nodejs": "node-js",
    "cicd": "ci-cd",
}
_PAIRED = re.compile(rf"[{_CJK}]")
_HEADING = re.compile(r"^#{1,6}[ \t]+(\S.*)$", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n\s*\n")


def words(text: str) -> list[str]:
    """Lower-case words without accents; Chinese, Japanese and Korean runs as pairs of characters.

    A name of several parts follows its parts, joined by hyphens however it was written (`is_joined`).
    """
    return [word for word, _, _ in spans(text)]


def parts(text: str) -> list[str]:
    """The words of TEXT as they would stand in the name of a skill: nothing joined, signs kept."""
    return [word for match in _WORD.finditer(text) for word in _parts_of(match.group())]


def _parts_of(raw: str) -> list[str]:
    if _is_paired(raw):
        return [pair for pair, _, _ in _pairs(raw, 0)]
    # A mark that is folded away, such as ﾞ, leaves no part.
    found = [word for part in _PART.findall(raw) if (word := folded(part))]
    if not found:
        return []
    lead, tail = _signs(raw)
    # The signs count: no word is longer than what is kept of one.
    found[0] = f"{lead}{found[0]}"[:NAME_LENGTH]
    found[-1] = f"{found[-1][: NAME_LENGTH - len(tail)]}{tail}"
    return found


def _signs(raw: str) -> tuple[str, str]:
    """What stands before the first letter of RAW and behind the last."""
    return "." if raw.startswith(".") else "", raw[len(raw.rstrip("+#")) :]


def is_joined(word: str) -> bool:
    """Whether WORD is a name of several parts, which stand beside it."""
    return "-" in word


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word with the place in TEXT where it stands."""
    for match in _WORD.finditer(text):
        raw, start = match.group(), match.start()
        if _is_paired(raw):
            yield from _pairs(raw, start)
        elif raw.isalnum():
            word = folded(raw)
            if word:
                yield word, start, match.end()
            if word in _SAME:
                yield _SAME[word], start, match.end()
        else:
            yield from _name(raw, start)


def _is_paired(raw: str) -> bool:
    return not raw.isascii() and _PAIRED.match(raw) is not None


def _pairs(raw: str, start: int) -> Iterator[tuple[str, int, int]]:
    """RAW, a run of one of the scripts without spaces, as pairs of characters."""
    if len(raw) == 1:
        yield folded(raw), start, start + 1
    yield from ((raw[i : i + 2], start + i, start + i + 2) for i in range(len(raw) - 1))


def _name(raw: str, start: int) -> Iterator[tuple[str, int, int]]:
    """The parts of a name with signs in it, and the whole of it."""
    signed, end = _parts_of(raw), start + len(raw)
    spoken = [part for part in _PART.finditer(raw) if folded(part.group())]
    for part, word in zip(spoken, signed, strict=True):
        plain = folded(part.group())
        # One letter says nothing beside its sign: C# is no C.
        if plain == word or len(plain) > 1:
            yield plain, start + part.start(), start + part.end()
        if plain != word:
            yield word, start, end
    joined = "-".join(signed)
    if 1 < len(signed) <= MOST_PARTS and len(joined) <= NAME_LENGTH and not joined.replace("-", "").isdigit():
        yield joined, start, end


def folded(word: str) -> str:
    """WORD in one spelling: case and accents folded, at most 40 characters."""
    if word.isascii():
        return word.lower()[:NAME_LENGTH]
    # One letter may become eighteen (U+FDFA).
    plain = unicodedata.normalize("NFKD", word[:_LETTERS_READ].casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))[:NAME_LENGTH]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """WORD without its commonest English endings; other languages keep theirs mostly."""
    if not word.isascii() or len(word) < 4:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith("ing") and len(word) > 5:
        word = word[:-3]
    elif word.endswith("ed") and len(word) > 4:
        word = word[:-2]
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def query_words(text: str, most: int) -> list[str]:
    """The words of a query that say something, each once; all of them if none does."""
    every = list(dict.fromkeys(words(text)))
    return ([word for word in every if word not in STOP] or every)[:most]


def term_id(term: str) -> int:
    """The coordinate of TERM in sparse vectors, from 1."""
    return zlib.crc32(term.encode()) % DIMENSIONS + 1


def sparse(weights: Mapping[int, float]) -> str:
    """Weights by coordinate as pgvector writes a sparse vector."""
    inside = ",".join(f"{at}:{weight:.4f}" for at, weight in sorted(weights.items()))
    return f"{{{inside}}}/{DIMENSIONS}"


class Text:
    """One skill as words and pieces: what the index keeps of it."""

    def __init__(self, name: str, description: str, tags: Iterable[str], skill_md: str) -> None:
        parts = split(skill_md)
        body = (parts[1] if parts else skill_md)[:BODY_LIMIT].replace("\0", "")
        title = name.replace("-", " ")
        headline = f"{name} {description} {' '.join(tags)}"
        self.surface: dict[str, str] = {}  # a readable word for each stem
        heading = self._stems(f"{headline} {' '.join(_HEADING.findall(body))}")
        telling = (term for term in heading if self.surface[term] not in STOP)
        self.strong = list(dict.fromkeys(telling))[:HEADINGS]
        counted = Counter(self._stems(headline) + self._stems(body))
        self.counts = dict(counted.most_common(TERMS))
        self.pieces = [f"{title}: {description}", *pieces(body)]

    def _stems(self, text: str) -> list[str]:
        stems = []
        for word in words(text):
            word_stem = stem(word)
            self.surface.setdefault(word_stem, word)
            stems.append(word_stem)
        return stems

    @property
    def terms(self) -> list[str]:
        return sorted({*self.counts, *self.strong})

    @property
    def impacts(self) -> str:
        """BM25's part of the document: what each word is worth here, before its rarity."""
        # A name of several parts makes no text longer: its parts are counted.
        norm = K1 * sum(n for term, n in self.counts.items() if not is_joined(term)) / LENGTH
        return sparse({term_id(term): n * (K1 + 1) / (n + norm) for term, n in self.counts.items()})


def pieces(body: str) -> list[str]:
    """BODY in passages of about PIECE characters, cut between paragraphs where that is possible."""
    cut: list[str] = []
    current = ""
    for paragraph in _PARAGRAPH.split(body):
        if current and len(current) + len(paragraph) > PIECE:
            cut.append(current)
            current = ""
        current += paragraph + "\n\n"
        while len(current) > PIECE * 5 // 4:
            cut.append(current[:PIECE])
            current = current[PIECE:]
    cut.append(current)
    return [piece.strip() for piece in cut if len(piece.strip()) > 20][:PIECES]
