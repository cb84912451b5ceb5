"""The JSON of evaluations and budgets: serializers for the schema and the functions that fill them."""

from rest_framework import serializers as s

from skills.budgets.models import EntryKind, LedgerEntry
from skills.budgets.selectors import Standing, spending_of_run
from skills.evals.models import OUTCOMES, Purpose, Run, RunState, Trial
from skills.evals.results import progress
from skills.evals.selectors import cases_shown
from skills.people.actor import Actor
from skills.portfolio.models import PortfolioModel
from skills.verdicts.records import CaseRecord


class ModelShape(s.Serializer[object]):
    label = s.CharField()  # type: ignore[assignment]
    name = s.CharField()
    provider = s.CharField()
    kind = s.CharField()
    can_judge = s.BooleanField()
    priced = s.BooleanField()
    answers = s.BooleanField(
        allow_null=True,
        help_text="How its last test went; null before one. What failed it is left out by default.",
    )


def model(row: PortfolioModel) -> dict[str, object]:
    return {
        "label": row.label,
        "name": row.name,
        "provider": row.provider.name,
        "kind": row.provider.kind,
        "can_judge": row.can_judge,
        "priced": row.price_id is not None,
        "answers": False if row.failed_its_test else (row.tested_at and True),
    }


class RunShape(s.Serializer[object]):
    id = s.IntegerField()
    team = s.CharField()
    name = s.CharField()
    version = s.CharField(allow_null=True)
    digest = s.CharField()
    state = s.ChoiceField(choices=RunState.choices)
    purpose = s.ChoiceField(choices=Purpose.choices)
    scripted = s.BooleanField(help_text="true: answers or grades were replayed; proves nothing")
    models = s.ListField(child=s.CharField())
    arms = s.ListField(child=s.CharField())
    repeats = s.IntegerField()
    trials = s.IntegerField()
    verdict = s.CharField(allow_blank=True)
    sentence = s.CharField(allow_blank=True)
    problem = s.CharField(allow_blank=True)
    requested_by = s.CharField()
    created_at = s.DateTimeField()
    finished_at = s.DateTimeField(allow_null=True)


def run(row: Run) -> dict[str, object]:
    report = row.evaluation
    return {
        "id": row.pk,
        "team": row.team.handle,
        "name": row.name,
        "version": row.version.number if row.version else None,
        "digest": row.digest,
        "state": row.state,
        "purpose": row.purpose,
        "scripted": row.is_scripted,
        "models": [model["label"] for model in row.portfolio],
        "arms": row.arms,
        "repeats": row.repeats,
        "trials": row.total,
        "verdict": report.state if report else "",
        "sentence": report.sentence if report else "",
        "problem": row.problem,
        "requested_by": row.requested_by.username,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
    }


class CaseShape(s.Serializer[object]):
    key = s.CharField()
    label = s.CharField()  # type: ignore[assignment]
    prompt = s.CharField()
    trigger = s.BooleanField(allow_null=True)
    hidden = s.BooleanField()
    kept = s.BooleanField(help_text="of an earlier version, which this one changed or dropped")
    assertions = s.ListField(child=s.DictField())


class Progress(s.Serializer[object]):
    done = s.IntegerField()
    total = s.IntegerField()
    percent = s.IntegerField()


class Spent(s.Serializer[object]):
    spent = s.IntegerField(help_text="tokens")
    micros = s.IntegerField(help_text="millionths of a US dollar, where prices are known")
    judge = s.IntegerField(help_text="tokens of the judge, part of spent")
    held = s.IntegerField(help_text="tokens held by calls under way")


class RunDetail(RunShape):
    progress = Progress()
    money = Spent()
    cases = CaseShape(many=True)
    report = s.DictField(
        allow_null=True, help_text="figures by model, regressions, advice; see /docs/verdicts/"
    )
    pooled_report = s.DictField(
        allow_null=True,
        help_text="what all evaluations of the same bytes show together; null where `report` is that",
    )


def run_detail(actor: Actor, row: Run) -> dict[str, object]:
    return run(row) | {
        "progress": progress(row),
        "money": spending_of_run(row.pk),
        "cases": [_case(case) for case in cases_shown(actor, row)],
        "report": row.report,
        "pooled_report": row.pooled_report,
    }


def _case(record: CaseRecord) -> dict[str, object]:
    return {
        "key": record["key"],
        "label": record["label"],
        "prompt": record["prompt"],
        "trigger": record["trigger"],
        "hidden": record["hidden"],
        "kept": "kept_from" in record,
        "assertions": record["assertions"],
    }


class TrialShape(s.Serializer[object]):
    id = s.IntegerField()
    case = s.CharField()
    arm = s.CharField()
    model = s.CharField()
    repeat = s.IntegerField()
    outcome = s.ChoiceField(choices=OUTCOMES)
    cause = s.CharField(
        allow_blank=True, help_text="the limit that was met, or why it is not scored, as in /docs/verdicts/"
    )
    passed = s.BooleanField()
    invoked = s.BooleanField()
    reused = s.BooleanField()
    grades = s.ListField(child=s.DictField())
    output = s.CharField(allow_blank=True)
    problem = s.CharField(allow_blank=True)
    input_tokens = s.IntegerField()
    output_tokens = s.IntegerField()
    judge_tokens = s.IntegerField()
    micros = s.IntegerField(allow_null=True)
    seconds = s.FloatField()


def trial(row: Trial) -> dict[str, object]:
    same = (
        "case",
        "arm",
        "repeat",
        "outcome",
        "cause",
        "passed",
        "invoked",
        "reused",
        "grades",
        "output",
        "problem",
        "input_tokens",
        "output_tokens",
        "judge_tokens",
        "micros",
        "seconds",
    )
    return {"id": row.pk, "model": row.model.label} | {name: getattr(row, name) for name in same}


class BudgetShape(s.Serializer[object]):
    id = s.IntegerField()
    owner = s.CharField()
    period = s.CharField()
    starts_at = s.DateTimeField()
    ends_at = s.DateTimeField(allow_null=True)
    time_zone = s.CharField()
    starts_on = s.IntegerField()
    hard = s.BooleanField()
    marks = s.ListField(child=s.IntegerField())
    follows_default = s.BooleanField()
    ceiling_tokens = s.IntegerField(allow_null=True)
    ceiling_micros = s.IntegerField(allow_null=True)
    limit_tokens = s.IntegerField(allow_null=True)
    limit_micros = s.IntegerField(allow_null=True)
    spent_tokens = s.IntegerField()
    spent_micros = s.IntegerField()
    held_tokens = s.IntegerField()
    left_tokens = s.IntegerField(allow_null=True)
    left_micros = s.IntegerField(allow_null=True)


def budget(one: Standing) -> dict[str, object]:
    period = one.period
    same = (
        "starts_at",
        "ends_at",
        "limit_tokens",
        "limit_micros",
        "spent_tokens",
        "spent_micros",
        "held_tokens",
        "left_tokens",
        "left_micros",
    )
    facts = {
        "id": one.budget.pk,
        "owner": one.budget.owner,
        "period": one.budget.window,
    }
    of_budget = (
        "time_zone",
        "starts_on",
        "hard",
        "marks",
        "follows_default",
        "ceiling_tokens",
        "ceiling_micros",
    )
    facts |= {name: getattr(one.budget, name) for name in of_budget}
    return facts | {name: getattr(period, name) for name in same}


class EntryShape(s.Serializer[object]):
    id = s.IntegerField()
    at = s.DateTimeField()
    kind = s.ChoiceField(choices=EntryKind.choices)
    tokens = s.IntegerField()
    micros = s.IntegerField(allow_null=True)
    model = s.CharField(allow_blank=True)
    role = s.CharField(allow_blank=True)
    run = s.IntegerField(allow_null=True)
    note = s.CharField(allow_blank=True)


def entry(row: LedgerEntry) -> dict[str, object]:
    same = ("at", "kind", "tokens", "micros", "model", "role", "note")
    return {"id": row.pk, "run": row.run_id} | {name: getattr(row, name) for name in same}
