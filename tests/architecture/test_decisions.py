"""Decisions are found by their numbers, so no two share one."""

from collections import Counter
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "decisions"
FILES = sorted(FOLDER.glob("*.md"))


def test_no_two_decisions_share_a_number():
    numbers = Counter(path.name[:4] for path in FILES)

    assert FILES
    assert [number for number, count in numbers.items() if count > 1] == []


def test_a_decision_has_its_number_in_its_heading():
    misplaced = [path.name for path in FILES if not path.read_text().startswith(f"# {path.name[:4]}: ")]

    assert misplaced == []
