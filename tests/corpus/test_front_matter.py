"""Front matter of the world: nothing of it stops a bundle, and its types are those of another reader."""

import gzip
import json
import os

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from skills.bundles.frontmatter import read_front_matter
from skills.bundles.limits import BundleLimits
from skills.bundles.manifest import read_manifest
from skills.lib.errors import ProblemSeverity

STEP = 1 if os.environ.get("SOAK") else 12  # each twelfth skill in `make test`
LIMITS = BundleLimits()


@pytest.fixture
def skills(corpus):
    with gzip.open(corpus / "skills.jsonl.gz", "rt") as lines:
        return [json.loads(line) for line in lines][::STEP]


def loaded(raw):
    """What another reader of YAML 1.2 has, as JSON; None where it refuses."""
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    try:
        return json.loads(json.dumps(reader.load(raw), default=lambda value: value.isoformat()))
    except (YAMLError, TypeError):
        return None


@pytest.mark.corpus
def test_the_front_matter_of_no_skill_stops_it(skills):
    for skill in skills:
        matter = read_front_matter(skill["skill_md"], LIMITS)

        _, problems = read_manifest(matter, {}, skill["slug"])

        errors = [problem for problem in problems if problem.severity == ProblemSeverity.ERROR]
        assert (skill["slug"], errors) == (skill["slug"], [])


@pytest.mark.corpus
def test_typed_front_matter_is_what_another_reader_has(skills):
    read = [read_front_matter(skill["skill_md"], LIMITS) for skill in skills]
    valid = [matter for matter in read if not matter.problems]

    assert [matter.fields for matter in valid] == [loaded(matter.raw) for matter in valid]
    assert len(valid) > 0.85 * len(skills)
