"""What does not stop a bundle and is worth a look, of its author before publishing and of a reviewer after.

Text out of sight has a check of its own (`hidden.py`).
"""

from collections.abc import Mapping

from skills.bundles.binary import searchable
from skills.bundles.manifest import Manifest
from skills.bundles.opaque import opaque_file
from skills.bundles.secrets import find_secrets
from skills.lib.errors import Problem, ProblemSeverity
from skills.lib.progress import reading


def worth_a_look(files: Mapping[str, bytes], manifest: Manifest) -> list[Problem]:
    """A warning for each such place in FILES (path to bytes), which are a bundle that was accepted."""
    del manifest
    problems = find_secrets({path: searchable(data) for path, data in files.items()})
    for path, data in sorted(files.items()):
        reading(path)
        if problem := opaque_file(path, data):
            problems.append(problem)
    return [problem for problem in problems if problem.severity == ProblemSeverity.WARNING]
