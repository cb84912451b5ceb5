"""Every figure against the formula or the package it is taken from, and its edges."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from skills.verdicts import statistics
from skills.verdicts.outcomes import EvaluationVerdict
from skills.verdicts.statistics import IntervalEstimate

P, F = True, False
NOTHING = IntervalEstimate(0.0, None, None, 0)


@pytest.mark.parametrize(("passed", "of"), [(0, 5), (1, 5), (7, 10), (14, 20), (20, 20), (500, 1000)])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_wilsons_interval_is_that_of_scipy(passed, of, confidence):
    expected = stats.binomtest(passed, of).proportion_ci(confidence, method="wilson")

    assert statistics.wilson(passed / of, of, confidence) == pytest.approx((expected.low, expected.high))


@given(st.floats(0, 1), st.floats(1, 10_000))
def test_wilsons_interval_holds_the_rate_and_stays_a_share(rate, n):
    low, high = statistics.wilson(rate, n)

    assert 0 <= low <= rate + 1e-9
    assert rate - 1e-9 <= high <= 1


def test_more_samples_make_a_narrower_interval():
    widths = [high - low for low, high in (statistics.wilson(0.6, n) for n in (5, 10, 50, 1000))]

    assert widths == sorted(widths, reverse=True)


def test_a_pass_rate_is_the_mean_of_the_means_of_the_cases():
    rate = statistics.pass_rate({"a": [P, P, P, P], "b": [F], "c": [P, F]})

    assert rate.value == pytest.approx((1 + 0 + 0.5) / 3)
    assert rate.cases == 3


@pytest.mark.parametrize("samples", [{}, {"a": []}, {"a": [], "b": []}])
def test_nothing_scored_is_no_rate(samples):
    assert statistics.pass_rate(samples) == NOTHING


def test_a_case_without_a_scored_repeat_counts_nowhere():
    assert statistics.pass_rate({"a": [P, F], "b": []}) == statistics.pass_rate({"a": [P, F]})


def test_a_rate_of_one_repeat_each_is_wilsons_own():
    rate = statistics.pass_rate({str(n): [n < 7] for n in range(10)})

    assert (rate.low, rate.high) == pytest.approx(statistics.wilson(0.7, 10))


@pytest.mark.parametrize(
    ("means", "repeats", "n"),
    [
        ([0.5], 3, 1),
        ([1.0, 1.0, 1.0], 5, 3),
        ([0.0, 0.0], 5, 2),
        ([0.5, 0.5, 0.5], 4, 3),
        ([0.0, 1.0, 0.0, 1.0], 10, 4),
    ],
)
def test_repeats_that_say_nothing_new_count_once_a_case(means, repeats, n):
    assert statistics.effective_n(means, repeats) == n


def test_an_effective_sample_is_read_back_from_the_standard_error():
    means = [0.4, 0.6, 0.5, 0.5, 0.7, 0.3]
    error = stats.sem(means)

    assert statistics.effective_n(means, 100) == pytest.approx(0.25 / error**2)


def test_an_effective_sample_is_never_more_than_all_repeats():
    assert statistics.effective_n([0.5, 0.5, 0.5, 0.50001], 3) == 12


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), min_size=1, max_size=30), st.integers(1, 10))
def test_an_effective_sample_lies_between_the_cases_and_the_repeats(means, repeats):
    assert len(means) <= statistics.effective_n(means, repeats) <= len(means) * repeats


def means_of(deltas: list[float]) -> tuple[dict, dict]:
    """Two arms over ten repeats a case whose means differ by DELTAS (tenths)."""
    ours = {str(n): [i < round(10 * max(0, d)) for i in range(10)] for n, d in enumerate(deltas)}
    theirs = {str(n): [i < round(10 * max(0, -d)) for i in range(10)] for n, d in enumerate(deltas)}
    return ours, theirs


def test_the_interval_of_a_difference_is_that_of_a_paired_t_test():
    deltas = [0.4, 0.1, -0.2, 0.5, 0.3, 0.2]
    expected = stats.ttest_1samp(deltas, 0).confidence_interval(0.95)

    found = statistics.difference(*means_of(deltas))

    assert found.value == pytest.approx(sum(deltas) / 6)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.cases == 6


def test_the_interval_of_a_difference_ends_where_differences_end():
    found = statistics.difference(*means_of([1.0, 1.0, 1.0, 1.0, -1.0]))

    assert found.high == 1.0
    assert found.low > -1.0


@pytest.mark.parametrize(("count", "has_interval"), [(1, False), (4, False), (5, True), (6, True)])
def test_five_cases_are_the_fewest_for_an_interval(count, has_interval):
    found = statistics.difference(*means_of([0.4, 0.1, 0.2, 0.5, 0.3, 0.2][:count]))

    assert (found.low is not None) is has_interval
    assert found.cases == count


def test_a_constant_difference_has_an_interval_all_the_same():
    found = statistics.difference(*means_of([0.5] * 6))

    assert found.value == 0.5
    assert 0.4 < found.low < 0.5 < found.high < 0.6


@pytest.mark.parametrize(
    ("ours", "theirs"), [({}, {}), ({"a": [P]}, {}), ({"a": [P]}, {"b": [P]}), ({"a": []}, {"a": [P]})]
)
def test_without_a_pair_there_is_no_difference(ours, theirs):
    assert statistics.difference(ours, theirs) == NOTHING


def test_pairs_may_have_unequal_numbers_of_repeats():
    assert statistics.paired({"a": [P, P, F]}, {"a": [P, F]}) == [pytest.approx(2 / 3 - 1 / 2)]


@pytest.mark.parametrize("deltas", [[], [0.3] * 4, [0.3] * 5, [0.0] * 9])
def test_what_cannot_be_tested_has_no_p(deltas):
    assert statistics.p_value(deltas) is None


def test_a_p_is_that_of_the_t_distribution_written_out():
    deltas = [0.4, 0.1, -0.2, 0.5, 0.3]
    mean = sum(deltas) / 5
    deviation = sqrt(sum((delta - mean) ** 2 for delta in deltas) / 4)
    t = mean / (deviation / sqrt(5))

    assert statistics.p_value(deltas) == pytest.approx(2 * stats.t.sf(abs(t), 4))


@pytest.mark.parametrize(
    ("deltas", "verdict"),
    [
        ([0.5] * 5, EvaluationVerdict.IMPROVES),
        ([-0.5] * 5, EvaluationVerdict.REGRESSES),
        ([0.0] * 5, EvaluationVerdict.NO_CLEAR_EFFECT),
        ([1.0] * 4, EvaluationVerdict.TOO_FEW_CASES),
        ([], EvaluationVerdict.TOO_FEW_CASES),
        ([0.5, 0.6, 0.4, 0.5, 0.7], EvaluationVerdict.IMPROVES),
        ([-0.5, -0.6, -0.4, -0.5, -0.7], EvaluationVerdict.REGRESSES),
        ([0.5, -0.5, 0.4, -0.4, 0.1], EvaluationVerdict.NO_CLEAR_EFFECT),
    ],
)
def test_a_verdict_of_one_model(deltas, verdict):
    assert statistics.verdicts({1: deltas}) == {1: verdict}


def test_no_models_have_no_verdicts():
    assert statistics.verdicts({}) == {}


def test_holm_stops_at_the_first_that_fails():
    """Of p = 0.01 and 0.03 the second passes alone (0.05) and falls where a third, 0.5, stands beside."""
    by_p = {p: deltas_with(p) for p in (0.01, 0.03, 0.5)}

    two = statistics.verdicts({"a": by_p[0.01], "b": by_p[0.03]})
    three = statistics.verdicts({"a": by_p[0.01], "b": by_p[0.03], "c": by_p[0.5]})

    assert two == {"a": "improves", "b": "improves"}
    assert three == {"a": "improves", "b": "no_clear_effect", "c": "no_clear_effect"}


def deltas_with(p: float) -> list[float]:
    """Six differences whose paired t test gives P."""
    shape = [-1.0, -0.5, 0.0, 0.0, 0.5, 1.0]
    t = stats.t.isf(p / 2, 5)
    mean = t * stats.sem(shape)
    return [value + mean for value in shape]


def test_models_with_too_few_cases_make_no_test_stricter():
    alone = statistics.verdicts({"a": deltas_with(0.04)})
    beside = statistics.verdicts({"a": deltas_with(0.04), "b": [0.1] * 4, "c": [0.2] * 9})

    assert alone == {"a": "improves"}
    assert beside == {"a": "improves", "b": "too_few_cases", "c": "improves"}


@pytest.mark.parametrize(
    ("both", "judge_only", "person_only", "neither", "kappa"),
    [
        (20, 5, 10, 15, 0.4),  # the example of Cohen's kappa that text books give
        (45, 15, 25, 15, 0.1304),
        (10, 0, 0, 10, 1.0),
        (0, 10, 10, 0, -1.0),
        (5, 5, 5, 5, 0.0),
    ],
)
def test_kappa_is_cohens(both, judge_only, person_only, neither, kappa):
    pairs = [(P, P)] * both + [(P, F)] * judge_only + [(F, P)] * person_only + [(F, F)] * neither

    assert statistics.kappa(pairs) == pytest.approx(kappa, abs=1e-4)


@pytest.mark.parametrize("pairs", [[], [(P, P)], [(P, P)] * 40, [(F, F)] * 40])
def test_without_variation_there_is_no_kappa(pairs):
    assert statistics.kappa(pairs) is None
