"""The public skills and judged queries beside the repository; benchmarks that need them skip without."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "corpus"
SKILLS = FOLDER / "skills.jsonl.gz"


def is_missing(what: str) -> bool:
    """Whether the corpus is absent; says then that WHAT is not measured."""
    if not SKILLS.exists():
        print(f"The corpus is not at ../shared/corpus: {what} is not measured.")
    return not SKILLS.exists()


def lines() -> Iterator[str]:
    """One skill each, as JSON; never all of them in memory."""
    with gzip.open(SKILLS, "rt") as file:
        yield from file


def skills() -> list[dict]:
    return [json.loads(line) for line in lines()]


def texts() -> list[bytes]:
    """Every SKILL.md."""
    return [row["skill_md"].encode() for row in skills()]


def queries() -> list[dict]:
    return [json.loads(line) for line in (FOLDER / "queries.jsonl").read_text().splitlines()]
