"""Whether what looks like a credential can be one: random enough, no name, no example, for somebody's host.

Each test looks at a bounded piece of the text, because an upload may hold thousands of places.
"""

import ipaddress
import math
import re
from collections import Counter
from enum import StrEnum
from itertools import pairwise

_JUDGED_LENGTH = 200  # characters of a value; the longest credentials that the rules know have fewer
_ENTROPY = 3.0  # bits a character; words and repeated letters lie below
_EXAMPLE = re.compile(
    r"(?i)example|x{5,}|your|dummy|placeholder|redacted|sample|\.\.\.|test|fake|1234567|abcdef|\*{3}|<|\$\{"
)
_LINE = 200  # bytes on either side of a value that are read for what the line says of it
_ADDRESS = re.compile(r"[a-z]{2,10}://\S{1,200}")
_MADE_UP = re.compile(
    r"(?i)(?<![a-z])(fake|dummy|placeholder|mock|fictional|revoked|made[ -]up|not[ _-](a[ _-])?real"
    r"|(example|sample|test|demo)[ _-](api[ _-])?(key|token|secret|password|credentials?)"
    r"|(key|token|secret)[_-](example|sample))(?![a-z])"
)
# A key is drawn at random: it has no words between hyphens, and a long one has digits where some are drawn.
_SEGMENTS = re.compile(r"[^A-Za-z0-9]+")
_PLAIN_SEGMENT = re.compile(r"[a-z]*|[A-Z][a-z]+|[A-Z]+|[0-9]{1,4}|[a-z]{2,}[0-9]{1,2}")
_FEWEST_SEGMENTS = 4
_DRAWN_WITH_DIGITS = frozenset({"anthropic_key", "openai_key"})
_HAS_DIGIT_FROM = 36  # characters: of 62 letters and digits, one text in 700 of this length has no digit
_COUNTED = 7  # letters or digits that follow each other as one counts
_SHORT_RULES = frozenset({"aws_access_key", "password_in_url", "private_key"})  # that are judged otherwise

_PASSWORD = re.compile(r"[a-z+]{2,20}://[^\s:/@]+:([^\s:/@]+)@\Z")
_HOST = re.compile(r"\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_.-]{1,253}")
_PLACEHOLDER_WORDS = re.compile(
    r"(?i)password|passwd|secret|passphrase|change|username|user|admin|root|postgresql|postgresdb|postgres"
    r"|mysql|mongodb|mongo|rabbitmq|rabbit|guest|database|localhost|local|development|developer|develop|strong|secure|super|hunter|pass|pwd|here"
    r"|insert|replace|default|demo|app|dev|the|my|me|it|this|some|with|db"
)
_LEFT_OF_PLACEHOLDER = 4  # letters and digits beside the words, as in `password1234`
_LOCAL_SUFFIXES = (".localhost", ".local", ".docker.internal")
_EXAMPLE_HOST = re.compile(r"(?i)(?<![a-z0-9-])(example(\.(com|org|net|edu))?|test|invalid)\Z")  # RFC 2606
_PROSE_IN_KEY = re.compile(r"[A-Za-z][ \t][A-Za-z]")


class Doubt(StrEnum):
    """What speaks against a credential; its absence refuses a bundle."""

    NONE = "none"
    MADE_UP = "made up"
    LOCAL = "local"
    EXAMPLE = "example"


def doubt(rule: str, data: bytes, start: int, length: int) -> Doubt:
    """What speaks against the LENGTH bytes of DATA at START being what RULE of secrets.yar means."""
    value = data[start : start + min(length, _JUDGED_LENGTH)].decode("utf-8", "replace")
    if _EXAMPLE.search(value) or _entropy(value) < _ENTROPY or _is_counted(value):
        return Doubt.EXAMPLE
    if rule == "private_key" and _PROSE_IN_KEY.search(value.partition("KEY-----")[2]):
        return Doubt.EXAMPLE
    if rule not in _SHORT_RULES and _is_name(value):
        return Doubt.EXAMPLE
    if rule in _DRAWN_WITH_DIGITS and len(value) >= _HAS_DIGIT_FROM and not any(map(str.isdigit, value)):
        return Doubt.EXAMPLE
    if rule == "password_in_url":
        host = _HOST.match(data[start + length : start + length + 260].decode("ascii", "replace"))
        found = _doubt_of_address(value, host.group() if host else "")
        if found != Doubt.NONE:
            return found
    return Doubt.MADE_UP if _says_made_up(data, start, length) else Doubt.NONE


def _entropy(value: str) -> float:
    """Shannon entropy of the characters of VALUE, in bits a character."""
    counts, total = Counter(value), len(value)
    return -sum(count / total * math.log2(count / total) for count in counts.values())


def _is_name(value: str) -> bool:
    """Whether VALUE is words and numbers, as the class of a style sheet is."""
    segments = [segment for segment in _SEGMENTS.split(value) if segment]
    return len(segments) >= _FEWEST_SEGMENTS and all(map(_PLAIN_SEGMENT.fullmatch, segments))


def _is_counted(value: str) -> bool:
    """Whether its letters or its digits stand in the order of the alphabet, as in `abc123def456ghi`."""
    letters = [letter for letter in value.lower() if "a" <= letter <= "z"]
    digits = [digit for digit in value if "0" <= digit <= "9"]
    return _longest_count(letters) >= _COUNTED or _longest_count(digits) >= _COUNTED


def _longest_count(letters: list[str]) -> int:
    longest = current = 1
    for before, after in pairwise(letters):
        current = current + 1 if ord(after) == ord(before) + 1 else 1
        longest = max(longest, current)
    return longest


def _says_made_up(data: bytes, start: int, length: int) -> bool:
    """Whether the words beside the value, on its line, say that it is no real one; addresses say nothing."""
    before = data[max(0, start - _LINE) : start].rpartition(b"\n")[2]
    after = data[start + length : start + length + _LINE].partition(b"\n")[0]
    line = f"{before.decode('utf-8', 'replace')} \0 {after.decode('utf-8', 'replace')}"
    return _MADE_UP.search(_ADDRESS.sub(" ", line)) is not None


def _doubt_of_address(value: str, host: str) -> Doubt:
    password = _PASSWORD.search(value)
    if password is not None:
        rest = _PLACEHOLDER_WORDS.sub("", password.group(1))
        if sum(map(str.isalnum, rest)) <= _LEFT_OF_PLACEHOLDER:
            return Doubt.EXAMPLE
    if _EXAMPLE_HOST.search(host):
        return Doubt.EXAMPLE
    return Doubt.LOCAL if _is_local(host.lower()) else Doubt.NONE


def _is_local(host: str) -> bool:
    """The reader's own machine, or a name of one word, which a file of Docker Compose gives a container."""
    if host.endswith(_LOCAL_SUFFIXES) or (host and "." not in host and ":" not in host):
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
