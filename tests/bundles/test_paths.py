"""File names: what every system can hold is accepted, everything else is refused with its reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.bundles.limits import BundleLimits
from skills.bundles.paths import collisions, path_problem

LIMITS = BundleLimits()


def reason(path, limits=LIMITS):
    problem = path_problem(path, limits)
    return problem and problem.text


@pytest.mark.parametrize(
    "path",
    [
        "SKILL.md",
        "scripts/run.sh",
        "a b.txt",
        "Größe.md",
        "日本語/名前.md",
        "v1.2.3/a-b_c+d=e,f@g.txt",
        "console.log",
        "auxiliary.md",
        "com10.txt",
        "CONTRIBUTING.md",
        "a~b#c%d&e(f)g[h]{i}.txt",
    ],
)
def test_ordinary_names_are_accepted(path):
    assert path_problem(path, LIMITS) is None


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "is empty"),
        ("cafe\u0301", "is not in Unicode form NFC"),
        ("a\x01b", "contains the control character U+0001"),
        ("a\x7fb", "contains the control character U+007F"),
        ("a\u200bb", "contains the control character U+200B"),
        ("a\u2028b", "contains the control character U+2028"),
        ("a\u202eb", "contains the control character U+202E"),
        ("a\U000e0041b", "contains the control character U+E0041"),
        ("C:evil", "contains the forbidden character U+003A"),
        ("ab:c", "contains the forbidden character U+003A"),
        ("a\\b", "contains the forbidden character U+005C"),
        ("a?b", "contains the forbidden character U+003F"),
        ("a//b", "has an empty or '.' part"),
        ("a/", "has an empty or '.' part"),
        ("./a", "has an empty or '.' part"),
        (".env", "has a part that starts with a dot (hidden files configure tools, not skills)"),
        ("a/.git", "has a part that starts with a dot (hidden files configure tools, not skills)"),
        (" a", "has a part that starts or ends with a space, or ends with a dot"),
        ("a /b", "has a part that starts or ends with a space, or ends with a dot"),
        ("a.", "has a part that starts or ends with a space, or ends with a dot"),
        ("con", "uses the reserved name 'con'"),
        ("a/AUX.md", "uses the reserved name 'AUX.md'"),
        ("com¹", "uses the reserved name 'com¹'"),
        ("lpt9.txt", "uses the reserved name 'lpt9.txt'"),
        ("CONIN$", "uses the reserved name 'CONIN$'"),
    ],
)
def test_a_refused_name_says_why(path, words):
    problem = path_problem(path, LIMITS)

    assert problem.code == "bad_path"
    assert problem.text == f"The file name {path!r} {words}."
    assert problem.remedy.startswith("Rename it")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/etc/passwd", "is absolute"),
        ("z:/evil", "is absolute"),
        ("a/../b", "leads out of its folder with a '..' part"),
        ("..", "leads out of its folder with a '..' part"),
    ],
)
def test_a_name_that_leads_elsewhere_says_how_archives_are_made(path, words):
    problem = path_problem(path, LIMITS)

    assert problem.text == f"The file name {path!r} {words}."
    assert problem.remedy.startswith("Make the archive from within the folder of the skill")


@pytest.mark.parametrize(("length", "refused"), [(120, False), (121, True)])
def test_a_part_has_up_to_120_bytes(length, refused):
    assert (path_problem("x" * length, LIMITS) is not None) is refused
    assert (path_problem("é" * (length // 2) + "x" * (length % 2), LIMITS) is not None) is refused


@pytest.mark.parametrize(("length", "refused"), [(255, False), (256, True)])
def test_a_path_has_up_to_255_bytes(length, refused):
    path = f"{'a' * 100}/{'b' * 100}/{'c' * (length - 202)}"

    assert (reason(path) is not None) is refused


@pytest.mark.parametrize(("folders", "refused"), [(3, False), (4, True)])
def test_a_path_lies_as_deep_as_the_limit_says(folders, refused):
    path = "a/" * folders + "b"

    text = reason(path, BundleLimits(depth=3))

    assert text == (f"The file name {path!r} lies more than 3 folders deep." if refused else None)


@pytest.mark.parametrize(
    ("paths", "told"),
    [
        (["a.txt", "b.txt"], []),
        (["a.txt", "A.txt"], ["a.txt"]),
        (["Straße", "STRASSE"], ["Straße"]),
        (["fi.txt", "\ufb01.txt"], ["\ufb01.txt"]),
        (["a/b", "A/c"], []),
        (["a", "a/b"], ["a/b"]),
        (["a", "A/b/c"], ["A/b/c"]),
        (["a/b", "a/b/c/d"], ["a/b/c/d"]),
        (["x", "X", "ｘ"], ["x", "ｘ"]),
    ],
)
def test_names_that_fall_together_somewhere_are_told(paths, told):
    problems = collisions(paths)

    assert sorted(problem.file for problem in problems) == sorted(told)
    assert {problem.code for problem in problems} <= {"path_collision"}


def test_a_collision_names_both():
    (problem,) = collisions(["a.txt", "A.txt"])

    assert problem.text == "'a.txt' and 'A.txt' are the same name on some systems."
    assert collisions(["a", "a/b"])[0].text == "'a/b' lies in a folder that is also a file."


@given(st.lists(st.text(min_size=1, max_size=8), unique=True))
def test_the_order_in_which_files_arrive_does_not_matter(paths):
    assert collisions(paths) == collisions(reversed(paths))


@given(st.text(max_size=40))
def test_an_accepted_name_stays_inside_its_folder(path):
    if path_problem(path, LIMITS) is None:
        assert not path.startswith(("/", "."))
        assert ".." not in path.split("/")
        assert "\\" not in path
        assert path == path.strip()


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("a:b.md", "Rename"),
        ("d/" * 20 + "a.md", "up"),
        ("n" * 150, "shorter"),
        ("/".join(["d" * 60] * 5), "shorter"),
    ],
)
def test_the_remedy_mends_what_is_wrong(path, word):
    assert word in path_problem(path, LIMITS).remedy
