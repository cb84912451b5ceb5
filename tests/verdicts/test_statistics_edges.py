"""The boundaries of the statistics: the smallest samples, equal rates, the limits of every method."""

import pytest

from skills.verdicts import statistics as st
from skills.verdicts.statistics import IntervalEstimate


def passes(count: int, of: int) -> list[bool]:
    return [True] * count + [False] * (of - count)


def samples(*counts: int, of: int = 4) -> dict[str, list[bool]]:
    """One case for each of COUNTS, which says how many of its repeats passed."""
    return {f"c{number}": passes(count, of) for number, count in enumerate(counts)}


# A mean of n equal cases has no spread, so these are Wilson's own intervals of n trials.
@pytest.mark.parametrize(
    ("rate", "n", "confidence", "low", "high"),
    [
        (0.5, 10, 0.95, 0.236593, 0.763407),
        (0.5, 10, 0.90, 0.269272, 0.730728),
        (0.7, 20, 0.95, 0.481027, 0.854523),
        (0.0, 5, 0.95, 0.0, 0.434482),
        (1.0, 5, 0.95, 0.565518, 1.0),
    ],
)
def test_the_interval_of_wilson_is_the_published_one(rate, n, confidence, low, high):
    assert st.wilson(rate, n, confidence) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize("n", [2, 3, 5, 7, 14, 16, 25, 28, 32])
@pytest.mark.parametrize("confidence", [0.90, 0.95, 0.99])
def test_rounding_takes_no_interval_of_wilson_beyond_0_and_1(n, confidence):
    assert 0 <= st.wilson(0.0, n, confidence)[0] < 1e-9
    assert 1 - 1e-9 < st.wilson(1.0, n, confidence)[1] <= 1


def test_the_interval_of_wilson_is_at_95_percent_where_nothing_is_said():
    assert st.CONFIDENCE == 0.95
    assert st.wilson(0.5, 10) == st.wilson(0.5, 10, 0.95)
    assert st.pass_rate(samples(1, 2, 3)) == st.pass_rate(samples(1, 2, 3), 0.95)
    assert st.difference(samples(4, 3, 4, 2, 4), samples(1, 2, 0, 2, 1)) == st.difference(
        samples(4, 3, 4, 2, 4), samples(1, 2, 0, 2, 1), 0.95
    )


@pytest.mark.parametrize("nothing", [{}, {"c0": []}, {"c0": [], "c1": []}])
def test_a_rate_of_no_scored_trial_is_zero_of_no_case_without_interval(nothing):
    assert st.pass_rate(nothing) == IntervalEstimate(0.0, None, None, 0)


def test_a_pass_rate_is_the_mean_of_the_cases_and_not_of_the_trials():
    rate = st.pass_rate({"often": passes(8, 8), "seldom": passes(0, 2), "never scored": []})

    assert (rate.value, rate.cases) == (0.5, 2)


def test_a_case_that_was_never_scored_takes_no_part_in_the_interval():
    scored = samples(1, 2, 2, 3)

    assert st.pass_rate({**scored, "empty": []}) == st.pass_rate(scored)


def test_the_interval_of_a_pass_rate_uses_the_effective_sample_size():
    # Rate 2/3 with a variance of 2/27 between 4 cases: 2/9 over 1/54 are 12 samples, of 20 repeats.
    means = [1 / 3, 2 / 3, 2 / 3, 1.0]

    assert st.effective_n(means, 5) == pytest.approx(12)
    rate = st.pass_rate({f"c{n}": passes(round(15 * mean), 15) for n, mean in enumerate(means)})
    assert (rate.low, rate.high) == pytest.approx(st.wilson(2 / 3, 12))


def test_repeats_are_never_worth_more_than_their_number():
    assert st.effective_n([1 / 3, 2 / 3, 2 / 3, 1.0], 2) == 8


def test_repeats_are_worth_one_sample_a_case_at_least():
    assert st.effective_n([1.0, 0.0, 1.0, 0.0], 3) == 4


@pytest.mark.parametrize(
    ("means", "size"), [([0.5], 1), ([0.5, 0.5], 2), ([0.0, 0.0, 0.0], 3), ([1.0, 1.0, 1.0], 3)]
)
def test_cases_without_spread_are_worth_one_sample_each(means, size):
    assert st.effective_n(means, 5) == size


def test_two_cases_have_a_spread():
    assert st.effective_n([0.25, 0.5], 100) == pytest.approx(0.375 * 0.625 / 0.125**2)


def test_without_a_common_case_there_is_no_difference_to_give():
    nothing = IntervalEstimate(0.0, None, None, 0)

    assert st.difference({}, {}) == nothing
    assert st.difference({"a": [True]}, {"b": [True]}) == nothing
    assert st.difference({"a": [True]}, {"a": []}) == nothing


def test_a_difference_of_five_cases_has_the_interval_of_the_paired_t_test():
    delta = st.difference(samples(4, 4, 4, 4, 4), samples(1, 2, 0, 3, 2))

    assert (delta.value, delta.cases) == (0.6, 5)
    assert (delta.low, delta.high) == pytest.approx((0.246071, 0.953929), abs=1e-6)


def test_four_cases_have_a_difference_and_no_interval():
    delta = st.difference(samples(4, 4, 4, 4), samples(1, 2, 0, 3))

    assert delta == IntervalEstimate(0.625, None, None, 4)


def test_one_case_has_a_difference():
    assert st.difference(samples(3), samples(1)) == IntervalEstimate(0.5, None, None, 1)


def test_a_constant_difference_is_as_sure_as_one_in_which_one_repeat_ended_otherwise():
    constant = st.difference(samples(4, 4, 4, 4, 4), samples(2, 2, 2, 2, 2))
    less = st.difference(samples(4, 4, 4, 4, 3), samples(2, 2, 2, 2, 2))

    assert constant.low > less.low
    assert constant.high - constant.low == pytest.approx(less.high - less.low)


def test_the_interval_of_a_difference_ends_at_one_and_at_minus_one():
    high = st.difference(samples(4, 4, 4, 4, 4), samples(0, 0, 0, 0, 4))
    low = st.difference(samples(0, 0, 0, 0, 4), samples(4, 4, 4, 4, 4))

    assert (high.value, high.high) == (0.8, 1.0) and high.low == pytest.approx(0.244711, abs=1e-6)
    assert (low.value, low.low) == (-0.8, -1.0) and low.high == pytest.approx(-0.244711, abs=1e-6)


def test_pairs_are_ours_minus_theirs():
    assert st.paired(samples(3, 1), samples(1, 3)) == [0.5, -0.5]


def test_pairs_leave_out_what_one_side_never_scored():
    ours = {"a": [True], "b": [], "c": [True], "d": [True]}
    theirs = {"a": [False], "b": [True], "c": []}

    assert st.paired(ours, theirs) == [1.0]


def test_p_is_told_from_five_cases_with_a_spread_on():
    assert st.p_value([0.75, 0.5, 1.0, 0.25, 0.5]) == pytest.approx(0.009262, abs=1e-6)
    assert st.p_value([0.75, 0.5, 1.0, 0.25]) is None
    assert st.p_value([0.5] * 5) is None
    assert st.p_value([0.0] * 5) is None


@pytest.mark.parametrize(
    ("deltas", "verdict"),
    [
        ([0.3, 0.2, -0.1, 0.3, 0.1, 0.2], "improves"),  # p = 0.042
        ([-0.3, -0.2, 0.1, -0.3, -0.1, -0.2], "regresses"),
        ([0.1, 0.2, 0.3, 0.0, -0.05, 0.2], "no_clear_effect"),  # p = 0.070
        ([0.5] * 5, "improves"),
        ([-0.5] * 5, "regresses"),
        ([0.0] * 5, "no_clear_effect"),
        ([1.0] * 4, "too_few_cases"),
        ([], "too_few_cases"),
    ],
)
def test_the_verdict_on_one_model(deltas, verdict):
    assert st.verdicts({"m": deltas}) == {"m": verdict}


def test_a_lower_confidence_lets_more_through():
    deltas = {"m": [0.1, 0.2, 0.3, 0.0, -0.05, 0.2]}  # p = 0.070

    assert st.verdicts(deltas, 0.90) == {"m": "improves"}
    assert st.verdicts(deltas, 0.95) == {"m": "no_clear_effect"}


def test_holm_asks_the_smallest_p_for_half_of_the_bound_where_there_are_two():
    border = [0.3, 0.2, -0.1, 0.3, 0.1, 0.2]  # p = 0.042: enough alone, and as the last of two

    alone = st.verdicts({"a": border})
    with_a_clear_one = st.verdicts({"a": border, "b": [0.5, 0.6, 0.55, 0.5, 0.6, 0.65]})
    with_its_like = st.verdicts({"a": border, "b": border})

    assert alone == {"a": "improves"}
    assert with_a_clear_one == {"a": "improves", "b": "improves"}
    assert with_its_like == {"a": "no_clear_effect", "b": "no_clear_effect"}


def test_models_that_need_no_test_do_not_make_the_others_pay():
    border = [0.3, 0.2, -0.1, 0.3, 0.1, 0.2]

    found = st.verdicts({"few": [1.0] * 4, "constant": [0.5] * 5, "border": border})

    assert found == {"few": "too_few_cases", "constant": "improves", "border": "improves"}


def test_kappa_needs_two_labels_that_vary():
    assert st.kappa([]) is None
    assert st.kappa([(True, False)]) is None
    assert st.kappa([(True, True)] * 2) is None
    assert st.kappa([(False, False)] * 2) is None
    assert st.kappa([(True, True), (False, False)]) == 1


def test_kappa_of_opposite_verdicts_is_minus_one():
    assert st.kappa([(True, False), (False, True)]) == -1


def test_kappa_corrects_for_what_chance_would_agree_on():
    # Cohen's table: 20 and 15 in agreement, 5 and 10 apart, so 0.7 agree where 0.5 would by chance.
    labels = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15

    assert st.kappa(labels) == pytest.approx(0.4)


def test_kappa_is_not_told_by_the_share_of_passes_alone():
    labels = [(True, True)] * 8 + [(True, False)] * 2

    assert st.kappa(labels) == 0
