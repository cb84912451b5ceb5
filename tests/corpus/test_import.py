"""Importing the corpus and folders of every kind: each skill has one line, the same again changes nothing."""

import gzip
import json
import random
import shutil
import subprocess
import tarfile
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from skills.catalog.models import Skill, State, Version
from skills.delivery.content import all_files
from skills.flows import access
from skills.flows.intake.changes import Change, ChangeKind
from skills.lib.errors import Refused
from skills.management.importing import Importer, open_path
from tests.factories import a_person, a_team, a_version, actor, files, skill_md


def import_all(path: Path, owner, team, approve=False) -> dict[str, Change]:
    lines = Importer(actor(owner), team, approve=approve).bring_in(*open_path(path))
    return {line.path: line for line in lines}


def kinds(lines: dict[str, Change]) -> Counter:
    return Counter(line.kind for line in lines.values())


def write(base: Path, files: dict[str, str | bytes]) -> Path:
    for path, text in files.items():
        file = base / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return base


def git(folder: Path, *words: str) -> None:
    settings = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", "-C", str(folder), *settings, *words], check=True, capture_output=True)


def a_checkout(base: Path, files: dict[str, str | bytes], remote: str = "") -> Path:
    base.mkdir()
    git(base, "init", "-q")
    write(base, files)
    git(base, "add", "-A", "-f")
    git(base, "commit", "-qm", "one")
    if remote:
        git(base, "remote", "add", "origin", remote)
    return base


@pytest.mark.corpus
def test_the_whole_corpus_is_accounted_for(corpus, owner, team):
    path = corpus / "skills.jsonl.gz"
    with gzip.open(path, "rt") as lines:
        names = ["{owner}/{slug}".format(**json.loads(line)) for line in lines]

    found = import_all(path, owner, team)

    assert len(names) == 1421
    assert sorted(found) == sorted(names)
    assert all(line.problems for line in found.values() if line.kind == ChangeKind.REFUSED)
    assert kinds(found)[ChangeKind.REFUSED] <= 21


@pytest.mark.corpus
def test_importing_the_corpus_again_changes_nothing(corpus, owner, team, tmp_path):
    with gzip.open(corpus / "skills.jsonl.gz", "rt") as lines:
        some = "".join(lines.readline() for _ in range(60))
    path = tmp_path / "some.jsonl"
    path.write_text(some)
    import_all(path, owner, team)
    before = Version.objects.count()

    again = import_all(path, owner, team)

    assert kinds(again)[ChangeKind.NEW] == kinds(again)[ChangeKind.NEXT] == 0
    assert Version.objects.count() == before


def a_folder(base: Path, number: int) -> None:
    """A skill with some of everything; every seventh holds what no bundle may hold."""
    rng = random.Random(number)
    name = f"made-{number:03}"
    parts = {
        "scripts/run.py": b"#!/usr/bin/env python3\nprint(1)\n",
        "references/more.md": b"# More\n",
        "evals/evals.json": json.dumps(
            {"evals": [{"id": 1, "prompt": "Do it", "assertions": ["Done"]}]}
        ).encode(),
        "assets/data.bin": bytes(rng.randrange(256) for _ in range(5_000)),
    }
    files = {path: data for path, data in parts.items() if rng.random() < 0.8}
    if number % 7 == 5:
        files["assets/tool"] = b"\x7fELF\x02\x01\x01"
    write(base / name, {"SKILL.md": skill_md(name, body=f"Step {number}."), **files})


def test_folders_with_scripts_evals_and_binaries_are_released(tmp_path, owner, team):
    for number in range(14):
        a_folder(tmp_path, number)

    lines = import_all(tmp_path, owner, team, approve=True)

    assert kinds(lines) == {ChangeKind.NEW: 12, ChangeKind.REFUSED: 2}
    assert Skill.objects.filter(shown__isnull=False).count() == 12


def test_bytes_that_staff_removed_keep_nothing_else_back(tmp_path, owner, team):
    write(tmp_path, {f"skill-{number}/SKILL.md": skill_md(f"skill-{number}") for number in range(3)})
    version = a_version(owner, team, "skill-1", content=files("skill-1"))
    access.remove(actor=actor(a_person("boss", staff=True)), version_id=version.pk, reason="It steals keys.")

    lines = import_all(tmp_path, owner, a_team("fresh", admin=owner))

    assert [(line.name, line.kind) for line in lines.values()] == [
        ("skill-0", ChangeKind.NEW),
        ("skill-1", ChangeKind.REFUSED),
        ("skill-2", ChangeKind.NEW),
    ]
    assert "It steals keys" in lines["skill-1"].problems[0].text


def test_what_an_ended_import_left_unreleased_is_released_by_the_next(tmp_path, owner, team):
    a_folder(tmp_path, 0)
    import_all(tmp_path, owner, team)

    lines = import_all(tmp_path, owner, team, approve=True)

    assert kinds(lines) == {ChangeKind.UNCHANGED: 1}
    assert Version.objects.get().state == State.APPROVED


def test_two_lines_with_one_name_are_both_kept(tmp_path, owner, team):
    path = tmp_path / "two.jsonl"
    rows = [
        {"owner": o, "slug": "same", "skill_md": skill_md("same", body=f"From {o}.")} for o in ("ann", "bob")
    ]
    path.write_text("\n".join(map(json.dumps, rows)))

    lines = import_all(path, owner, team)

    assert {line.name for line in lines.values()} == {"same", "ann-same"}


def test_a_folder_elsewhere_with_the_edited_skill_makes_the_next_version(tmp_path, owner, team):
    one = write(tmp_path / "v1", {"label/SKILL.md": skill_md("label")})
    two = write(tmp_path / "v2", {"label/SKILL.md": skill_md("label", body="Print.")})
    three = write(tmp_path / "v3", {"label/SKILL.md": skill_md("label", body="Print it.", version="1.1.0")})

    lines = [import_all(path, owner, team)["label"] for path in (one, two, three)]

    assert [line.number for line in lines] == ["1.0.0", "1.0.1", "1.1.0"]
    assert lines[2].number_from == "written in SKILL.md"


def test_files_are_stored_as_they_lie_there(tmp_path, owner, team):
    text = "\ufeff---\r\nname: Odd Name\r\ndescription: Tidies odds.\r\n---\r\nBody\r\n"
    write(tmp_path, {"odd/SKILL.md": text, "odd/notes.txt": b"caf\xe9\n"})

    lines = import_all(tmp_path, owner, team)

    stored = all_files(Version.objects.get())
    assert stored["SKILL.md"] == text.encode()
    assert (lines["odd"].name, lines["odd"].written_name) == ("odd-name", "Odd Name")


def test_a_checkout_brings_what_git_tracks_and_names_the_rest(tmp_path, owner, team):
    files = {"a/SKILL.md": skill_md("a-one"), "gone/SKILL.md": skill_md("b-two")}
    base = a_checkout(tmp_path / "repo", files)
    write(base, {"a/build.log": "not tracked", "new/skill.md": skill_md("c-three")})
    (base / "gone" / "SKILL.md").unlink()

    lines = import_all(base, owner, team)

    assert lines["a"].kind == ChangeKind.NEW
    assert [problem.text for problem in lines["a"].left_out] == [
        "build.log was left out: git does not track it."
    ]
    assert lines["new"].problems[0].text == "Git does not track it."
    assert lines["gone"].problems[0].text == "Git tracks it, and it is not in the folder."


def test_a_skill_in_a_submodule_is_named_with_the_reason(tmp_path, owner, team):
    base = a_checkout(tmp_path / "repo", {"a/SKILL.md": skill_md("a-one")})
    git(base, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor/other")
    write(base, {"vendor/other/SKILL.md": skill_md("b-two")})

    lines = import_all(base, owner, team)

    assert lines["a"].kind == ChangeKind.NEW
    assert lines["vendor/other"].problems[0].text == "It is a submodule: import that by itself."


def test_a_checkout_names_address_and_commit_without_a_password(tmp_path, owner, team):
    base = a_checkout(
        tmp_path / "repo", {"x/a/SKILL.md": skill_md("a-one")}, "https://me:secret@example.org/acme/tools.git"
    )

    import_all(base / "x", owner, team)

    provenance = Version.objects.get().provenance
    assert (provenance.url, provenance.path) == ("https://example.org/acme/tools.git", "x/a")
    assert len(provenance.revision) == 40


def test_the_clone_of_a_checkout_is_the_same_source(tmp_path, owner, team):
    remote = "git@example.org:acme/tools.git"
    base = a_checkout(
        tmp_path / "repo", {"a/SKILL.md": skill_md("a-one"), "b/SKILL.md": skill_md("b-two")}, remote
    )
    import_all(base, owner, team)
    git(base, "rm", "-rq", "b")
    shutil.move(base, tmp_path / "other")

    lines = import_all(tmp_path / "other", owner, team)

    assert {path: line.kind for path, line in lines.items()} == {
        "a": ChangeKind.UNCHANGED,
        "b": ChangeKind.GONE,
    }


def test_a_part_of_a_checkout_says_nothing_about_the_rest(tmp_path, owner, team):
    base = a_checkout(
        tmp_path / "repo", {"x/a/SKILL.md": skill_md("a-one"), "y/b/SKILL.md": skill_md("b-two")}
    )
    import_all(base, owner, team)

    lines = import_all(base / "x", owner, team)

    assert {path: line.kind for path, line in lines.items()} == {"x/a": ChangeKind.UNCHANGED}


def test_what_git_refuses_is_told_in_its_words(tmp_path):
    base = a_checkout(tmp_path / "repo", {"a/SKILL.md": skill_md("a-one")})
    (base / ".git" / "config").write_text("[core\n")

    with pytest.raises(Refused, match="bad config line 1"):
        open_path(base)


def test_a_setting_of_the_repository_starts_nothing(tmp_path, owner, team):
    base = a_checkout(tmp_path / "repo", {"a/SKILL.md": skill_md("a-one")})
    git(base, "config", "core.fsmonitor", f"touch {tmp_path}/started; false")

    import_all(base, owner, team)

    assert not (tmp_path / "started").exists()


def test_links_inside_are_followed_and_others_are_named(tmp_path, owner, team):
    secret = write(tmp_path, {"secret.txt": "no"}) / "secret.txt"
    base = write(tmp_path / "repo", {"shared/guide.md": "# Guide\n", "a/SKILL.md": skill_md("a-one")})
    (base / "a" / "guide.md").symlink_to("../shared/guide.md")
    (base / "a" / "shared").symlink_to("../shared")
    (base / "a" / "secret.txt").symlink_to(secret)
    (base / "a" / "lost").symlink_to("nowhere")
    (base / "a" / "round").symlink_to("..")

    lines = import_all(base, owner, team)

    assert set(all_files(Version.objects.get())) == {"SKILL.md", "guide.md", "shared/guide.md"}
    assert sorted(problem.file for problem in lines["a"].left_out) == ["lost", "round", "secret.txt"]


def test_a_linked_folder_of_skills_is_told_as_copies(tmp_path, owner, team):
    base = write(tmp_path / "repo", {"skills/a/SKILL.md": skill_md("a-one")})
    (base / ".claude").mkdir()
    (base / ".claude" / "skills").symlink_to("../skills")

    lines = import_all(base, owner, team)

    assert lines[".claude/skills/a"].kind == ChangeKind.COPY
    assert Skill.objects.count() == 1


def test_what_a_link_leads_to_is_the_skill_and_the_link_is_told_as_one(tmp_path, owner, team):
    base = write(tmp_path / "repo", {"z/deep/down/SKILL.md": skill_md("z-one")})
    (base / "a-link").symlink_to("z/deep/down")
    (base / "b-link").symlink_to("a-link")

    lines = import_all(base, owner, team)

    assert lines["z/deep/down"].kind == ChangeKind.NEW
    assert {path: line.notes for path, line in lines.items() if line.kind == ChangeKind.COPY} == {
        "a-link": ("a link to z/deep/down",),
        "b-link": ("a link to z/deep/down",),
    }


def test_of_a_linked_file_the_original_is_the_skill(tmp_path, owner, team):
    base = write(tmp_path / "repo", {"z/deep/SKILL.md": skill_md("z-one"), "a/README.md": "Notes.\n"})
    for folder in ("a", "b"):
        (base / folder).mkdir(exist_ok=True)
        (base / folder / "SKILL.md").symlink_to("../z/deep/SKILL.md")

    lines = import_all(base, owner, team)

    assert [(path, line.kind, line.name) for path, line in lines.items()] == [
        ("a", ChangeKind.NEW, "a"),
        ("b", ChangeKind.COPY, "z-one"),
        ("z/deep", ChangeKind.NEW, "z-one"),
    ]


def test_a_skill_that_a_link_was_imported_as_stays_the_same_skill(tmp_path, owner, team):
    base = write(tmp_path / "repo", {"a-link/SKILL.md": skill_md("z-one")})
    import_all(base, owner, team)
    (base / "a-link").rename(base / "z-one")
    (base / "a-link").symlink_to("z-one")

    lines = import_all(base, owner, team)
    again = import_all(base, owner, team)

    assert [line.kind for line in lines.values()] == [ChangeKind.COPY, ChangeKind.UNCHANGED]
    assert [line.kind for line in again.values()] == [ChangeKind.COPY, ChangeKind.UNCHANGED]
    assert Version.objects.count() == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Notes", "notes"), ("stra\u00dfe", "STRASSE"), ("\ufb01x", "fix")]
)
def test_folders_that_are_one_on_some_systems_are_told(one, other, tmp_path, owner, team):
    write(tmp_path, {f"{name}/SKILL.md": skill_md("notes", body=name) for name in (one, other)})

    lines = import_all(tmp_path, owner, team)

    assert [line.kind for line in lines.values()] == [ChangeKind.NEW, ChangeKind.NEW]
    assert "are the same on some systems" in " ".join(lines[max(one, other)].notes)


def test_a_name_in_both_forms_of_unicode_is_refused_with_that_cause(tmp_path, owner, team):
    spellings = [unicodedata.normalize(form, "r\u00e9sum\u00e9.md") for form in ("NFC", "NFD")]
    write(tmp_path, {"a/SKILL.md": skill_md("a-one"), **{f"a/{name}": name for name in spellings}})

    lines = import_all(tmp_path, owner, team)

    assert "Unicode NFC and NFD" in lines["a"].problems[0].text


def test_a_repository_that_is_a_skill_comes_in_without_its_hidden_files(tmp_path, owner, team):
    files = {
        "SKILL.md": skill_md("tidy-notes"),
        "README.md": "# Tidy\n",
        ".gitignore": "*.log\n",
        ".github/workflows/ci.yml": "on: push\n",
        ".claude-plugin/plugin.json": "{}",
    }
    base = a_checkout(tmp_path / "tidy", files)

    lines = import_all(base, owner, team)

    assert set(all_files(Version.objects.get())) == {"SKILL.md", "README.md"}
    assert {problem.file for problem in lines["."].left_out} == {".gitignore", ".github/", ".claude-plugin/"}


def an_archive(kind: str, folder: Path, target: Path) -> Path:
    """FOLDER in an archive, below a folder that is called as the archive is, as Git hosts make them."""
    top = target.name.partition(".")[0]
    if kind == "zip":
        with zipfile.ZipFile(target, "w") as archive:
            archive.comment = b"0123456789abcdef0123456789abcdef01234567"
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                archive.write(file, f"{top}/{file.relative_to(folder)}")
        return target
    with tarfile.open(target, "w:gz") as archive:
        archive.add(folder, top)
    return target


PLUGINS = {
    "README.md": "# Plugins\n",
    **{
        f"external_plugins/{chat}/skills/{name}/SKILL.md": skill_md(name, body=f"For {chat}.")
        for chat in ("discord", "imessage", "telegram")
        for name in ("access", "configure")
    },
    "plugins/example-plugin/.claude-plugin/plugin.json": "{}",
    "plugins/example-plugin/skills/example-skill/SKILL.md": skill_md("example-skill"),
    "plugins/example-plugin/skills/example-skill/references/more.md": "# More\n",
}


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_an_archive_of_a_repository_brings_all_of_its_skills_as_they_lie_there(kind, tmp_path, owner, team):
    folder = write(tmp_path / "in", PLUGINS)
    one = an_archive(kind, folder, tmp_path / f"plugins-1a2b.{kind}")
    two = an_archive(kind, folder, tmp_path / f"plugins-3c4d.{kind}")

    lines = import_all(one, owner, team)
    again = import_all(two, owner, team)

    assert kinds(lines) == {ChangeKind.NEW: 7}
    assert kinds(again) == {ChangeKind.UNCHANGED: 7}
    assert {line.name for line in lines.values()} == {
        *("access", "configure", "discord-access", "discord-configure"),
        *("imessage-access", "imessage-configure", "example-skill"),
    }
    for path, line in lines.items():
        stored = all_files(Version.objects.get(skill__name=line.name))
        assert stored == {name: (folder / path / name).read_bytes() for name in stored}


@pytest.mark.corpus
def test_the_hit_rate_of_the_rules_over_the_corpus_is_modest(corpus):
    from skills.scans.checks import rules

    with gzip.open(corpus / "skills.jsonl.gz", "rt") as lines:
        texts = [json.loads(line)["skill_md"].encode() for line in lines][::7]

    hit = [text for text in texts if any(f.severity == "high" for f in rules.match_rules({"SKILL.md": text}))]

    assert 0 < len(hit) / len(texts) < 0.15
