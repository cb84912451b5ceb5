"""Text out of sight: findings for what the upload did not have to refuse."""

from collections.abc import Mapping

from skills.bundles.hidden import suspicious_text
from skills.bundles.magic import decode
from skills.scans.checks.contract import CheckFinding

_SEVERITY = {"html_comment": "low", "zero_width": "high", "mixed_script": "high"}


def check(files: Mapping[str, bytes]) -> list[CheckFinding]:
    found = []
    for path, data in sorted(files.items()):
        text = decode(data)
        for problem in suspicious_text(text, path) if text else ():
            severity = _SEVERITY.get(problem.code, "high")
            found.append(
                CheckFinding(problem.code, severity, path, problem.line, problem.text, "", problem.remedy)
            )
    return found
