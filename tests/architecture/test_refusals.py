"""Each reason to refuse a bundle is defended in the help: what is refused, why, and the way out."""

import ast
import re

import pytest

from tests.architecture.test_house_rules import ROOT

HELP = (ROOT / "docs" / "help" / "bundles.md").read_text(encoding="utf-8")
CODES = set(re.findall(r"^\| `([a-z_0-9]+)`", (ROOT / "docs/help/problems.md").read_text(), re.MULTILINE))
# Said of two things: a danger in one place, worth a look in the other.
BOTH = {"control_character", "empty_body", "not_text"}
WORDS = {"removed"}  # that are codes elsewhere, and mean something else in the room of bundles


def rows(heading: str) -> list[list[str]]:
    """The cells of each row of the table under HEADING."""
    section = HELP.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def codes(heading: str) -> list[str]:
    return [code for row in rows(heading) for code in re.findall(r"`([a-z_0-9]+)`", row[0])]


def test_a_code_of_the_bundles_stands_in_exactly_one_of_the_two_tables():
    written = {
        node.value
        for path in sorted((ROOT / "skills" / "bundles").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    refused, told = codes("What is refused, and why"), codes("Worth a look")

    assert {*refused, *told} == written & CODES - WORDS
    assert set(refused) & set(told) == BOTH
    assert len({*refused}) == len(refused)
    assert len({*told}) == len(told)


@pytest.mark.parametrize("row", rows("What is refused, and why"), ids=lambda row: row[0])
def test_a_refusal_says_what_why_and_the_way_out(row):
    _, what, why, way_out = row

    assert what
    assert why
    assert way_out
