"""The outside scanner: a real process that prints SARIF, and every way it can go wrong."""

import json
import sys
import time
from pathlib import Path

import pytest

from skills.catalog.models import State
from skills.jobs.models import Job
from skills.scans.checks.contract import DidNotFinish
from skills.scans.models import ScanState
from skills.scans.outside import ask_scanner
from skills.tasks import scan_version
from tests.factories import a_version

FILES = {"SKILL.md": b"# hi", "scripts/run me.py": b"import os\nos.system('x')\n"}
SCANNER = """
import json, os, pathlib, sys
folder = pathlib.Path(sys.argv[1])
assert not any(name.startswith(("DATABASE", "SECRET", "CANARY")) for name in os.environ), os.environ
results = [
    {"ruleId": "R1", "level": "error", "message": {"text": path.read_text().splitlines()[1]},
     "locations": [{"physicalLocation": {"artifactLocation": {"uri": path.as_uri()},
                                          "region": {"startLine": 2, "snippet": {"text": "os.system"}}}}]}
    for path in folder.rglob("*.py")
]
results.append({"message": {"text": "somewhere else"}, "locations": [
    {"physicalLocation": {"artifactLocation": {"uri": "../../etc/passwd"}}}]})
results.append({"level": "note", "message": {"text": "fine"}, "suppressions": [{"kind": "inSource"}]})
print(json.dumps({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "toy"}}, "results": results}]}))
sys.exit(1)
"""


@pytest.fixture
def scanner(tmp_path):
    def write(code: str) -> str:
        path = tmp_path / "scanner.py"
        path.write_text(code)
        return f"{sys.executable} {path} {{folder}}"

    return write


def test_without_a_command_nothing_is_asked():
    assert ask_scanner(FILES, command="", seconds=5) == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("print('[' * 100_000)", "RecursionError"),
        ("print('{\"runs\":[' + '0,' * 2_000_000 + '0]}')", "TypeError"),
        ("print('{\"runs\": 1}')", "TypeError"),
    ],
)
def test_an_answer_made_to_be_hard_to_read_holds_the_version(scanner, answer, why):
    with pytest.raises(DidNotFinish, match=f"answered no SARIF .{why}"):
        ask_scanner(FILES, command=scanner(answer), seconds=20)


def test_results_become_findings_with_their_place(scanner, monkeypatch):
    monkeypatch.setenv("CANARY_SECRET", "x")

    found, elsewhere = ask_scanner(FILES, command=scanner(SCANNER), seconds=20)

    assert (found.rule, found.severity, found.path, found.line) == ("toy/R1", "high", "scripts/run me.py", 2)
    assert found.text == "os.system('x')" and found.snippet == "os.system"
    assert (elsewhere.path, elsewhere.severity) == ("", "medium")


def test_one_that_never_ends_is_stopped_with_its_children(scanner, tmp_path):
    pid = tmp_path / "pid"
    code = (
        "import subprocess\np = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(pid)!r}, 'w').write(str(p.pid))\np.wait()"
    )
    started = time.monotonic()

    with pytest.raises(DidNotFinish, match="did not finish within 2 s"):
        ask_scanner(FILES, command=scanner(code), seconds=2)

    assert time.monotonic() - started < 20
    deadline = time.monotonic() + 10
    while running(int(pid.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def running(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().split()[2] != "Z"


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "no json",
        "[]",
        "{}",
        json.dumps({"runs": 3}),
        json.dumps({"runs": [{"tool": {}}]}),
        json.dumps({"runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"message": "text"}]}]}),
        json.dumps({"runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"ruleId": "a"}]}]}),
    ],
)
def test_what_is_no_sarif_holds_the_version(answer, scanner):
    with pytest.raises(DidNotFinish, match="no SARIF"):
        ask_scanner(FILES, command=scanner(f"print({answer!r})"), seconds=20)


def test_a_command_that_is_not_there_says_so():
    with pytest.raises(DidNotFinish, match="could not be started"):
        ask_scanner(FILES, command="no-such-scanner {folder}", seconds=5)


def test_a_held_scan_keeps_its_version_in_scanning(settings, owner, team):
    settings.SCANNER_COMMAND = "no-such-scanner {folder}"
    version = a_version(owner, team, scanned=False)
    job = Job.objects.get(task="scan_version", arguments__version_id=version.pk)

    scan_version(job_id=job.pk)

    version.refresh_from_db()
    assert version.state == State.SCANNING
    assert version.scan.state == ScanState.HELD and "could not be started" in version.scan.problem
