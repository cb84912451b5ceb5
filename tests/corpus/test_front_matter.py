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


def loaded(text):
    """What another reader of YAML 1.2 has of the front matter, as JSON; None where it refuses."""
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    lines = text.splitlines(keepends=True)
    ends = [number for number, line in enumerate(lines) if line.rstrip() == "---"]
    raw = "".join(lines[ends[0] + 1 : ends[1]])
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
    texts = [skill["skill_md"] for skill in skills]
    read = [(text, read_front_matter(text, LIMITS)) for text in texts]
    valid = [(text, matter.fields) for text, matter in read if not matter.problems]

    assert [fields for _, fields in valid] == [loaded(text) for text, _ in valid]
    assert len(valid) > 0.85 * len(skills)
