"""Text out of sight: findings for what the upload did not have to refuse."""

from collections.abc import Mapping

from skills.bundles.hidden import suspicious_text
from skills.bundles.magic import decode
from skills.scans.checks.contract import CheckFinding
from skills.scans.models import Severity

# Comments are usual in Markdown. Everything else that nobody can see has no good reason.
_SEVERITIES = {"html_comment": Severity.LOW}


def find_hidden_text(files: Mapping[str, bytes]) -> list[CheckFinding]:
    """A finding for each suspicious place in FILES (path to bytes), in text and in names."""
    return [
        CheckFinding(
            rule=problem.code,
            severity=_SEVERITIES.get(problem.code, Severity.HIGH),
            path=path,
            line=problem.line,
            text=problem.text,
            remedy=problem.remedy,
        )
        for path, data in sorted(files.items())
        for problem in suspicious_text(decode(data) or "", path)
    ] + [
        CheckFinding(rule=problem.code, severity=Severity.HIGH, path=path, line=0, text=problem.text)
        for path in sorted(files)
        for problem in suspicious_text(path, path)
    ]
