"""The files of one download: pure, so that a limited child can unpack what a stranger packed."""

from dataclasses import dataclass

from skills.bundles.limits import BundleLimits
from skills.bundles.unpack import unpack_tree
from skills.lib.errors import ProblemSeverity


@dataclass(frozen=True)
class Unpacked:
    """Files by path, and reasons by path of what was left out; or why nothing can be read."""

    files: dict[str, bytes]
    left_out: dict[str, str]
    problem: str = ""


def unpack_archive(data: bytes, limits: BundleLimits) -> Unpacked:
    """What the archive DATA holds."""
    tree = unpack_tree(data, limits)
    errors = [problem.text for problem in tree.problems if problem.severity == ProblemSeverity.ERROR]
    return Unpacked(tree.files, tree.left_out, "; ".join(errors))
