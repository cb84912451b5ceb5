"""How values are written on pages: times, sizes, money, shares, marked text."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from skills.search.query import START, STOP
from skills.verdicts.statistics import IntervalEstimate
from skills.web import tags


def test_a_time_that_never_came_says_never():
    assert tags.ago(None) == "never"


def test_a_time_carries_the_exact_moment_for_readers_and_machines():
    text = tags.ago(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))

    assert 'datetime="2026-01-02T03:04:05+00:00"' in text
    assert 'title="2026-01-02 03:04 UTC"' in text


@pytest.mark.parametrize(
    ("digest", "text"), [("", ""), ("sha256:" + "9f1c" + "0" * 56 + "e2b7", "sha256:9f1c…e2b7")]
)
def test_a_digest_is_shortened_to_what_the_eye_compares(digest, text):
    assert tags.short_digest(digest) == text


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "$0.00"),
        (1, "$0.0000"),
        (50, "$0.0001"),
        (123_400, "$0.1234"),
        (999_999, "$1.0000"),
        (1_000_000, "$1.00"),
        (1_234_567_890, "$1,234.57"),
        (-2_000_000, "$-2.0000"),
    ],
)
def test_small_sums_have_four_places_and_large_ones_two(micros, text):
    assert tags.dollars(micros) == text


@pytest.mark.parametrize(("share", "text"), [(0, "0 %"), (0.005, "0 %"), (0.994, "99 %"), (1, "100 %")])
def test_a_share_is_a_whole_percentage(share, text):
    assert tags.percent(share) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.25, "▲ 25"), (-0.25, "▼ 25"), (0, "= 0"), (0.004, "= 0"), (-0.004, "= 0"), (0.006, "▲ 1")],
)
def test_a_difference_has_a_shape_beside_its_number(share, text):
    assert tags.in_points(share) == text


@pytest.mark.parametrize("nothing", [None, IntervalEstimate(0.5, None, None, 0)])
def test_a_difference_nobody_measured_is_a_dash(nothing):
    assert tags.points(nothing) == "–"


def test_a_measured_difference_is_in_points():
    assert tags.points(IntervalEstimate(0.5, 0.1, 0.9, 4)) == "▲ 50"


@pytest.mark.parametrize(
    ("total", "capped", "text"),
    [(0, False, "0 skills"), (1, False, "1 skill"), (2, False, "2 skills"), (2000, True, "+ skills")],
)
def test_a_search_says_how_many_it_found(total, capped, text):
    answer = SimpleNamespace(total=total, capped=capped)

    assert tags.total(answer).endswith(text)


def test_the_marks_of_a_snippet_are_ours_and_its_text_is_escaped():
    marked = tags.marked(f"<b>{START}hello{STOP}</b> & co")

    assert marked == "&lt;b&gt;<mark>hello</mark>&lt;/b&gt; &amp; co"


def test_words_between_backticks_are_code_and_cannot_hold_markup():
    assert tags.codes("Use `<script>` or `GET`.") == "Use <code>&lt;script&gt;</code> or <code>GET</code>."


def test_a_lonely_backtick_stays_a_backtick():
    assert tags.codes("a ` b") == "a ` b"


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({}, "–"),
        ({"properties": {}}, "–"),
        ({"properties": {"a": {}, "b": {}}, "required": ["b"]}, "a, b*"),
        ({"properties": {"a": {}}, "required": ["gone"]}, "a"),
    ],
)
def test_the_parameters_of_a_tool_star_what_they_need(schema, text):
    assert tags.parameters(schema) == text


def test_a_size_is_written_for_people():
    assert tags.size(2048) == "2.05 KB"


def test_a_missing_key_of_a_mapping_is_empty():
    assert tags.get({"a": 1}, "a") == 1
    assert tags.get({"a": 1}, "b") == ""


def test_a_bar_hangs_from_the_top():
    assert tags.bar_top(30.0) == 70.0


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("crew", "/?q=pdf&tag=a&team=crew"),
        (None, "/?q=pdf&tag=a"),
        ("", "/?q=pdf&tag=a"),
        ("a&b", "/?q=pdf&tag=a&team=a%26b"),
    ],
)
def test_a_filter_changes_one_parameter_and_starts_at_the_first_page(value, address):
    request = RequestFactory().get("/?q=pdf&team=old&cursor=page-3&tag=a")

    assert tags.querystring_home(request, "team", value) == address
    assert request.GET["cursor"] == "page-3"


def trial(output, *grades):
    rows = [{"passed": passed, "evidence": quote} for passed, quote in grades]
    return SimpleNamespace(output=output, grades=rows)


def test_evidence_marks_what_passed_grades_quote():
    text = tags.marked_output(trial("Hello, Ann. Bye.", (True, "Hello, Ann"), (False, "Bye.")))

    assert text == "<mark>Hello, Ann</mark>. Bye."


def test_evidence_marks_only_the_first_place_and_no_tiny_quotes():
    text = tags.marked_output(trial("ok ok abc abc", (True, "ok"), (True, "abc")))

    assert text == "ok ok <mark>abc</mark> abc"


def test_evidence_escapes_what_a_model_wrote_even_where_it_is_quoted():
    text = tags.marked_output(trial("<img src=x> & more", (True, "<img src=x>")))

    assert text == "<mark>&lt;img src=x&gt;</mark> &amp; more"


def test_an_answer_without_words_says_so():
    assert tags.marked_output(trial("")) == "(nothing)"
