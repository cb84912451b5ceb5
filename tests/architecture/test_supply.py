"""What SkillHub is made of is locked by hash; an audit that did not happen is never called clean."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock", ".ci/supply.lock"]
CLEAN = {"name": "django", "version": "5.2", "vulns": []}
VULNERABLE = {
    "name": "requests",
    "version": "2.19.0",
    "vulns": [{"id": "PYSEC-2018-28", "fix_versions": ["2.20.0"]}],
}
SKIPPED = {"name": "torch", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def told(answer: object) -> tuple[list[str], bool]:
    spec = importlib.util.spec_from_file_location("audit_answer", ROOT / ".ci" / "audit_answer.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.told(answer if isinstance(answer, str) else json.dumps({"dependencies": answer}))


@pytest.mark.parametrize("lock", LOCKS)
def test_each_locked_package_has_a_hash(lock):
    packages = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / lock).read_text(encoding="utf-8").strip())

    assert [package for package in packages if "--hash=sha256:" not in package] == []


@pytest.mark.parametrize("answer", ["", "{", "[]", '{"error": 1}', [SKIPPED], [SKIPPED, SKIPPED], []])
def test_an_audit_that_reached_nothing_says_not_checked(answer):
    lines, vulnerable = told(answer)

    assert lines[0].startswith("NOT CHECKED")
    assert not vulnerable


def test_what_was_skipped_is_named_beside_what_was_checked():
    lines, vulnerable = told([CLEAN, SKIPPED])

    assert lines == ["NOT CHECKED: torch.", "1 packages have no known vulnerability."]
    assert not vulnerable


def test_a_known_vulnerability_is_told_with_its_fix():
    lines, vulnerable = told([CLEAN, VULNERABLE])

    assert lines == ["requests 2.19.0: PYSEC-2018-28, mended in 2.20.0"]
    assert vulnerable
