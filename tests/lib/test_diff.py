"""Line differences for the reviewer: numbered, with a little around them, never endless."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.lib.diff import LIMIT, Line, counts, diff_lines

TEXTS = st.lists(
    st.sampled_from(["a", "b", "c", "", "+x", "-y", "@@ -1 +1 @@", "--- z", "+++ z"]), max_size=12
)


def rows(old, new, **how):
    return [(row.kind, row.old, row.new, row.text) for row in diff_lines(old, new, **how)]


def test_a_changed_line_stands_with_its_numbers_on_both_sides():
    assert rows("a\nb\nc", "a\nB\nc") == [
        ("hunk", 0, 0, "@@ -1,3 +1,3 @@"),
        ("same", 1, 1, "a"),
        ("del", 2, 0, "b"),
        ("add", 0, 2, "B"),
        ("same", 3, 3, "c"),
    ]


@pytest.mark.parametrize("whole", [True, False])
def test_equal_texts_have_no_rows_to_look_at(whole):
    assert rows("a\nb", "a\nb", whole=whole) == []


def test_three_lines_around_a_change_are_shown():
    old = "\n".join("abcdefghi")

    found = rows(old, old.replace("e", "E"))

    assert [text for kind, _, _, text in found if kind == "same"] == ["b", "c", "d", "f", "g", "h"]


def test_changes_far_apart_are_hunks_of_their_own():
    old = "\n".join("abcdefghijklmnopqrst")

    found = rows(old, old.replace("b", "B").replace("s", "S"))

    assert [row for row in found if row[0] == "hunk"] == [
        ("hunk", 0, 0, "@@ -1,5 +1,5 @@"),
        ("hunk", 0, 0, "@@ -16,5 +16,5 @@"),
    ]
    assert ("add", 0, 19, "S") in found


def test_the_whole_text_has_every_line_and_no_hunk():
    old = "\n".join("abcdefghij")

    found = rows(old, old.replace("j", "J"), whole=True)

    assert len(found) == 11
    assert {kind for kind, *_ in found} == {"same", "del", "add"}


@pytest.mark.parametrize(
    ("old", "new", "row"),
    [("", "a", ("add", 0, 1, "a")), ("a", "", ("del", 1, 0, "a")), ("", "\n", ("add", 0, 1, ""))],
)
def test_a_file_that_came_or_went_is_added_or_removed(old, new, row):
    assert row in rows(old, new)


@pytest.mark.parametrize("text", ["++ x", "-- x", "@@ -1 +1 @@", "+", "-", "\\ No newline"])
def test_lines_that_look_like_a_diff_are_text(text):
    assert rows("a", f"a\n{text}", whole=True) == [("same", 1, 1, "a"), ("add", 0, 2, text)]


@pytest.mark.parametrize(("length", "compared"), [(LIMIT, True), (LIMIT + 1, False)])
def test_long_texts_are_not_compared(length, compared):
    for old, new in (("x" * length, ""), ("", "x" * length)):
        assert (diff_lines(old, new) is not None) is compared


@given(TEXTS, TEXTS)
def test_both_sides_can_be_read_back(before, after):
    found = diff_lines("\n".join(before), "\n".join(after), whole=True)

    if found:
        assert [row.text for row in found if row.kind != "add"] == "\n".join(before).splitlines()
        assert [row.text for row in found if row.kind != "del"] == "\n".join(after).splitlines()
        assert [row.old for row in found if row.old] == list(
            range(1, len("\n".join(before).splitlines()) + 1)
        )


def test_added_and_removed_lines_are_counted():
    assert counts(diff_lines("a\nb\nc", "a\nx\ny")) == (2, 2)
    assert counts([]) == (0, 0)
    assert counts([Line("same", 1, 1, "a"), Line("hunk", 0, 0, "@@")]) == (0, 0)


BAIT = {
    "one line over and over": ("a\n" * 87_000, "b\n" * 87_000),
    "the same lines in two orders": ("a\nb\n" * 43_000, "b\na\n" * 43_000),
    "all lines turned round": (
        "\n".join(map(str, range(28_000))),
        "\n".join(map(str, reversed(range(28_000)))),
    ),
    "blank lines between few words": ("x\n\n\n" * 40_000, "x\n\ny\n" * 40_000),
}


@pytest.mark.no_cover  # other tests reach these lines, and here a hundred thousand times each
@pytest.mark.parametrize("old, new", BAIT.values(), ids=BAIT)
def test_texts_that_are_made_to_be_slow_are_compared_in_linear_time(old, new):
    quarter = seconds_to_compare(old[: len(old) // 4], new[: len(new) // 4])
    whole = seconds_to_compare(old, new)

    assert whole < 10
    assert whole < 10 * quarter + 0.1


def seconds_to_compare(old, new):
    """Processor time; the least of three, because a busy machine makes one measurement slow by chance."""
    measured = []
    for _ in range(3):
        started = time.process_time()
        diff_lines(old, new)
        measured.append(time.process_time() - started)
    return min(measured)


@given(TEXTS, TEXTS)
def test_all_rows_together_are_both_texts(before, after):
    found = diff_lines("\n".join(before), "\n".join(after), whole=True)

    lines = "\n".join(before).splitlines(), "\n".join(after).splitlines()
    if lines[0] != lines[1]:
        assert [row.text for row in found if row.kind != "add"] == lines[0]
        assert [row.text for row in found if row.kind != "del"] == lines[1]
