"""The skills of a tree are found by names alone, and what stays out of each is said with its reason."""

import pytest

from skills.bundles.packs import below_top, survey


def places(*names):
    return {skill.path: skill.sources for skill in survey(names).skills}


def told(*names):
    found = survey(names)
    return [
        problem.text for problem in (*(p for skill in found.skills for p in skill.problems), *found.problems)
    ]


@pytest.mark.parametrize(
    ("names", "folders"),
    [
        (["SKILL.md", "a.txt"], [""]),
        (["greet/SKILL.md", "greet/a.txt"], [""]),
        (["repo-main/skills/a/SKILL.md", "repo-main/skills/b/SKILL.md"], ["skills/a", "skills/b"]),
        (["a/SKILL.md", "b/SKILL.md"], ["a", "b"]),
        (["README.md", "greet/SKILL.md"], ["greet"]),
        ([".claude/skills/a/SKILL.md", "README.md"], [".claude/skills/a"]),
        (["SKILL.md", "skills/a/SKILL.md"], ["", "skills/a"]),
        (["node_modules/x/SKILL.md", ".git/SKILL.md", "__MACOSX/a/SKILL.md"], []),
        (["a/not-SKILL.md", "SKILL.md/x"], []),
        ([], []),
    ],
)
def test_every_folder_with_a_skill_md_is_a_skill(names, folders):
    assert list(places(*names)) == folders


@pytest.mark.parametrize("spelling", ["skill.md", "Skill.md", "SKILL.MD", "sKiLl.mD"])
def test_skill_md_is_found_in_any_spelling(spelling):
    assert places(f"a/{spelling}") == {"": {"SKILL.md": f"a/{spelling}"}}
    assert told(f"a/{spelling}") == [f"{spelling} was taken as SKILL.md."]


def test_of_two_spellings_the_right_one_is_the_skills_text():
    assert places("SKILL.md", "skill.md") == {"": {"SKILL.md": "SKILL.md", "skill.md": "skill.md"}}


def test_the_one_folder_is_taken_off_whatever_systems_left_beside_it():
    assert survey(["pack/a/SKILL.md", "__MACOSX/pack/._a", ".DS_Store"]).top == "pack"
    assert survey(["pack/a/SKILL.md", "README.md"]).top == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("._SKILL.md", "._SKILL.md was left out: macOS makes such files by itself."),
        ("a/._b.txt", "a/._b.txt was left out: macOS makes such files by itself."),
        ("__MACOSX/._x", "__MACOSX/ was left out: macOS makes such files by itself."),
        ("a/.DS_Store", "a/.DS_Store was left out: macOS makes such files by itself."),
        ("Icon\r", "'Icon\\r' was left out: macOS makes such files by itself."),
        ("Thumbs.db", "Thumbs.db was left out: Windows makes such files by itself."),
        ("a/Desktop.ini", "a/Desktop.ini was left out: Windows makes such files by itself."),
        ("~$letter.docx", "~$letter.docx was left out: programs make such files while a document is open."),
        ("notes.md~", "notes.md~ was left out: programs make such files while a document is open."),
        (".notes.md.swp", ".notes.md.swp was left out: programs make such files while a document is open."),
        (".git/config", ".git/ was left out: it is the history of the work, not the skill."),
        ("scripts/x.pyc", "scripts/x.pyc was left out: Python makes such files by itself."),
        ("scripts/__pycache__/x", "scripts/__pycache__/ was left out: Python makes such files by itself."),
        ("node_modules/a/b.js", "node_modules/ was left out: a package manager installs it again."),
        (".gitignore", ".gitignore was left out: hidden files configure tools, not skills."),
        (".claude-plugin/x.json", ".claude-plugin/ was left out: hidden files configure tools, not skills."),
        ("a/.env", "a/.env was left out: hidden files configure tools, not skills."),
    ],
)
def test_what_is_left_out_of_a_skill_is_told_with_its_reason(name, words):
    assert places("s/SKILL.md", f"s/{name}") == {"": {"SKILL.md": "s/SKILL.md"}}
    assert told("s/SKILL.md", f"s/{name}") == [words]


@pytest.mark.parametrize(
    "name", ["DS_Store", "thumbs.db.md", "git/x", "a.git/b", "my__pycache__", "a.b", "x.pycx"]
)
def test_names_that_only_look_like_it_are_kept(name):
    assert places("SKILL.md", name)[""] == {"SKILL.md": "SKILL.md", name: name}


def test_a_folder_that_is_left_out_is_told_once_with_its_number_of_files():
    assert told("SKILL.md", ".git/a", ".git/b/c") == [
        ".git/ (2 files) was left out: it is the history of the work, not the skill."
    ]


def test_what_lies_outside_of_every_skill_is_told_by_its_folder():
    names = ["skills/a/SKILL.md", "skills/README.md", "README.md", "docs/a.md", "docs/b/c.md", ".git/x"]

    assert sorted(told(*names)) == [
        ".git/ was left out: it is the history of the work, not the skill.",
        "README.md was left out: it lies outside of every skill.",
        "docs/ (2 files) was left out: it lies outside of every skill.",
        "skills/README.md was left out: it lies outside of every skill.",
    ]


def test_names_of_macos_are_joined_and_told():
    assert places("s/SKILL.md", "s/e\u0301te\u0301.md")[""]["été.md"] == "s/e\u0301te\u0301.md"
    assert told("s/SKILL.md", "s/e\u0301.md") == [
        "é.md: accents of its name were joined to their letters (Unicode NFC)."
    ]
    assert told("re\u0301sume\u0301/SKILL.md") == []


def test_backslashes_of_windows_are_folders():
    assert places("s\\SKILL.md", "s\\scripts\\a.py")[""] == {
        "SKILL.md": "s\\SKILL.md",
        "scripts/a.py": "s\\scripts\\a.py",
    }
    assert told("s\\SKILL.md") == ["Backslashes in names were read as folders, as Windows means them."]


def test_the_dot_that_tar_begins_with_means_nothing():
    assert places("./SKILL.md", "./a/b")[""] == {"SKILL.md": "./SKILL.md", "a/b": "./a/b"}


@pytest.mark.parametrize("pair", [["a.txt", "a.txt"], ["\u00e9", "e\u0301"], ["a/b", "a\\b"]])
def test_two_names_that_mean_one_file_are_an_error(pair):
    (skill,) = survey(["SKILL.md", *pair]).skills

    assert [problem.code for problem in skill.problems if problem.severity == "error"] == ["duplicate_file"]


@pytest.mark.parametrize(
    "name", ["../evil", "a/../../evil", "..\\evil", "/etc/passwd", "C:\\evil", "../SKILL.md", "x" * 1_001]
)
def test_a_name_that_leads_elsewhere_refuses_the_tree(name):
    found = survey(["a/SKILL.md", name])

    assert found.skills == []
    assert [(problem.code, problem.severity) for problem in found.problems] == [("bad_path", "error")]


@pytest.mark.parametrize(
    ("name", "below"),
    [
        ("repo-1f2e/skills/a/SKILL.md", "skills/a/SKILL.md"),
        ("./repo-1f2e/skills/a/SKILL.md", "skills/a/SKILL.md"),
        ("repo-1f2e\\skills\\a\\SKILL.md", "skills\\a\\SKILL.md"),
        (".\\repo-1f2e\\a.md", "a.md"),
        ("__MACOSX/repo-1f2e/._a", "__MACOSX/repo-1f2e/._a"),
        ("repo-1f2e", "repo-1f2e"),
    ],
)
def test_the_folder_around_everything_is_taken_off_however_it_is_written(name, below):
    assert below_top("repo-1f2e", name) == below


def test_an_accent_that_was_taken_apart_is_the_same_folder():
    assert below_top("\u00fcbung", "u\u0308bung/SKILL.md") == "SKILL.md"
