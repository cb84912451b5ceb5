"""What authors wrote and models answered, read by limited children (docs/decisions/0023)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from skills.bundles.benchmarks import OutsideBenchmark, read_benchmarks
from skills.bundles.eval_cases import Assertion, AssertionKind, Evals
from skills.bundles.eval_script import FILE as SCRIPT
from skills.bundles.eval_script import read_script
from skills.bundles.evals import CASES, read_evals, read_written
from skills.catalog.uploads import check_limits, too_costly
from skills.lib.errors import Problem
from skills.lib.limited import LimitReached, Limits, run_limited
from skills.verdicts.grade import Grade, Produced, grade

# These run a pattern that an author chose over what a model answered, which no check has seen before.
_PATTERNS = {
    AssertionKind.REGEX,
    AssertionKind.NOT_REGEX,
    AssertionKind.JSON_SCHEMA,
    AssertionKind.NOT_JSON_SCHEMA,
}
# Many trials end at once, and none of them holds a thread of a page.
_GRADE_LIMITS = Limits(processor_seconds=2, seconds=10, wait=60)


def read_cases(files: Mapping[str, bytes]) -> tuple[Evals, list[Problem]]:
    """Cases, triggers and problems of FILES (path to bytes); raises TooCostly."""
    try:
        return run_limited(check_limits(), read_evals, files)
    except LimitReached as reached:
        raise too_costly(reached) from reached


def read_written_cases(files: Mapping[str, bytes]) -> tuple[Evals, list[Problem]]:
    """The same of evals.json alone, empty where there is none; raises TooCostly."""
    if CASES not in files:
        return Evals(), []
    try:
        return run_limited(check_limits(), read_written, files)
    except LimitReached as reached:
        raise too_costly(reached) from reached


def script_of(files: Mapping[str, bytes]) -> Mapping[str, Any]:
    """The answers of scripted models in FILES; none where there is no script. Raises TooCostly."""
    if SCRIPT not in files:
        return {}
    try:
        return run_limited(check_limits(), read_script, files[SCRIPT])
    except LimitReached as reached:
        raise too_costly(reached) from reached


def read_outside_benchmarks(
    files: Mapping[str, bytes],
) -> tuple[tuple[OutsideBenchmark, ...], list[Problem]]:
    """The benchmarks among FILES and what was wrong with others; raises TooCostly."""
    try:
        return run_limited(check_limits(), read_benchmarks, files)
    except LimitReached as reached:
        raise too_costly(reached) from reached


def limited_grade(assertion: Assertion, produced: Produced) -> Grade:
    """The grade of an assertion that a program can check; failed where checking it takes too much."""
    if assertion.kind not in _PATTERNS:
        return grade(assertion, produced)
    try:
        answer = produced.at(assertion.answer).output
        return run_limited(_GRADE_LIMITS, grade, replace(assertion, answer=0), Produced(output=answer))
    except LimitReached as reached:
        return False, f"this check {reached.detail}"
