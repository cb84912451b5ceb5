"""What people write about cases: hidden ones of reviewers, overrules of the judge, `evals.json` itself."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from django.db import IntegrityError, transaction

from skills.audit.record import record
from skills.bundles.eval_cases import Assertion, AssertionKind, Case, Evals
from skills.bundles.evals import CASES
from skills.catalog.models import OPEN, Skill, Version
from skills.catalog.stakes import check_second_eyes
from skills.evals.models import HiddenCase, Overrule, Trial
from skills.evals.readings import read_cases
from skills.lib.errors import Conflict, Problem, ProblemSeverity, Refused, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Role
from skills.verdicts.outcomes import Outcome

_MOST_HIDDEN_ASSERTIONS = 12
_LONGEST_NAME, _LONGEST_PROMPT, _LONGEST_REASON = 60, 20_000, 500
_ONE_VALUE = frozenset(
    {
        AssertionKind.CONTAINS,
        AssertionKind.NOT_CONTAINS,
        AssertionKind.REGEX,
        AssertionKind.NOT_REGEX,
        AssertionKind.FILE_EXISTS,
        AssertionKind.TOOL_USED,
    }
)
_SEVERAL_VALUES = frozenset({AssertionKind.CONTAINS_ANY, AssertionKind.NOT_CONTAINS_ANY})
# Kinds that no line can show, with the key that `evals.json` keeps their value under.
_WITHOUT_A_LINE = {AssertionKind.JSON_SCHEMA: "schema", AssertionKind.PYTHON: "value"}


def read_lines(text: str) -> list[dict[str, object] | str]:
    """Assertions as people type them: one a line; `contains: words` and the like are typed checks."""
    lines = [line.strip() for line in text.splitlines()]
    return [_read_line(line) for line in lines if line]


def _read_line(line: str) -> dict[str, object] | str:
    """A typed check, or the line itself, for a judge to read."""
    before, colon, value = line.partition(":")
    kind = before.strip().lower().replace(" ", "_").replace("-", "_")
    if colon and kind in _ONE_VALUE:
        return {"type": kind, "value": value.strip()}
    if colon and kind in _SEVERAL_VALUES:
        values = [part.strip() for part in value.split("|")]
        return {"type": kind, "values": [part for part in values if part]}
    return line


def as_lines(assertions: Sequence[Assertion]) -> str:
    """The reverse of `read_lines`; `evals_json` keeps the kinds that no line can show."""
    lines = []
    for assertion in assertions:
        if assertion.kind == AssertionKind.JUDGE:
            lines.append(assertion.text)
        elif assertion.kind in _ONE_VALUE:
            lines.append(f"{assertion.kind}: {assertion.value}")
        elif assertion.kind in _SEVERAL_VALUES:
            lines.append(f"{assertion.kind}: {' | '.join(assertion.value)}")
    return "\n".join(lines)


def evals_json(name: str, rows: Sequence[Mapping[str, str]], before: Evals) -> bytes:
    """`evals/evals.json` from the rows of the editor (id, prompt, expected, assertions).

    What the editor cannot show is kept from the case with the same id BEFORE: unknown keys, files, checks.
    """
    cases = {case.id: case for case in before.cases}
    items: list[dict[str, object]] = []
    for row in rows:
        if row["prompt"].strip():
            items.append(_item(row, cases.get(row["id"]), default_id=str(len(items) + 1)))
    return (json.dumps({"skill_name": name, "evals": items}, indent=2, ensure_ascii=False) + "\n").encode()


def _item(row: Mapping[str, str], case: Case | None, *, default_id: str) -> dict[str, object]:
    item: dict[str, object] = dict(case.other) if case else {}
    item |= {"id": row["id"].strip() or default_id, "prompt": row["prompt"].strip()}
    if row["expected"].strip():
        item["expected_output"] = row["expected"].strip()
    item["assertions"] = read_lines(row["assertions"]) + (_without_a_line(case) if case else [])
    if case and case.files:
        item["files"] = list(case.files)
    return item


def _without_a_line(case: Case) -> list[dict[str, object] | str]:
    return [
        {
            "type": assertion.kind,
            _WITHOUT_A_LINE[assertion.kind]: assertion.value,
            "text": assertion.text,
        }
        for assertion in case.assertions
        if assertion.kind in _WITHOUT_A_LINE
    ]


@transaction.atomic
def hide(*, actor: Actor, skill: Skill, name: str, prompt: str, lines: str) -> HiddenCase:
    """Keep a case outside the bundle, for reviewers only."""
    by = rules.role(actor, skill.team, Role.REVIEWER)
    _check_no_stake(skill, by)
    content = json.dumps([{"id": name, "prompt": prompt, "assertions": read_lines(lines)}]).encode()
    evals, problems = read_cases({CASES: content})
    errors = [problem for problem in problems if problem.severity != ProblemSeverity.NOTE]
    if errors:
        raise Refused([Problem("bad_eval", error.text, error.remedy) for error in errors])
    case = evals.cases[0]
    if not name.strip() or not case.assertions:
        raise refuse("bad_eval", "A hidden case needs a name and at least one assertion.")
    try:
        with transaction.atomic():
            row = HiddenCase.objects.create(
                skill=skill,
                name=name.strip()[:_LONGEST_NAME],
                prompt=case.prompt[:_LONGEST_PROMPT],
                assertions=[asdict(assertion) for assertion in case.assertions[:_MOST_HIDDEN_ASSERTIONS]],
                created_by=by,
            )
    except IntegrityError:
        raise refuse("bad_eval", f"There is a hidden case {name} already.", kind=Conflict) from None
    record("case.hide", by=by, target=skill, team_id=skill.team_id, case=row.pk)
    return row


@transaction.atomic
def unhide(*, actor: Actor, case: HiddenCase) -> None:
    """Delete a hidden case; runs that used it keep it."""
    by = rules.role(actor, case.skill.team, Role.REVIEWER)
    _check_no_stake(case.skill, by)
    record("case.delete", by=by, target=case.skill, team_id=case.skill.team_id, case=case.pk)
    case.delete()


def _check_no_stake(skill: Skill, by: Account) -> None:
    """Raises Forbidden while BY answers for an open version, which these cases judge."""
    for version in Version.objects.filter(skill=skill, state__in=OPEN).select_related("skill__team__policy"):
        check_second_eyes(version, by)


@transaction.atomic
def overrule(*, actor: Actor, trial: Trial, assertion: int, passed: bool, reason: str) -> Trial:
    """A reviewer's word on a judged assertion: it counts from now on, and the judge is measured by it."""
    by = rules.role(actor, trial.run.team, Role.REVIEWER)
    # Gates read the report: whoever answers for the version would clear the way for it.
    if trial.run.version is not None:
        check_second_eyes(trial.run.version, by)
    # Read again under the lock: the grades are one column, so two overrules at once would lose one.
    trial = Trial.objects.select_for_update(of=("self",)).select_related("run").get(pk=trial.pk)
    if not 0 <= assertion < len(trial.grades) or trial.grades[assertion]["kind"] != AssertionKind.JUDGE:
        raise refuse("bad_overrule", "Only what a judge graded can be overruled.")
    if not reason.strip() or len(reason) > _LONGEST_REASON:
        raise refuse(
            "reason_missing", f"Say why the judge is wrong, in at most {_LONGEST_REASON} characters."
        )
    if Overrule.objects.filter(trial=trial, assertion=assertion).exists():
        raise refuse("bad_overrule", "This was overruled already.", kind=Conflict)
    grade = trial.grades[assertion]
    Overrule.objects.create(
        trial=trial, assertion=assertion, judged=grade["passed"], passed=passed, reason=reason.strip(), by=by
    )
    grade["passed"] = passed
    grade["overruled"] = by.username
    trial.passed = trial.outcome == Outcome.SCORED and all(grade["passed"] for grade in trial.grades)
    trial.save(update_fields=["grades", "passed"])
    record(
        "run.overrule",
        by=by,
        target=trial.run.name,
        team_id=trial.run.team_id,
        run=trial.run_id,
        trial=trial.pk,
        assertion=assertion,
        passed=passed,
    )
    return trial
