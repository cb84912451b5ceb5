"""What the code says about the documentation is true: every page and file that it names exists."""

import ast
import re

from skills.web.views.docs import PAGES
from tests.architecture.test_house_rules import CODE, ROOT

SERVED_PAGE = re.compile(r"(?<!\w)/docs/([a-z-]+)/")
FILE = re.compile(r"\bdocs/[\w/-]+\.md\b")


def sentences(path):
    """The texts of a module that people may read: its string constants without the docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def test_a_page_that_a_sentence_names_is_served():
    served = {*PAGES, "reference"}

    named = {page for path in CODE for text in sentences(path) for page in SERVED_PAGE.findall(text)}

    assert "bundles" in named
    assert named <= served


def test_no_sentence_sends_a_reader_to_a_file_of_the_source():
    files = {file for path in CODE for text in sentences(path) for file in FILE.findall(text)}

    assert files == set()


def test_a_file_that_a_docstring_or_comment_names_exists():
    named = {(path, name) for path in CODE for name in FILE.findall(path.read_text(encoding="utf-8"))}

    assert [(path, name) for path, name in named if not (ROOT / name).is_file()] == []
