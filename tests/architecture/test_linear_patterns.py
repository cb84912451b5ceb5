"""No pattern of ours is slow on any text: each is timed on bait that is made from its own parse tree.

A pattern that is quadratic takes four times as long for twice the text. If a new one fails here: write it so
that no two repeats can share a run of characters, that none starts at every place of a run (look behind for
the character before it), and look for a closing mark with `str.find`.
"""

import ast
import importlib
import os
import re
import time
from pathlib import Path

import pytest
import regex

from skills.lib.yara import RuleScanner
from tests.architecture.bait import Bait, baits

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    path
    for folder in ("skillhub", "skills")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts and "demo" not in path.parts
]
RULES = sorted((ROOT / "skills").rglob("*.yar"))
_CALLS = {"compile", "match", "fullmatch", "search", "findall", "finditer", "split", "sub", "subn"}
# Patterns that strangers write themselves; each runs in a child or with a limit of time.
OTHERS = {"skills/bundles/eval_assertions.py", "skills/verdicts/grade.py"}
LENGTH = 32_000  # characters of the longest bait
MOST = 0.05  # seconds for it: a linear pattern takes a tenth, a quadratic one ten times as long
SOAK = os.environ.get("SOAK") == "1"
RATIO = 3.0  # from half of it to the whole


def patterns() -> dict[str, re.Pattern]:
    """Every pattern of the product by where it stands: compiled ones by name, others by their line."""
    found: dict[str, re.Pattern] = {}
    for path in FILES:
        place = path.relative_to(ROOT)
        text = path.read_text(encoding="utf-8")
        if not re.search(r"\bre\.|\bregex\b", text):
            continue
        module = importlib.import_module(".".join(place.with_suffix("").parts))
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern | regex.Pattern) and f"{name} = " in text:
                found[f"{place}:{name}"] = value
        for call in _calls(ast.parse(text)):
            if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
                library = regex if call.func.value.id == "regex" else re
                found[f"{place}:{call.lineno}"] = library.compile(call.args[0].value, _flags_of(call))
    return found


def _calls(tree: ast.AST) -> list[ast.Call]:
    """Calls of `re` with a pattern, those of a module's own level left out: they are found by their names."""
    named = {id(node.value) for node in tree.body if isinstance(node, ast.Assign)}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("re", "regex")
        and node.func.attr in _CALLS
        and id(node) not in named
    ]


def _flags_of(call: ast.Call) -> int:
    words = {node.attr for node in ast.walk(call) if isinstance(node, ast.Attribute)}
    return sum(getattr(re, word) for word in words & {"DOTALL", "MULTILINE", "IGNORECASE"})


def baits_of(pattern: re.Pattern) -> list[Bait]:
    """The baits for PATTERN; `re` does not know the classes of characters that `regex` has."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    known = re.sub(r"\\[pP]\{[^}]*\}", r"\\w", source)
    return baits(known, pattern.flags & (re.DOTALL | re.MULTILINE | re.IGNORECASE))


def seconds(pattern: re.Pattern, text: str) -> float:
    """The processor time of whichever way to use PATTERN is slowest."""
    slowest = 0.0
    for use in (pattern.findall, pattern.match, pattern.fullmatch):
        started = time.process_time()
        use(text)
        slowest = max(slowest, time.process_time() - started)
    return slowest


def is_slow(pattern: re.Pattern, bait: Bait) -> bool:
    """Whether time grows faster than the text; short texts first, so that even the worst ends soon."""
    before = 0.0
    for length in (500, 2_000, 8_000, LENGTH // 2, LENGTH):
        text = bait.text(length)
        if isinstance(pattern.pattern, bytes):
            text = text.encode()
        needed = min(seconds(pattern, text) for _ in range(2 if before > MOST / 10 else 1))
        if needed > MOST and needed > RATIO * before:
            # Measured again: a busy machine makes one of thousands of measurements slow by chance.
            needed = min(needed, *(seconds(pattern, text) for _ in range(3)))
        if needed > MOST and needed > RATIO * before:
            return True
        before = needed
    return False


PATTERNS = patterns()


def test_every_pattern_is_found():
    found = set(PATTERNS)

    assert {"skills/bundles/hidden.py:_WIDE_GAP", "skills/scans/checks/inventory.py:_COMMAND"} <= found
    assert len(found) > 40


def test_only_strangers_patterns_are_not_constants():
    unknown = {
        str(path.relative_to(ROOT))
        for path in FILES
        for call in _calls(ast.parse(path.read_text(encoding="utf-8")))
        if not isinstance(call.args[0], ast.Constant)
    }

    assert unknown <= OTHERS | {"skills/bundles/binary.py"}


@pytest.mark.parametrize("place", PATTERNS)
def test_a_pattern_is_linear_on_bait_of_its_own(place):
    pattern = PATTERNS[place]

    slow = next((bait for bait in baits_of(pattern) if is_slow(pattern, bait)), None)

    assert slow is None


@pytest.mark.parametrize(
    "source",
    [
        r"(?s)<!--(.*?)-->",
        r"[ \t]{200,}\S",
        r"[;&|]\s*\$?\s*([a-z]+)",
        r"\n\s*x",
        r"</?[A-Za-z][^>]*>",
        r"[a-z]+@[a-z]+",
        r"^#{1,6}\s+(.+)$",
    ],
)
def test_the_bait_finds_what_was_slow_once(source):
    pattern = re.compile(source, re.MULTILINE)

    assert any(is_slow(pattern, bait) for bait in baits_of(pattern))


_STRING = re.compile(r"^\s*\$\w+ = /(.*)/([a-z ]*)$", re.MULTILINE)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_no_rule_is_slow_on_bait_of_its_own(path):
    scanner = RuleScanner(path)
    sources = [source for source, _ in _STRING.findall(path.read_text(encoding="utf-8"))]
    some = [bait for source in sources for bait in _baits_of_rule(source)]

    slow = [bait for bait in some[:: 1 if SOAK else max(1, len(some) // 20)] if _is_slow_rule(scanner, bait)]

    assert len(some) > 5 * len(sources)
    assert slow == []


def _baits_of_rule(source: str) -> list[Bait]:
    """YARA-X has its own dialect; what `re` cannot read of it has no bait."""
    try:
        return baits(source.replace(r"\/", "/"), re.DOTALL)
    except re.error:
        return []


def _is_slow_rule(scanner: RuleScanner, bait: Bait) -> bool:
    """YARA-X ends a match after 4,095 bytes, so a text is read at most that often; most far less."""
    started = time.process_time()
    list(scanner.matches(bait.text(20_000).encode()))
    return time.process_time() - started > 1
