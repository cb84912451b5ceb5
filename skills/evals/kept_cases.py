"""Cases that a new version changed or took out: both versions run them until a reviewer waives them.

Whoever takes out the case that fell, or weakens it, would else have no regression.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from skills.catalog.models import Version
from skills.evals.models import CaseWaiver, Purpose, Run, RunState
from skills.verdicts.pooled import standing_regressions
from skills.verdicts.records import CaseRecord
from skills.verdicts.shapes import Regression


@dataclass(frozen=True, kw_only=True)
class KeptCase:
    """A case that an earlier version has and this one does not, and what became of it."""

    key: str
    label: str
    prompt: str
    is_changed: bool  # this version has a case of the same name
    has_run: bool  # with this version and the approved one
    falls: tuple[Regression, ...]
    waiver: CaseWaiver | None


def waived_keys(skill_id: int | None) -> set[str]:
    """Keys of the cases that a reviewer lets a skill drop."""
    return set(CaseWaiver.objects.filter(skill=skill_id).values_list("case", flat=True))


def counting_cases(run: Run) -> list[CaseRecord]:
    """The cases of a run without kept ones that were waived since."""
    waived = waived_keys(run.skill_id)
    return [case for case in run.cases if not ("kept_from" in case and case["key"] in waived)]


def cases_run_on(version: Version) -> list[CaseRecord]:
    """The cases that VERSION was last evaluated on and answers for: without hidden and waived ones."""
    waived = waived_keys(version.skill_id)
    return [case for case in _cases_run_on(version) if case["key"] not in waived]


def _cases_run_on(version: Version) -> list[CaseRecord]:
    whole = _evaluations(version).filter(state=RunState.DONE)
    ran = whole.order_by("-pk").values_list("cases", flat=True).first() or []
    return [case for case in ran if not case["hidden"]]


def kept_before(version: Version) -> dict[str, int]:
    """Key → id of the version that has it, of cases that evaluations of VERSION kept from earlier ones."""
    runs = _evaluations(version).values_list("cases", flat=True)
    return {case["key"]: case["kept_from"] for cases in runs for case in cases if "kept_from" in case}


def kept_cases_of(version: Version, before: Version | None) -> list[KeptCase]:
    """The cases that VERSION changed or took out since the approved BEFORE, those that fell first."""
    if before is None:
        return []
    runs = list(_evaluations(version).filter(previous=before).order_by("pk"))
    own = {case["key"]: case for run in runs for case in run.cases if "kept_from" not in case}
    kept = {case["key"]: case for run in runs for case in run.cases if "kept_from" in case}
    found = {case["key"]: case for case in _cases_run_on(before)} | kept
    waivers = {
        row.case: row for row in CaseWaiver.objects.filter(skill=version.skill_id).select_related("by")
    }
    names = {case["label"] for case in own.values()}
    falls = _falls(runs)
    cases = [
        KeptCase(
            key=key,
            label=case["label"],
            prompt=case["prompt"],
            is_changed=name_of(case) in names,
            has_run=key in kept,
            falls=tuple(fall for fall in falls if fall.case == key),
            waiver=waivers.get(key),
        )
        for key, case in found.items()
        if runs and key not in own
    ]
    return sorted(cases, key=lambda case: (case.waiver is not None, not case.falls, case.label))


def kept_label(name: str, number: str) -> str:
    """What pages call a case of an earlier version."""
    return f"{name} ({number})"


def name_of(case: CaseRecord) -> str:
    """The name that its author gave to a case."""
    return case["label"].rpartition(" (")[0] if "kept_from" in case else case["label"]


def _falls(runs: Iterable[Run]) -> tuple[Regression, ...]:
    reports = [report for run in runs if (report := run.evaluation)]
    return standing_regressions(regression for report in reports for regression in report.regressions)


def _evaluations(version: Version) -> QuerySet[Run]:
    runs = Run.objects.filter(skill=version.skill_id, digest=version.digest, version__isnull=False)
    return runs.filter(purpose=Purpose.EVALUATE)
