"""What a bundle may hold and a reviewer should look at: the warnings of `bundles/worth_a_look.py`."""

from collections.abc import Mapping

from skills.bundles.manifest import Manifest
from skills.bundles.worth_a_look import worth_a_look
from skills.scans.checks.contract import CheckFinding, Severity

# A high finding waits for a waiver: nobody could read the file, or it may be a credential.
_SEVERITIES = {
    "archive_inside": Severity.HIGH,
    "binary_file": Severity.MEDIUM,
    "not_text": Severity.HIGH,
    "office_document": Severity.MEDIUM,
    "office_macros": Severity.HIGH,
    "possible_secret": Severity.HIGH,
}


def find_worth_a_look(files: Mapping[str, bytes], manifest: Manifest) -> list[CheckFinding]:
    """A finding for each warning about FILES (path to bytes)."""
    return [
        CheckFinding(
            rule=problem.code,
            severity=_SEVERITIES.get(problem.code, Severity.LOW),
            path=problem.file,
            line=problem.line,
            text=problem.text,
            remedy=problem.remedy,
        )
        for problem in worth_a_look(files, manifest)
    ]
