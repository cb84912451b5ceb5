"""What a run is expected to use before it starts: likely, in nineteen of twenty cases, and at most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from django.db import connection

from skills.bundles.eval_cases import AssertionKind
from skills.evals.engines.contract import TrialPlan
from skills.evals.models import Run
from skills.evals.plan import limits, remembered_model
from skills.evals.runs import FRESH, arms_again
from skills.lib.clock import now
from skills.portfolio.model_plan import ModelPlan
from skills.verdicts.outcomes import COUNTED
from skills.verdicts.records import CaseRecord

_TRIAL_GUESS = 4_000  # tokens of a trial of which nothing is known yet
_OUTPUT_GUESS = 0.2  # of the tokens of a trial or of a question to the judge
_JUDGEMENT_GUESS = 1_000  # tokens of one question to the judge
_JUDGE_BYTES = 110_000  # what a judge reads at most, see grade.judge_prompt; JSON writes two for a line break
_JUDGE_ASKS = 2  # an unreadable answer is asked for once more
_KNOWN_TRIALS = 10  # of this skill on a model, from which its mean is known
_NINETEEN_OF_TWENTY = 1.645  # standard deviations that 95 % of a normal distribution stay below
_DAYS = 60


@dataclass(frozen=True, kw_only=True)
class CostEstimate:
    """What a run uses: likely, with 95 % probability not more, and at most. Micros None without a price."""

    trials: int
    tokens: int
    high: int
    worst: int
    micros: int | None
    high_micros: int | None
    worst_micros: int | None
    unpriced: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Usual:
    """Tokens of a trial on one model, by trials before; `known` of this skill, 0 where of others."""

    mean: float = _TRIAL_GUESS
    spread: float = _TRIAL_GUESS
    output_share: float = _OUTPUT_GUESS
    known: int = 0

    def high(self, trials: int) -> float:
        """What the sum of TRIALS stays below in 95 % of runs."""
        if self.known:
            deviation = self.spread * sqrt(trials + trials**2 / self.known)
        else:
            # Skills differ more than the trials of one: all of them may lie off to the same side.
            deviation = self.spread * trials
        return trials * self.mean + _NINETEEN_OF_TWENTY * deviation


@dataclass(kw_only=True)
class _Sum:
    """Tokens and micros so far; micros are those of the models that have a price."""

    tokens: float = 0
    high: float = 0
    worst: int = 0
    micros: float = 0
    high_micros: float = 0
    worst_micros: float = 0

    def add(
        self, model: ModelPlan, *, tokens: float, high: float, worst: int, output_share: float = _OUTPUT_GUESS
    ) -> None:
        high = min(high, worst)
        self.tokens += tokens
        self.high += high
        self.worst += worst
        tariff = model.tariff(now())
        if tariff is None:
            return
        base = tariff.rates[0]
        mean_rate = float(base.input) * (1 - output_share) + float(base.output) * output_share
        self.micros += tokens * mean_rate / 1_000_000
        self.high_micros += high * mean_rate / 1_000_000
        self.worst_micros += worst * float(tariff.dearest) / 1_000_000


def estimate(
    trials: Sequence[TrialPlan],
    judged: Mapping[str, int],
    models: Mapping[int, ModelPlan],
    judge: ModelPlan | None,
    skill_id: int | None,
) -> CostEstimate:
    """From what trials of this skill and model used before; a guess where nothing is known.

    JUDGED is how many assertions of a case need the judge, by its key.
    """
    most_tokens = limits().tokens
    usual = _usual(skill_id, list(models))
    total = _Sum()
    for pk, model in models.items():
        if model.is_scripted:  # a demonstration costs nothing
            continue
        count = sum(trial.model == pk for trial in trials)
        facts = usual.get(pk, _Usual())
        total.add(
            model,
            tokens=count * facts.mean,
            high=facts.high(count),
            # The bound is looked at after a turn, so the last answer may come on top of it.
            worst=count * (most_tokens + model.max_output_tokens),
            output_share=facts.output_share,
        )
    if judge:
        answered = [trial for trial in trials if not models[trial.model].is_scripted]
        asks = sum(judged.get(trial.case, 0) for trial in answered)
        tokens = asks * _JUDGEMENT_GUESS
        worst = asks * _JUDGE_ASKS * (_JUDGE_BYTES + judge.max_output_tokens)
        total.add(judge, tokens=tokens, high=_JUDGE_ASKS * tokens, worst=worst)
    asked = [model for model in (*models.values(), judge) if model and not model.is_scripted]
    unpriced = tuple(model.label for model in asked if model.price is None)
    return CostEstimate(
        trials=len(trials),
        tokens=ceil(total.tokens),
        high=ceil(total.high),
        worst=total.worst,
        micros=None if unpriced else ceil(total.micros),
        high_micros=None if unpriced else ceil(total.high_micros),
        worst_micros=None if unpriced else ceil(total.worst_micros),
        unpriced=unpriced,
    )


def estimate_recheck(run: Run, case: CaseRecord, model: ModelPlan) -> CostEstimate:
    """What fresh repeats of one cell of RUN use, at the prices of today."""
    trials = [
        TrialPlan(case["key"], arm, model.id, repeat)
        for arm in arms_again(run)
        for repeat in range(1, FRESH + 1)
    ]
    judged = sum(assertion["kind"] == AssertionKind.JUDGE for assertion in case["assertions"])
    judge = remembered_model(run.judge, secret="") if run.judge else None
    return estimate(trials, {case["key"]: judged}, {model.id: model}, judge, run.skill_id)


def _usual(skill_id: int | None, models: list[int]) -> dict[int, _Usual]:
    """Model → what a trial used lately, of this skill where there are enough, else of any other."""
    sql = """
        select r.skill_id is not distinct from %s as mine, t.model_id, count(*),
            avg(t.input_tokens + t.output_tokens), coalesce(stddev_samp(t.input_tokens + t.output_tokens), 0),
            sum(t.output_tokens)::float / greatest(sum(t.input_tokens + t.output_tokens), 1)
        from skills_trial t join skills_run r on r.id = t.run_id
        where t.model_id = any(%s) and t.outcome = any(%s) and not t.reused
            and t.created_at > now() - make_interval(days => %s)
        group by 1, 2 having sum(t.input_tokens + t.output_tokens) > 0 order by 1
    """
    # Reused results are left out, or one trial would count as often as it was copied.
    usual: dict[int, _Usual] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [skill_id, models, [outcome.value for outcome in COUNTED], _DAYS])
        # This skill's rows come last and take the place of the others'.
        for is_mine, model, count, mean, spread, output_share in cursor.fetchall():
            if is_mine and count < _KNOWN_TRIALS and model in usual:
                continue
            usual[model] = _Usual(
                mean=float(mean),
                spread=max(float(spread), 0.0 if is_mine and count >= _KNOWN_TRIALS else float(mean) / 2),
                output_share=output_share,
                known=count if is_mine else 0,
            )
    return usual
