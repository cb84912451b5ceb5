"""Long encoded texts. Not a rule of YARA-X: it counts up to 600 anew from each letter, a minute for 5 MB."""

import re

from skills.lib.yara import RuleMatch

RULE = "long_encoded_text"
_FACTS = {
    "severity": "medium",
    "text": "A long encoded text that nobody can read.",
    "remedy": "Put the content into assets/ as what it is.",
}
# Each begins where the run of letters or escapes does: from every place of a run it would be quadratic.
_BASE64 = re.compile(rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{600,}")
_ESCAPES = re.compile(rb"(?<!\\x[0-9a-fA-F]{2})(?:\\x[0-9a-fA-F]{2}){60,}")


def match_encoded(data: bytes) -> list[RuleMatch]:
    """The rule with all its places in DATA, nothing where there is none."""
    places = sorted(found.span() for pattern in (_BASE64, _ESCAPES) for found in pattern.finditer(data))
    return [RuleMatch(RULE, _FACTS, tuple((start, end - start) for start, end in places))] if places else []
