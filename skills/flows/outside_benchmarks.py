"""A benchmark.json that was measured elsewhere becomes a file of the skill, reviewed like every other."""

from dataclasses import replace

from skills.bundles.benchmarks import BENCHMARK
from skills.bundles.validate import Validation
from skills.catalog.models import Upload, Version
from skills.delivery.content import all_files
from skills.evals.readings import read_outside_benchmarks
from skills.flows import release
from skills.lib.errors import Problem, ProblemSeverity, Refused
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Role


def stage_with_benchmark(*, actor: Actor, version: Version, data: bytes) -> tuple[Validation, Upload | None]:
    """The files of VERSION with DATA among them, as `release.stage`; raises Refused for another shape."""
    rules.role(actor, version.skill.team, Role.MEMBER)
    if not data:
        text, remedy = "No file was chosen.", "Choose the benchmark.json that your tool wrote."
        raise Refused(Problem("bad_benchmark", text, remedy))
    found, problems = read_outside_benchmarks({BENCHMARK: data})
    if not found:
        # In a bundle such a file is only told about; here somebody wants it to be shown.
        raise Refused([replace(problem, severity=ProblemSeverity.ERROR) for problem in problems])
    return release.stage(actor=actor, content=all_files(version) | {BENCHMARK: data})
