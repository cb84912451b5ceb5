"""How often our rules point at something in the corpus: too often, and reviewers stop looking."""

import time
from collections import Counter

from bench import corpus
from bench.report import Figure

SHOWN = 8  # rules named in the note


def measure() -> list[Figure]:
    from skills.scans.checks import rules

    if corpus.is_missing("how often rules hit"):
        return []
    texts = corpus.texts()
    hits: Counter[str] = Counter()
    any_, high = 0, 0
    started = time.perf_counter()
    for text in texts:
        found = {one.rule: one.severity for one in rules.check({"SKILL.md": text}, seconds=20)}
        hits.update(found.keys())
        any_ += bool(found)
        high += "high" in found.values()
    seconds = time.perf_counter() - started
    most = ", ".join(f"{name} {count}" for name, count in hits.most_common(SHOWN))
    return [
        Figure(
            "skills of the corpus with a high finding",
            high / len(texts),
            most=0.15,
            note=f"{high} of {len(texts)}, {any_} with any finding, by {len(hits)} of {len(rules.rule_names())} rules"
            f" in {seconds:.1f} s; most often {most}",
        )
    ]
