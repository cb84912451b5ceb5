"""House law that no linter knows: sizes, names, templates, tasks, settings, screens of text."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = [
    p
    for folder in ("skillhub", "skills")
    for p in (ROOT / folder).rglob("*.py")
    if "migrations" not in p.parts and "demo" not in p.parts
]
TEMPLATES = list((ROOT / "templates").rglob("*.html"))
FUNCTION_MAX, FUNCTION_P95, FILE_MAX, TEMPLATE_MAX, TEMPLATE_LINE_MAX = 60, 35, 400, 200, 120


def template_id(path):
    return str(path.relative_to(ROOT / "templates"))


def functions():
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def test_functions_and_files_are_short():
    lengths = sorted(node.end_lineno - node.lineno + 1 for _, node in functions())

    assert lengths[-1] <= FUNCTION_MAX
    assert lengths[int(len(lengths) * 0.95)] <= FUNCTION_P95
    assert not [path for path in CODE if len(path.read_text().splitlines()) > FILE_MAX]
    assert not [path for path in TEMPLATES if len(path.read_text().splitlines()) > TEMPLATE_MAX]


def test_every_module_says_what_it_is_for():
    assert not [
        path
        for path in CODE
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=template_id)
def test_templates_hold_no_inline_style_or_script(path):
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|hx-on|js:|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=template_id)
def test_no_line_of_a_template_is_too_long(path):
    lines = path.read_text(encoding="utf-8").splitlines()

    assert not [number for number, line in enumerate(lines, 1) if len(line) > TEMPLATE_LINE_MAX]


@pytest.mark.parametrize("path", TEMPLATES, ids=template_id)
def test_a_template_begins_with_what_it_is_and_its_context(path):
    head = path.read_text(encoding="utf-8").splitlines()[:2]

    assert any(re.search(r"\{# .*\bContext: .+ #\}", line) for line in head)


def test_queued_tasks_exist():
    from skills.jobs.enqueue import celery_app

    named = {
        node.args[0].value
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "enqueue"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

    assert named
    assert named <= set(celery_app().tasks)


def test_every_variable_is_documented():
    settings = "".join(path.read_text() for path in (ROOT / "skillhub").rglob("*.py"))
    used = set(re.findall(r'\b(?:text|flag|number|listing)\(\s*"([A-Z0-9_]+)"', settings))
    documented = set(
        re.findall(r"^\| `([A-Z0-9_]+)`", (ROOT / "docs" / "configuration.md").read_text(), re.MULTILINE)
    )

    assert used == documented


def test_every_problem_code_is_documented():
    used = set()
    for path in CODE:
        text = path.read_text()
        used |= set(re.findall(r'(?:refuse|Problem|_Unreadable)\(\s*"([a-z_0-9]+)"', text))
        used |= set(re.findall(r'self\.warn\(\s*"([a-z_]+)"', text))
    documented = set(
        re.findall(r"^\| `([a-z_0-9]+)`", (ROOT / "docs" / "help" / "problems.md").read_text(), re.MULTILINE)
    )

    assert used - documented == set()


def test_slow_libraries_are_not_imported_by_pages():
    slow = ("torch", "sentence_transformers", "yara_x", "inspect_ai", "scipy", "boto3")
    code = (
        "import django, sys; django.setup(); import skillhub.urls; "
        f"print([name for name in {slow} if name in sys.modules])"
    )
    import os
    import sys

    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "skillhub.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_no_pickle_and_no_shell():
    for path in CODE:
        text = path.read_text()
        assert "import pickle" not in text and "shell=True" not in text and "yaml.load(" not in text, path
