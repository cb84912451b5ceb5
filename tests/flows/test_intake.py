"""Bringing the same place in again and again: what is planned, and what carrying it out leaves behind."""

import hashlib

import pytest

from skills.bundles.limits import BundleLimits
from skills.catalog.models import Skill, State, Version
from skills.catalog.source_paths import SourcePath
from skills.delivery.content import all_files
from skills.flows import release
from skills.flows.intake.carry_out import Intake
from skills.flows.intake.changes import Change, ChangeKind
from skills.flows.intake.found import Reader
from skills.flows.intake.place import Place
from skills.flows.intake.plan import plan
from skills.upstream.trees import FileTree, LeftOut, Snapshot, UpstreamFile
from tests.factories import a_person, a_team, a_version, actor, skill_md

HERE = Place(source="example.org/acme/skills", url="https://example.org/acme/skills", revision="c0ffee")
FOLDER = Place(source="file:/srv/skills")


def snapshot(files: dict[str, str | bytes], **more) -> Snapshot:
    content = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
    listed = {
        path: UpstreamFile(len(data), hashlib.sha256(data).hexdigest()) for path, data in content.items()
    }
    tree = FileTree(files=listed, read=lambda paths: ((path, content[path]) for path in paths))
    return Snapshot(revision="c0ffee", tree=tree, **more)


def planned(owner, team, files, place=HERE, **more):
    return list(plan(actor=actor(owner), team=team, place=place, snapshot=snapshot(files, **more)))


def changes(owner, team, files, place=HERE, **more) -> dict[str, Change]:
    return {item.change.path: item.change for item in planned(owner, team, files, place, **more)}


def bring(owner, team, files, place=HERE, **more) -> dict[str, Change]:
    """Plan and carry out; the lines by path."""
    items = planned(owner, team, files, place, **more)
    for item in items:
        Intake(actor=actor(owner), team=team, place=place).carry_out(item)
    return {item.change.path: item.change for item in items}


def kinds(lines: dict[str, Change]) -> dict[str, ChangeKind]:
    return {path: change.kind for path, change in lines.items()}


def numbers(name: str) -> list[str]:
    return list(Version.objects.filter(skill__name=name).order_by("pk").values_list("number", flat=True))


def test_a_plan_changes_nothing(owner, team):
    lines = changes(owner, team, {"a/SKILL.md": skill_md("a-one")})

    assert kinds(lines) == {"a": ChangeKind.NEW}
    assert not Skill.objects.exists()


def test_the_same_again_is_unchanged(owner, team):
    files = {"a/SKILL.md": skill_md("a-one"), "b/SKILL.md": skill_md("b-two")}
    bring(owner, team, files)

    lines = bring(owner, team, files)

    assert set(kinds(lines).values()) == {ChangeKind.UNCHANGED}
    assert Version.objects.count() == 2


def test_an_edit_makes_the_next_patch_and_says_so(owner, team):
    bring(owner, team, {"a/SKILL.md": skill_md("a-one")})

    lines = bring(owner, team, {"a/SKILL.md": skill_md("a-one", body="Other.")})

    assert (lines["a"].kind, lines["a"].previous, lines["a"].number) == (ChangeKind.NEXT, "1.0.0", "1.0.1")
    assert lines["a"].number_from == "the next patch"
    assert numbers("a-one") == ["1.0.0", "1.0.1"]


def test_a_line_that_is_carried_out_twice_makes_one_version(owner, team):
    bring(owner, team, {"a/SKILL.md": skill_md("a-one")})
    (item,) = planned(owner, team, {"a/SKILL.md": skill_md("a-one", body="Other.")})

    versions = [Intake(actor=actor(owner), team=team, place=HERE).carry_out(item) for _ in range(2)]

    assert versions[0] == versions[1]
    assert numbers("a-one") == ["1.0.0", "1.0.1"]


def test_a_version_knows_where_it_was_brought_from(owner, team):
    bring(owner, team, {"a/SKILL.md": skill_md("a-one")})

    provenance = Version.objects.get().provenance

    assert (provenance.url, provenance.revision, provenance.path) == (HERE.url, "c0ffee", "a")


def test_what_has_gone_is_marked_and_stays_in_the_catalogue(owner, team):
    bring(owner, team, {"a/SKILL.md": skill_md("a-one"), "b/SKILL.md": skill_md("b-two")})

    lines = bring(owner, team, {"a/SKILL.md": skill_md("a-one")})

    assert kinds(lines) == {"a": ChangeKind.UNCHANGED, "b": ChangeKind.GONE}
    assert SourcePath.objects.get(path="b").gone_at is not None
    assert Skill.objects.filter(name="b-two").exists()


def test_what_has_gone_is_told_once_and_may_come_back(owner, team):
    both = {"a/SKILL.md": skill_md("a-one"), "b/SKILL.md": skill_md("b-two")}
    bring(owner, team, both)
    bring(owner, team, {"a/SKILL.md": skill_md("a-one")})

    quiet = bring(owner, team, {"a/SKILL.md": skill_md("a-one")})
    back = bring(owner, team, both)

    assert kinds(quiet) == {"a": ChangeKind.UNCHANGED}
    assert kinds(back) == {"a": ChangeKind.UNCHANGED, "b": ChangeKind.UNCHANGED}
    assert SourcePath.objects.get(path="b").gone_at is None


def test_a_folder_says_nothing_about_what_lies_outside_of_it(owner, team):
    bring(owner, team, {"x/a/SKILL.md": skill_md("a-one"), "y/b/SKILL.md": skill_md("b-two")})
    inner = Place(source=HERE.source, url=HERE.url, folder="x")

    lines = bring(owner, team, {"x/a/SKILL.md": skill_md("a-one")}, inner)

    assert kinds(lines) == {"x/a": ChangeKind.UNCHANGED}


def test_a_skill_that_moved_is_the_same_skill(owner, team):
    bring(owner, team, {"a/SKILL.md": skill_md("a-one")})

    lines = bring(owner, team, {"tools/a/SKILL.md": skill_md("a-one", body="Other.")})

    assert kinds(lines) == {"tools/a": ChangeKind.NEXT}
    assert "it lay at a before" in lines["tools/a"].notes
    assert numbers("a-one") == ["1.0.0", "1.0.1"]
    assert kinds(bring(owner, team, {"tools/a/SKILL.md": skill_md("a-one", body="Other.")})) == {
        "tools/a": ChangeKind.UNCHANGED
    }


def test_one_name_twice_gives_the_second_a_name_made_from_its_path_and_keeps_its_bytes(owner, team):
    text = skill_md("weekly-report", body="Of ops.")
    files = {
        "plugins/ops/skills/weekly-report/SKILL.md": text,
        "plugins/sales/skills/weekly-report/SKILL.md": skill_md("weekly-report", body="Of sales."),
    }

    lines = bring(owner, team, files)
    again = bring(owner, team, files)

    assert {change.name for change in lines.values()} == {"weekly-report", "ops-weekly-report"}
    assert set(kinds(again).values()) == {ChangeKind.UNCHANGED}
    version = Version.objects.get(skill__name="ops-weekly-report")
    assert all_files(version)["SKILL.md"].decode() == text


def test_the_names_stay_when_the_other_one_has_gone(owner, team):
    ops, sales = (f"plugins/{folder}/skills/weekly-report/SKILL.md" for folder in ("ops", "sales"))
    bring(owner, team, {ops: skill_md("weekly-report"), sales: skill_md("weekly-report", body="Sales.")})

    lines = bring(owner, team, {ops: skill_md("weekly-report", body="New.")})

    assert lines["plugins/ops/skills/weekly-report"].name == "ops-weekly-report"
    assert lines["plugins/ops/skills/weekly-report"].kind == ChangeKind.NEXT


def test_the_same_files_twice_are_one_skill(owner, team):
    files = {"skills/a/SKILL.md": skill_md("a-one"), ".claude/skills/a/SKILL.md": skill_md("a-one")}

    lines = bring(owner, team, files)

    assert kinds(lines) == {"skills/a": ChangeKind.NEW, ".claude/skills/a": ChangeKind.COPY}
    assert Skill.objects.count() == 1


def test_another_address_with_the_same_name_is_another_skill(owner, team):
    bring(owner, team, {"a/SKILL.md": skill_md("a-one")})
    other = Place(source="example.org/zoo/tools", url="https://example.org/zoo/tools")

    lines = bring(owner, team, {"a/SKILL.md": skill_md("a-one", body="Other.")}, other)

    assert (lines["a"].kind, lines["a"].name) == (ChangeKind.NEW, "tools-a-one")


def test_another_local_folder_with_the_same_name_is_the_next_version(owner, team):
    bring(owner, team, {"a/SKILL.md": skill_md("a-one"), "b/SKILL.md": skill_md("b-two")}, FOLDER)
    other = Place(source="file:/srv/skills-of-today")

    lines = bring(owner, team, {"a/SKILL.md": skill_md("a-one", body="Other.")}, other)

    assert kinds(lines) == {"a": ChangeKind.NEXT}


def test_what_somebody_published_by_hand_is_carried_on(owner, team):
    a_version(owner, team, "a-one", "2.0.0")

    lines = bring(owner, team, {"a/SKILL.md": skill_md("a-one", body="Other.")})

    assert (lines["a"].kind, lines["a"].number) == (ChangeKind.NEXT, "2.0.1")


def test_a_number_that_was_not_approved_is_tried_again(owner, team):
    version = a_version(owner, team, "a-one")
    release.withdraw(actor=actor(owner), version_id=version.pk)

    lines = bring(owner, team, {"a/SKILL.md": skill_md("a-one", body="Other.")})

    assert lines["a"].number == "1.0.0"
    assert Version.objects.latest("pk").attempt == 2


def test_a_skill_that_went_to_another_team_is_refused_with_its_new_name(owner, team):
    from skills.flows.access import transfer

    bring(owner, team, {"a/SKILL.md": skill_md("a-one")})
    release.withdraw(actor=actor(owner), version_id=Version.objects.get().pk)
    other = a_team("zoo", admin=owner)
    transfer(actor=actor(owner), skill=Skill.objects.get(), to=other)

    lines = bring(owner, team, {"a/SKILL.md": skill_md("a-one", body="Other.")})

    assert lines["a"].kind == ChangeKind.REFUSED
    assert "zoo/a-one" in lines["a"].problems[0].text


def test_every_spelling_of_skill_md_has_a_line(owner, team):
    files = {
        "a/skill.md": skill_md("a-one"),
        "b/Skill.MD": skill_md("b-two"),
        "c/SKILL.md": "",
    }

    lines = bring(owner, team, files)

    assert kinds(lines) == {"a": ChangeKind.NEW, "b": ChangeKind.NEW, "c": ChangeKind.REFUSED}
    assert "skill.md was taken as SKILL.md." in lines["a"].notes
    assert lines["c"].problems


def test_a_place_that_is_a_skill_leaves_its_neighbours_and_hidden_files_out(owner, team):
    files = {
        "SKILL.md": skill_md("tidy-notes"),
        "README.md": "# Tidy",
        ".gitignore": "*.pyc\n",
        ".github/workflows/ci.yml": "on: push\n",
        "skills/other/SKILL.md": skill_md("other-one"),
    }

    lines = bring(owner, team, files)

    assert kinds(lines) == {".": ChangeKind.NEW, "skills/other": ChangeKind.NEW}
    assert [problem.file for problem in lines["."].left_out] == [".github/", ".gitignore"]
    paths = Version.objects.get(skill__name="tidy-notes").files.values_list("path", flat=True)
    assert sorted(paths) == ["README.md", "SKILL.md"]


def test_what_the_place_could_not_read_stands_beside_the_skill_it_belongs_to(owner, team):
    left_out = (LeftOut("a/data.bin", "It is a pointer to Git LFS."), LeftOut("b/x", "It leads out."))

    lines = changes(owner, team, {"a/SKILL.md": skill_md("a-one")}, left_out=left_out)

    assert [problem.text for problem in lines["a"].left_out] == [
        "data.bin was left out: it is a pointer to Git LFS."
    ]


def test_a_name_that_leads_elsewhere_stays_out_alone_and_is_told(owner, team):
    files = {"a/SKILL.md": skill_md("a-one"), "b/SKILL.md": skill_md("b-two")}
    bring(owner, team, files)
    odd = {"a/..\\x.md": "x", "C:/notes.md": "x", f"b/{'x' * 1_000}/SKILL.md": "x"}

    lines = changes(owner, team, {**files, **odd})

    assert {path: lines[path].kind for path in ("a", "b")} == dict.fromkeys("ab", ChangeKind.UNCHANGED)
    assert [problem.file for problem in lines["a"].left_out] == ["..\\x.md"]
    assert ChangeKind.GONE not in kinds(lines).values()
    assert ChangeKind.REFUSED in kinds(lines).values()


def test_what_was_left_out_stands_beside_its_own_skill_alone(owner, team):
    paths = ("a/x", "a/y/z", "ab/x", "c/x", "a0")
    left_out = tuple(LeftOut(path, "It is a link.") for path in paths)
    files = {"a/SKILL.md": skill_md("a-one"), "ab/SKILL.md": skill_md("ab-two")}

    lines = changes(owner, team, files, left_out=left_out)
    outside = Reader(snapshot(files, left_out=left_out), BundleLimits()).outside

    assert [problem.file for problem in lines["a"].left_out] == ["x", "y/z"]
    assert [problem.file for problem in lines["ab"].left_out] == ["x"]
    assert [problem.file for problem in outside] == ["a0", "c/x"]


def test_folders_that_were_not_read_again_are_unchanged(owner, team):
    bring(owner, team, {"a/SKILL.md": skill_md("a-one"), "b/SKILL.md": skill_md("b-two")})

    lines = changes(owner, team, {"a/SKILL.md": skill_md("a-one")}, unchanged=frozenset({"b"}))

    assert kinds(lines) == {"a": ChangeKind.UNCHANGED, "b": ChangeKind.UNCHANGED}


def test_an_unchanged_skill_says_what_became_of_it(owner, team):
    bring(owner, team, {"a/SKILL.md": skill_md("a-one")})
    release.withdraw(actor=actor(owner), version_id=Version.objects.get().pk)

    lines = changes(owner, team, {"a/SKILL.md": skill_md("a-one")})

    assert lines["a"].notes == ("1.0.0: withdrawn",)
    assert Version.objects.get().state == State.WITHDRAWN


def test_names_of_every_script_are_told_apart(owner, team):
    written = ["写作助手", "写作", "日本語の要約", "요약", "مساعد", "Größe", "Резюме", "🙂"]
    files = {f"s{i}/SKILL.md": skill_md(name) for i, name in enumerate(written)}

    lines = bring(owner, team, files)

    names = [change.name for change in lines.values()]
    assert len(set(names)) == len(written)
    assert all(name.isascii() for name in names)


def test_a_line_can_be_stored_and_read(owner, team):
    lines = changes(owner, team, {"a/skill.md": skill_md("a-one"), "a/.x": "", "c/SKILL.md": ""})

    assert [Change.from_json(change.as_json()) for change in lines.values()] == list(lines.values())


@pytest.mark.parametrize("place", [HERE, FOLDER])
def test_somebody_who_may_not_publish_brings_nothing_in(place, owner, team, stranger):
    from skills.lib.errors import Forbidden

    (item,) = planned(owner, team, {"a/SKILL.md": skill_md("a-one")}, place)

    with pytest.raises(Forbidden):
        Intake(actor=actor(a_person("guest")), team=team, place=place).carry_out(item)


def test_a_skill_that_could_not_be_read_this_time_has_not_gone(owner, team):
    bring(owner, team, {"a/SKILL.md": skill_md("a-one"), "b/SKILL.md": skill_md("b-one")})
    left_out = (LeftOut("a/SKILL.md", "has other bytes than its digest says."),)

    lines = changes(owner, team, {}, left_out=left_out)

    assert kinds(lines) == {"a": ChangeKind.REFUSED, "b": ChangeKind.GONE}
