"""Finds credentials before any byte is kept; the value itself is never shown or stored."""

import math
import re
from collections import Counter

from skills.bundles.hidden import line_of
from skills.lib.errors import Problem

# Kind, text that must be there before the pattern is tried at all, pattern.
_KINDS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (kind, marks, re.compile(pattern))
    for kind, marks, pattern in (
        ("AWS access key", ("AKIA", "ASIA"), r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
        ("GitHub token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),
        ("GitHub token", ("github_pat_",), r"\bgithub_pat_[A-Za-z0-9_]{60,}\b"),
        ("GitLab token", ("glpat-",), r"\bglpat-[A-Za-z0-9_-]{20,}\b"),
        ("Slack token", ("xox",), r"\bxox[abeoprs]-[A-Za-z0-9-]{20,}\b"),
        ("Anthropic key", ("sk-ant-",), r"\bsk-ant-[A-Za-z0-9_-]{32,}\b"),
        ("OpenAI key", ("sk-",), r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{32,}\b"),
        ("Google API key", ("AIza",), r"\bAIza[0-9A-Za-z_-]{35}\b"),
        ("Stripe key", ("k_live_",), r"\b[rs]k_live_[A-Za-z0-9]{24,}\b"),
        ("npm token", ("npm_",), r"\bnpm_[A-Za-z0-9]{36}\b"),
        ("PyPI token", ("pypi-",), r"\bpypi-[A-Za-z0-9_-]{60,}\b"),
        ("Hugging Face token", ("hf_",), r"\bhf_[A-Za-z0-9]{34}\b"),
        ("SendGrid key", ("SG.",), r"\bSG\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{40,}\b"),
        ("SkillHub token", ("skh_",), r"\bskh_[A-Za-z0-9_-]{40,}\b"),
        ("private key", ("PRIVATE KEY",), r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{60,}"),
        (
            "password in a URL",
            ("://",),
            r"\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|amqp)://[^\s:/@]+:([^\s:/@]{12,})@",
        ),
    )
)
_EXAMPLE = re.compile(
    r"(?i)example|x{5,}|your|dummy|placeholder|redacted|sample|\.\.\.|test|fake|1234567|abcdef|\*{3}|<|\$\{"
)
_ENTROPY = 3.0  # bits a character; words and repeated letters lie below


def find_secrets(text: str, file: str) -> list[Problem]:
    """One problem for each thing in TEXT that looks like a live credential."""
    found: list[Problem] = []
    for kind, marks, pattern in _KINDS:
        if not any(mark in text for mark in marks):
            continue
        for match in pattern.finditer(text):
            value = match.group()
            if _EXAMPLE.search(value) or _entropy(value) < _ENTROPY:
                continue
            line = line_of(text, match.start())
            if any(problem.line == line for problem in found):
                continue  # one value may look like two kinds
            what = f"This looks like a {kind}: {redact(value)}."
            remedy = "Revoke it, then read it from the environment instead. No copy was kept."
            found.append(Problem("secret", what, remedy, file, line))
    return found


def redact(value: str) -> str:
    """The first four characters, enough to find it and too few to use it."""
    return f"{value[:4]}… ({len(value)} characters)"


def _entropy(value: str) -> float:
    counts, total = Counter(value), len(value)
    return -sum(count / total * math.log2(count / total) for count in counts.values())
