"""A manifest is stored as JSON and read back as what it was."""

import json

from skills.bundles.limits import BundleLimits
from skills.bundles.manifest import Manifest
from skills.bundles.validate import check_files
from tests.factories import skill_md

TOOL = {
    "name": "go",
    "description": "Goes.",
    "inputSchema": {"type": "object"},
    "script": "scripts/go.py",
}
EVALS = {
    "evals": [
        {"id": 1, "prompt": "a", "assertions": ["x", {"type": "regex", "pattern": "b+"}], "tags": ["t"]},
        {"query": "Do it.", "should_trigger": True},
    ]
}
CONTENT = {
    "SKILL.md": skill_md(license="MIT", homepage="https://example.org", metadata='{tags: "a, b"}').encode(),
    "scripts/go.py": b"pass",
    "tools/go.json": json.dumps(TOOL).encode(),
    "evals/evals.json": json.dumps(EVALS).encode(),
}


def test_a_stored_manifest_reads_back_equal():
    manifest = check_files(CONTENT, BundleLimits()).accepted().manifest

    stored = json.loads(json.dumps(manifest.as_json()))

    assert Manifest.from_json(stored) == manifest
    assert manifest.tools
    assert manifest.evals.cases
    assert manifest.evals.triggers


def test_the_empty_manifest_of_a_removed_version_has_empty_fields():
    manifest = Manifest.from_json({})

    assert manifest == Manifest()
    assert (manifest.description, manifest.tags, manifest.evals.cases) == ("", [], ())
