"""The one way in: every problem at once, in one order; limits to the byte; what is left out is told."""

import pytest

from skills.bundles.limits import BundleLimits, human
from skills.bundles.pack import pack
from skills.bundles.validate import check, check_files, check_zip
from skills.lib.errors import ProblemSeverity, Refused
from tests.bundles.hostile import GOOD

LIMITS = BundleLimits()


def errors(content, **limits):
    report = check_files({"SKILL.md": GOOD} | content, BundleLimits(**limits))
    assert (report.bundle is None) == bool(report.errors)
    return [(problem.code, problem.file) for problem in report.errors]


def skill(fields="", body="Hello."):
    return f"---\nname: greet-people\ndescription: Says hello.\n{fields}\n---\n{body}\n".encode()


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1 KB"),
        (262_144, "262 KB"),
        (1_000_000, "1 MB"),
        (12_345_678, "12.3 MB"),
    ],
)
def test_sizes_are_written_as_people_write_them(size, words):
    assert human(size) == words


def test_an_accepted_bundle_has_files_manifest_zip_and_text():
    bundle = check_files({"SKILL.md": GOOD, "a.txt": b"a"}, LIMITS).accepted()

    assert sorted(bundle.files) == ["SKILL.md", "a.txt"]
    assert bundle.manifest.name == "greet-people"
    assert bundle.archive == pack({"SKILL.md": GOOD, "a.txt": b"a"})
    assert bundle.skill_md == GOOD.decode()


def test_a_refused_bundle_raises_every_error_and_no_warning():
    report = check_files(
        {"SKILL.md": skill("license: [x]\nmetadata: y", "!`ls`"), "a:b.txt": b"", "c:d": b""}, LIMITS
    )

    with pytest.raises(Refused) as refusal:
        report.accepted()

    assert [problem.code for problem in refusal.value.problems] == ["bad_path", "bad_path"]
    assert "runs_on_load" in [problem.code for problem in report.problems]


def test_errors_come_first_then_by_file_and_line():
    content = {
        "SKILL.md": skill("license: [x]\nmetadata: y", "!`ls`"),
        "b.exe": b"",
        "a.exe": b"",
        ".DS_Store": b"",
    }

    report = check_files(content, LIMITS)

    assert [(problem.severity, problem.file, problem.line) for problem in report.problems] == [
        ("error", "a.exe", 0),
        ("error", "b.exe", 0),
        ("warning", "SKILL.md", 1),
        ("note", ".DS_Store", 0),
        ("note", "SKILL.md", 4),
        ("note", "SKILL.md", 5),
    ]


def test_junk_is_left_out_with_a_note_and_does_not_count():
    report = check_files({"SKILL.md": GOOD, "__MACOSX/._SKILL.md": b"x", "a/Thumbs.db": b"MZ\0"}, LIMITS)

    assert [(problem.code, problem.severity) for problem in report.problems] == [("left_out", "note")] * 2
    assert list(report.accepted().files) == ["SKILL.md"]


def test_junk_beside_the_one_folder_does_not_keep_it():
    report = check_files({"skill/SKILL.md": GOOD, ".DS_Store": b"x"}, LIMITS)

    assert list(report.accepted().files) == ["SKILL.md"]


@pytest.mark.parametrize(
    ("files", "remedy"),
    [
        ({}, "Add SKILL.md."),
        ({"README.md": b"x"}, "Add SKILL.md."),
    ],
)
def test_a_bundle_without_skill_md_is_told_what_is_there_instead(files, remedy):
    (problem,) = check_files(files, LIMITS).errors

    assert (problem.code, problem.file, problem.remedy) == ("no_skill_md", "SKILL.md", remedy)


@pytest.mark.parametrize(
    "name",
    ["skill.txt", "Skills.md", "SKILL.md.txt", "SKILL.md.md", "a/SKILL.markdown", "Skill.docx", "my.skill"],
)
def test_what_was_meant_for_a_skill_is_named(name):
    (problem,) = check_files({name: GOOD, "README.md": b"x"}, LIMITS).errors

    assert problem.code == "no_skill_md"
    assert problem.remedy.startswith(f"{name} was left out: it is ")


def test_at_most_three_of_them_are_named():
    report = check_files({f"{number}/skill.txt": GOOD for number in range(5)}, LIMITS)

    assert report.errors[0].remedy.count("skill.txt") == 3


@pytest.mark.parametrize("data", [GOOD.decode().encode("utf-16"), GOOD + b"\0", GOOD + b"\xff"])
def test_skill_md_is_text(data):
    assert errors({"SKILL.md": data}) == [("not_text", "SKILL.md")]


@pytest.mark.parametrize("room", [0, 1])
def test_skill_md_has_its_own_limit(room):
    found = errors({}, skill_md=len(GOOD) - 1 + room)

    assert found == ([] if room else [("too_large", "SKILL.md")])


@pytest.mark.parametrize(("count", "refused"), [(3, False), (4, True)])
def test_the_number_of_files_has_a_limit(count, refused):
    files = {f"{number}.txt": b"" for number in range(count - 1)}

    assert errors(files, files=3) == ([("too_many_files", "")] if refused else [])


@pytest.mark.parametrize(("size", "refused"), [(1_000, False), (1_001, True)])
def test_one_file_has_a_limit(size, refused):
    assert errors({"a.txt": b"x" * size}, file=1_000) == ([("too_large", "a.txt")] if refused else [])


@pytest.mark.parametrize(("size", "refused"), [(1_000, False), (1_001, True)])
def test_all_files_together_have_a_limit(size, refused):
    found = errors({"a.txt": b"x" * (size - len(GOOD))}, unpacked=1_000)

    assert found == ([("too_large", "")] if refused else [])


def test_text_that_hides_is_refused_in_every_file():
    found = errors({"a.md": "a\u202eb".encode(), "b.bin": b"\0\x01\x02", "c.py": "\U000e0041".encode()})

    assert found == [("hidden_text", "a.md"), ("hidden_text", "c.py")]


def test_a_zip_and_its_files_are_judged_alike():
    files = {"SKILL.md": skill("license: [x]"), "a.txt": b"x"}

    assert check_zip(pack(files).data, LIMITS).problems == check_files(files, LIMITS).problems


def test_notes_of_the_zip_come_with_the_report():
    report = check_zip(pack({"SKILL.md": GOOD, ".DS_Store": b"x"}).data, LIMITS)

    assert [(problem.code, problem.file, problem.severity) for problem in report.problems] == [
        ("left_out", ".DS_Store", ProblemSeverity.NOTE)
    ]
    assert report.accepted()


@pytest.mark.parametrize("room", [0, 1])
def test_the_zip_itself_has_a_limit(room):
    data = pack({"SKILL.md": GOOD}).data

    report = check_zip(data, BundleLimits(archive=len(data) - 1 + room))

    assert [problem.code for problem in report.errors] == ([] if room else ["too_large"])


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (skill(body="word " * 5_001), "long_body", 1),
        (skill(body="See !`git status`"), "runs_on_load", 1),
        (skill(body="```!\nls\n```"), "runs_on_load", 1),
    ],
)
def test_what_costs_or_runs_while_it_loads_is_warned_of(data, code, line):
    report = check_files({"SKILL.md": data}, LIMITS)

    assert [(problem.code, problem.line, problem.severity) for problem in report.problems] == [
        (code, line, ProblemSeverity.WARNING)
    ]
    assert report.accepted()


@pytest.mark.parametrize(
    "body", ["Wow!`code`", "a! `code`", "```\n!ls\n```", "Less < more and a > b", "word " * 4_999]
)
def test_near_misses_are_not_warned_of(body):
    assert check_files({"SKILL.md": skill(body=body)}, LIMITS).problems == []


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("a, B ;c", ["a", "b", "c"]),
        ("two words", ["two-words"]),
        ("c++, #1!, ,", ["1", "c"]),
        ("a, a, A", ["a"]),
        ("x" * 60, ["x" * 40]),
        ("größe", ["größe"]),
        ("", []),
        (",".join(f"t{number:02}" for number in range(30)), [f"t{number:02}" for number in range(20)]),
    ],
)
def test_tags_are_lower_case_words(written, tags):
    manifest = (
        check_files({"SKILL.md": skill(f"metadata: {{tags: '{written}', version: '1.2'}}")}, LIMITS)
        .accepted()
        .manifest
    )

    assert (manifest.tags, manifest.version) == (tags, "1.2")


def test_the_manifest_counts_what_the_skill_costs():
    manifest = (
        check_files(
            {"SKILL.md": skill(body="one two\nthree"), "scripts/b.py": b"", "scripts/a.py": b""}, LIMITS
        )
        .accepted()
        .manifest
    )

    assert (manifest.body_tokens, manifest.body_lines) == (3, 3)
    assert manifest.catalogue_tokens == 6
    assert manifest.scripts == ("scripts/a.py", "scripts/b.py")


def test_a_control_character_is_told_on_its_line_also_below_blank_lines():
    report = check_files({"SKILL.md": b"\n\n" + skill("license: a\x1b[31m")}, LIMITS)

    lines = {problem.code: problem.line for problem in report.problems}
    assert lines["control_character"] == 6


@pytest.mark.parametrize("path", ["tools/SKILL.md", "/tools/", "pack/tools", "tools"])
def test_of_several_skills_one_is_named_by_its_folder_or_its_text(path):
    content = {"pack/tools/SKILL.md": GOOD, "pack/other/SKILL.md": skill()}

    assert check(content, LIMITS, path=path).accepted().files == {"SKILL.md": GOOD}


@pytest.mark.parametrize("path", ["packtools", "pack/pack/tools", "ools"])
def test_no_other_path_names_it(path):
    report = check({"pack/tools/SKILL.md": GOOD, "pack/other/SKILL.md": GOOD}, LIMITS, path=path)

    assert [problem.code for problem in report.errors] == ["no_skill_md"]


def test_the_skill_at_the_top_is_named_by_its_text():
    content = {"SKILL.md": GOOD, "inner/SKILL.md": skill()}

    assert check(content, LIMITS, path="SKILL.md").accepted().files["SKILL.md"] == GOOD
