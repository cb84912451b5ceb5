"""Text out of sight: findings for what the upload did not have to refuse."""

from collections.abc import Mapping

from skills.bundles.hidden import suspicious_text
from skills.bundles.magic import decode
from skills.lib.progress import reading
from skills.scans.checks.contract import CheckFinding, Severity

# Comments are usual in Markdown. Everything else that nobody can see has no good reason.
_SEVERITIES = {"html_comment": Severity.LOW}


def find_hidden_text(files: Mapping[str, bytes]) -> list[CheckFinding]:
    """A finding for each suspicious place in FILES (path to bytes), in text and in names."""
    return [finding for path, data in sorted(files.items()) for finding in _findings(path, data)]


def _findings(path: str, data: bytes) -> list[CheckFinding]:
    reading(path)
    in_text = [
        CheckFinding(
            rule=problem.code,
            severity=_SEVERITIES.get(problem.code, Severity.HIGH),
            path=path,
            line=problem.line,
            text=problem.text,
            remedy=problem.remedy,
        )
        for problem in suspicious_text(decode(data) or "", path)
    ]
    in_name = [
        CheckFinding(rule=problem.code, severity=Severity.HIGH, path=path, line=0, text=problem.text)
        for problem in suspicious_text(path, path)
    ]
    return in_text + in_name
