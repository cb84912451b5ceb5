"""Publishing the corpus as it is: every skill is accepted, and served byte by byte as it was brought."""

import gzip
import json
import os

import pytest

from skills.delivery.content import all_files
from skills.flows import release
from tests.factories import actor

SKILLS = 1_421
# All of them under SOAK; else one in forty, which has some of each kind of front matter.
STEP = 1 if os.environ.get("SOAK") == "1" else 40
REFUSED_FOR_DANGER: set[str] = set()  # none: the archive was taken with credentials redacted


@pytest.mark.corpus
def test_every_skill_of_the_corpus_is_published_with_its_own_bytes(corpus, owner, team):
    with gzip.open(corpus / "skills.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines]
    refused = set()

    for number, row in list(enumerate(rows))[::STEP]:
        brought = row["skill_md"].encode()
        report, upload = release.stage(actor=actor(owner), content={"SKILL.md": brought}, folder=row["slug"])
        if upload is None:
            refused.add(f"{row['owner']}/{row['slug']}: {report.errors[0].code}")
            continue
        version, _ = release.submit(actor=actor(owner), team=team, upload=upload, number=f"1.0.{number}")
        assert all_files(version) == {"SKILL.md": brought}

    assert len(rows) == SKILLS
    assert refused == REFUSED_FOR_DANGER
