"""Importing the corpus and folders of every kind: each skill is in exactly one list."""

import gzip
import json
import random
from itertools import islice
from pathlib import Path

import pytest

from skills.management.importing import Importer, ImportReport, count, find
from tests.factories import actor, skill_md


def import_all(path: Path, owner, team, approve=False, most=None) -> ImportReport:
    importer = Importer(actor(owner), team, approve=approve)
    importer.bring_in(islice(find(path), most))
    return importer.report


def sources(report: ImportReport) -> list[str]:
    return [
        *report.imported,
        *(source for source, _ in report.mended),
        *(source for source, _ in report.refused),
    ]


@pytest.mark.corpus
def test_the_whole_corpus_is_accounted_for(corpus, owner, team):
    path = corpus / "skills.jsonl.gz"
    with gzip.open(path, "rt") as lines:
        names = ["{owner}/{slug}".format(**json.loads(line)) for line in lines]

    report = import_all(path, owner, team)

    assert count(path) == len(names) == 1421
    assert sorted(sources(report)) == sorted(names)
    assert all(notes for _, notes in report.mended + report.refused)
    assert len(report.imported) + len(report.mended) >= 1400


@pytest.mark.corpus
def test_importing_again_changes_nothing(corpus, owner, team):
    from skills.catalog.models import Version

    import_all(corpus / "skills.jsonl.gz", owner, team, most=60)
    before = Version.objects.count()

    import_all(corpus / "skills.jsonl.gz", owner, team, most=60)

    assert Version.objects.count() == before


def a_folder(base: Path, number: int) -> None:
    """A skill with some of everything; every seventh is broken in a way that can be mended or not."""
    rng = random.Random(number)
    name = f"made-{number:03}"
    folder = base / name
    folder.mkdir(parents=True)
    text = skill_md(name, body=f"Step {number}.")
    if number % 7 == 3:
        text = text.replace("description: ", "description: Use when: ")
    (folder / "SKILL.md").write_text(text)
    for sub, content in {
        "scripts/run.py": b"#!/usr/bin/env python3\nprint(1)\n",
        "references/more.md": b"# More\n",
        "tools/run.json": json.dumps(
            {
                "name": "run",
                "description": "Runs.",
                "inputSchema": {"type": "object"},
                "script": "scripts/run.py",
            }
        ).encode(),
        "evals/evals.json": json.dumps(
            {"evals": [{"id": 1, "prompt": "Do it", "assertions": ["Done"]}]}
        ).encode(),
        "assets/data.bin": bytes(rng.randrange(256) for _ in range(5_000)),
    }.items():
        if rng.random() < 0.8 or sub == "scripts/run.py":
            (folder / sub).parent.mkdir(exist_ok=True)
            (folder / sub).write_bytes(content)
    if number % 7 == 5:
        (folder / "assets").mkdir(exist_ok=True)
        (folder / "assets" / "tool").write_bytes(b"\x7fELF\x02\x01\x01")


def test_generated_folders_with_scripts_tools_evals_and_binaries(tmp_path, owner, team):
    for number in range(42):
        a_folder(tmp_path, number)

    report = import_all(tmp_path, owner, team, approve=True)

    assert sorted(sources(report)) == sorted(f"made-{number:03}" for number in range(42))
    assert (len(report.imported), len(report.mended), len(report.refused)) == (30, 6, 6)
    from skills.catalog.models import Skill

    assert Skill.objects.filter(shown__isnull=False).count() == 36


def test_two_sources_with_one_name_are_both_kept(tmp_path, owner, team):
    path = tmp_path / "two.jsonl"
    rows = [
        {"owner": o, "slug": "same", "skill_md": skill_md("same", body=f"From {o}.")} for o in ("ann", "bob")
    ]
    path.write_text("\n".join(map(json.dumps, rows)))

    report = import_all(path, owner, team)

    assert report.imported == ["ann/same"]
    assert report.mended == [("bob/same", ["name 'same' was taken and became 'bob-same'"])]


def test_a_git_checkout_brings_only_what_git_tracks(tmp_path, owner, team):
    import subprocess

    a_folder(tmp_path, 0)
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    (tmp_path / "made-000" / "build.log").write_text("not tracked")

    found = next(find(tmp_path))

    assert "build.log" not in found.files
    assert "SKILL.md" in found.files


@pytest.mark.corpus
def test_the_hit_rate_of_the_rules_over_the_corpus_is_modest(corpus):
    from skills.scans.checks import rules

    with gzip.open(corpus / "skills.jsonl.gz", "rt") as lines:
        texts = [json.loads(line)["skill_md"].encode() for line in lines][::7]

    hit = [text for text in texts if any(f.severity == "high" for f in rules.match_rules({"SKILL.md": text}))]

    assert 0 < len(hit) / len(texts) < 0.15
