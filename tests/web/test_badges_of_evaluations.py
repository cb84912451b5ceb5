"""The words and colours of an evaluation's parts, and how sums and tabs are written."""

import pytest
from django.test import RequestFactory

from skills.evals.models import Trial
from skills.web import badges, tags


@pytest.mark.parametrize(
    ("status", "words", "tone"),
    [
        ("confirmed", "regression confirmed", "bad"),
        ("suspected", "regression suspected", "warn"),
        ("undecided", "regression undecided", "warn"),
        ("cleared", "regression cleared", ""),
    ],
)
def test_a_regression_says_what_fresh_repeats_found(status, words, tone):
    classes = f"badge {tone}".rstrip()

    assert badges.regression_badge(status) == f'<span class="{classes}">{words}</span>'


def test_a_flag_that_only_filters_the_matrix_has_no_badge():
    assert badges.flag_badge("improved", None) == ""


@pytest.mark.parametrize(("must_open", "words"), [(True, "must open"), (False, "must not open")])
def test_a_trigger_case_says_what_it_expects(must_open, words):
    assert words in badges.flag_badge("triggers", must_open)
    assert words in badges.trigger_badge(must_open)


def test_a_case_without_a_trigger_has_no_badge_for_it():
    assert badges.trigger_badge(None) == ""


def test_a_trial_that_was_not_scored_says_why_instead_of_a_grade():
    assert badges.outcome_badge(Trial(outcome="limit")) == '<span class="badge warn">limit reached</span>'
    assert "passed" in badges.outcome_badge(Trial(outcome="scored", passed=True))
    assert "failed" in badges.outcome_badge(Trial(outcome="scored", passed=False))


def test_likeness_warns_only_where_a_page_asks_for_it():
    assert 'class="badge"' in badges.likeness_badge(0.95)
    assert 'class="badge warn"' in badges.likeness_badge(0.95, warn_from=0.9)
    assert 'class="badge"' in badges.likeness_badge(0.89, warn_from=0.9)


@pytest.mark.parametrize(
    ("tokens", "micros", "words"),
    [
        (1_200, None, "1,200 tokens"),
        (1_200, 450_000, "1,200 tokens, $0.4500"),
        (0, 0, "0 tokens, $0.00"),
        (None, None, "no limit"),
        (None, 3_000_000, "no limit, $3.00"),
    ],
)
def test_an_amount_names_its_cost_where_it_is_known(tokens, micros, words):
    assert tags.amount(tokens, micros) == words


def test_a_price_nobody_knows_is_called_unknown():
    assert tags.dollars(None) == "unknown"


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/account/", "profile"),
        ("/account/tokens/", "tokens"),
        ("/account/two-factor/totp/activate/", "two-factor"),
        ("/account/reauthenticate/", ""),
    ],
)
def test_a_page_of_the_account_knows_its_tab(path, section):
    assert tags.account_section(RequestFactory().get(path)) == section
