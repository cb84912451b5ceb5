"""How often our rules point at something in the corpus: too often, and reviewers stop looking."""

import time
from collections import Counter

from bench import corpus
from bench.report import Figure

SHOWN = 8  # rules named in the note


def measure() -> list[Figure]:
    from skills.scans.checks import rules
    from skills.scans.checks.contract import Severity

    if corpus.is_missing("how often rules hit"):
        return []
    texts = corpus.texts()
    hits: Counter[str] = Counter()
    any_, high = 0, 0
    started = time.perf_counter()
    for text in texts:
        severities = {finding.rule: finding.severity for finding in rules.match_rules({"SKILL.md": text})}
        hits.update(severities.keys())
        any_ += bool(severities)
        high += Severity.HIGH in severities.values()
    seconds = time.perf_counter() - started
    most = ", ".join(f"{name} {count}" for name, count in hits.most_common(SHOWN))
    return [
        Figure(
            "skills of the corpus with a high finding",
            high / len(texts),
            most=0.15,
            note=f"{high} of {len(texts)}, {any_} with any finding,"
            f" by {len(hits)} of {len(rules.rule_names())} rules in {seconds:.1f} s; most often {most}",
        )
    ]
