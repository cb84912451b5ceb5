"""Badges: each state has its words and its colour, and none is left out."""

import pytest

from skills.catalog.models import State, Version
from skills.evals.models import Run, RunState
from skills.web import badges


@pytest.mark.parametrize(
    ("state", "tone"),
    [
        (State.APPROVED, "ok"),
        (State.SCANNING, "accent"),
        (State.IN_REVIEW, "accent"),
        (State.CHANGES_REQUESTED, "warn"),
        (State.YANKED, "warn"),
        (State.REJECTED, "bad"),
        (State.REMOVED, "bad"),
    ],
)
def test_the_state_of_a_version_has_its_colour_and_its_words(state, tone):
    assert badges.state_badge(Version(state=state)) == f'<span class="badge {tone}">{state.label}</span>'


@pytest.mark.parametrize("state", set(State) - set(badges._TONE_OF_STATE))
def test_a_state_that_ended_quietly_has_no_colour(state):
    assert badges.state_badge(Version(state=state)) == f'<span class="badge">{state.label}</span>'


@pytest.mark.parametrize("state", RunState)
def test_every_state_of_a_run_has_a_badge_in_small_letters(state):
    text = badges.run_badge(Run(state=state))

    assert f">{state.label.lower()}</span>" in text
    assert 'class="badge ' in text


@pytest.mark.parametrize(
    ("severity", "classes"),
    [
        ("blocking", "badge bad"),
        ("high", "badge bad"),
        ("medium", "badge warn"),
        ("low", "badge"),
        ("note", "badge"),
    ],
)
def test_a_finding_is_coloured_by_how_serious_it_is(severity, classes):
    assert badges.severity_badge(severity) == f'<span class="{classes}">{severity}</span>'


@pytest.mark.parametrize(
    ("severity", "classes"), [("error", "badge bad"), ("warning", "badge warn"), ("note", "badge")]
)
def test_a_problem_is_coloured_by_whether_it_refuses(severity, classes):
    assert badges.problem_badge(severity) == f'<span class="{classes}">{severity}</span>'


def test_a_gate_is_passed_or_open():
    assert badges.gate_badge(passed=True) == '<span class="badge ok">passed</span>'
    assert badges.gate_badge(passed=False) == '<span class="badge warn">open</span>'


def test_clean_checks_explain_what_clean_means():
    assert 'title="The checks finished, and no high finding' in badges.clean_badge()


def test_a_lift_is_in_points_with_its_meaning():
    text = badges.lift_badge(0.42)

    assert ">lift ▲ 42</span>" in text
    assert "Mean lift in points" in text


def test_a_likeness_has_two_places():
    assert ">0.90</span>" in badges.likeness_badge(0.9)


def test_an_spdx_licence_says_that_it_is_one():
    assert badges.licence_badge("MIT") == '<span class="badge" title="SPDX expression">MIT</span>'


def test_a_licence_in_words_says_that_they_are_the_authors():
    text = badges.licence_badge("Ask <legal>")

    assert "The author&#x27;s words, not an SPDX expression" in text
    assert "&lt;legal&gt;" in text


def test_a_skill_without_a_licence_claims_nothing():
    assert "SPDX" not in badges.licence_badge("")


def test_a_long_licence_is_cut_at_forty_characters():
    text = badges.licence_badge("x" * 41)

    assert "x" * 39 + "…" in text
    assert "x" * 40 not in text
    assert "x" * 40 in badges.licence_badge("x" * 40)
