"""What the launcher says before a run: likely, in nineteen of twenty cases, and at most."""

import random

import pytest

from skills.evals.engines.contract import CasePlan, TrialPlan
from skills.evals.estimates import _Usual, estimate
from skills.evals.models import Trial
from skills.evals.plan import Cases
from skills.portfolio.model_plan import model_plan
from skills.portfolio.models import PortfolioModel
from tests.evals.making import SCRIPTED, a_finished_run
from tests.factories import a_version

CASES = Cases(plans={"c": CasePlan(key="c", label="c", prompt="p")})


def test_the_sum_of_a_run_stays_below_the_high_figure_in_nineteen_of_twenty_runs():
    chance = random.Random(15)
    below = 0
    for _ in range(2_000):
        centre = chance.uniform(2_000, 6_000)
        earlier = [chance.gauss(centre, 800) for _ in range(30)]
        mean = sum(earlier) / 30
        spread = (sum((one - mean) ** 2 for one in earlier) / 29) ** 0.5
        total = chance.gauss(60 * centre, 800 * 60**0.5)
        below += total <= _Usual(mean=mean, spread=spread, known=30).high(60)

    assert 0.93 <= below / 2_000 <= 0.97


@pytest.fixture
def large(scripted):
    """A model with a price whose answers cost something."""
    model = PortfolioModel.objects.select_related("provider", "price").get(name="large")
    model.provider.kind = "vllm"
    model.provider.save()
    return model


def told(model, trials=12, skill_id=None):
    """The estimate of TRIALS trials."""
    plans = [TrialPlan("c", "candidate", model.pk, repeat) for repeat in range(trials)]
    return estimate(plans, CASES.judged, {model.pk: model_plan(model)}, None, skill_id)


def earlier_trials(version, model, tokens):
    run = a_finished_run(version, SCRIPTED)
    Trial.objects.bulk_create(
        Trial(
            run=run,
            case="c",
            arm="candidate",
            model=model,
            repeat=repeat,
            outcome="scored",
            input_tokens=used - used // 10,
            output_tokens=used // 10,
        )
        for repeat, used in enumerate(tokens, 1)
    )


def test_where_nothing_is_known_the_figures_are_far_apart(large):
    guess = told(large)

    assert guess.tokens == 12 * 4_000
    assert 2 * guess.tokens < guess.high < guess.worst
    assert guess.micros < guess.high_micros < guess.worst_micros


def test_earlier_trials_of_the_skill_make_them_close(large, owner, team):
    version = a_version(owner, team)
    earlier_trials(version, large, [900, 1_000, 1_100] * 10)

    known = told(large, skill_id=version.skill_id)

    assert known.tokens == 12_000
    assert 12_000 < known.high < 13_000


def test_trials_of_other_skills_say_less_than_those_of_the_skill_itself(large, owner, team):
    version = a_version(owner, team)
    earlier_trials(version, large, [900, 1_000, 1_100] * 10)

    of_another = told(large, skill_id=version.skill_id + 1)

    assert of_another.tokens == 12_000
    assert of_another.high > 20_000


def test_money_follows_the_share_of_output_that_trials_had(large, owner, team):
    version = a_version(owner, team)
    earlier_trials(version, large, [1_000] * 20)

    known = told(large, trials=1, skill_id=version.skill_id)

    # 900 tokens of input at $3 and 100 of output at $15 a million
    assert known.micros == pytest.approx(900 * 3 + 100 * 15, abs=2)


def test_a_model_without_a_price_makes_every_sum_of_money_unknown(large):
    large.price = None

    guess = told(large)

    assert (guess.micros, guess.high_micros, guess.worst_micros, guess.unpriced) == (
        None,
        None,
        None,
        ("scripted-large",),
    )
