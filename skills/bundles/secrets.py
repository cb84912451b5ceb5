"""Finds credentials before any byte is kept; the value itself is never shown or stored."""

import math
import re
from collections import Counter

from skills.bundles.hidden import line_of
from skills.lib.errors import Problem

_KINDS: tuple[tuple[str, str], ...] = (
    ("AWS access key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    ("GitHub token", r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),
    ("GitHub token", r"\bgithub_pat_[A-Za-z0-9_]{60,}\b"),
    ("GitLab token", r"\bglpat-[A-Za-z0-9_-]{20,}\b"),
    ("Slack token", r"\bxox[abeoprs]-[A-Za-z0-9-]{20,}\b"),
    ("Anthropic key", r"\bsk-ant-[A-Za-z0-9_-]{32,}\b"),
    ("OpenAI key", r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{32,}\b"),
    ("Google API key", r"\bAIza[0-9A-Za-z_-]{35}\b"),
    ("Stripe key", r"\b[rs]k_live_[A-Za-z0-9]{24,}\b"),
    ("npm token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    ("PyPI token", r"\bpypi-[A-Za-z0-9_-]{60,}\b"),
    ("Hugging Face token", r"\bhf_[A-Za-z0-9]{34}\b"),
    ("SendGrid key", r"\bSG\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{40,}\b"),
    ("SkillHub token", r"\bskh_[A-Za-z0-9_-]{40,}\b"),
    ("private key", r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{60,}"),
    ("password in a URL", r"\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|amqp)://[^\s:/@]+:([^\s:/@]{12,})@"),
)  # fmt: skip
_PATTERN = re.compile("|".join(f"(?P<k{index}>{rule})" for index, (_, rule) in enumerate(_KINDS)))
_EXAMPLE = re.compile(r"(?i)example|x{5,}|your|dummy|placeholder|redacted|sample|\.\.\.|test|fake|1234567|abcdef|\*{3}|<|\$\{")  # fmt: skip
_ENTROPY = 3.0  # bits a character; words and repeated letters lie below


def find_secrets(text: str, file: str) -> list[Problem]:
    """One problem for each thing in TEXT that looks like a live credential."""
    found = []
    for match in _PATTERN.finditer(text):
        value = match.group()
        if _EXAMPLE.search(value) or _entropy(value) < _ENTROPY:
            continue
        kind = _KINDS[int(str(match.lastgroup)[1:])][0]
        what = f"This looks like a {kind}: {redact(value)}."
        remedy = "Revoke it, then read it from the environment instead. No copy was kept."
        found.append(Problem("secret", what, remedy, file, line_of(text, match.start())))
    return found


def redact(value: str) -> str:
    """The first four characters, enough to find it and too few to use it."""
    return f"{value[:4]}… ({len(value)} characters)"


def _entropy(value: str) -> float:
    counts, total = Counter(value), len(value)
    return -sum(count / total * math.log2(count / total) for count in counts.values())
