"""What people write about cases: hidden ones of reviewers, waivers, and overrules of the judge."""

import json
from dataclasses import asdict

from django.db import IntegrityError, transaction

from skills.audit.record import record
from skills.bundles.eval_cases import AssertionKind
from skills.bundles.evals import CASES
from skills.catalog.models import OPEN, Skill, Version
from skills.catalog.stakes import check_second_eyes
from skills.evals.case_text import prompt_fields, read_lines
from skills.evals.kept_cases import KeptCase
from skills.evals.models import CaseWaiver, HiddenCase, Overrule, Trial
from skills.evals.readings import read_cases
from skills.lib.errors import Conflict, Problem, ProblemSeverity, Refused, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Role
from skills.verdicts.outcomes import Outcome

_MOST_HIDDEN_ASSERTIONS = 12
_LONGEST_NAME, _LONGEST_PROMPT, _LONGEST_REASON, _LONGEST_LABEL = 60, 20_000, 500, 200


@transaction.atomic
def hide(*, actor: Actor, skill: Skill, name: str, prompt: str, lines: str) -> HiddenCase:
    """Keep a case outside the bundle, for reviewers only."""
    by = rules.role(actor, skill.team, Role.REVIEWER)
    _check_no_stake(skill, by)
    content = json.dumps([{"id": name, **prompt_fields(prompt), "assertions": read_lines(lines)}]).encode()
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
def waive_case(*, actor: Actor, skill: Skill, case: KeptCase, reason: str) -> None:
    """A reviewer says why the skill may drop a case of an earlier version; no version has to pass it then."""
    by = rules.role(actor, skill.team, Role.REVIEWER)
    rules.person(actor)
    if not reason.strip() or len(reason) > _LONGEST_REASON:
        text = f"Say why the case may go, in at most {_LONGEST_REASON} characters."
        raise refuse("reason_missing", text)
    # For all open versions at once, so whoever answers for one of them would clear its way.
    _check_no_stake(skill, by)
    waiver, is_new = CaseWaiver.objects.get_or_create(
        skill=skill,
        case=case.key,
        defaults={"label": case.label[:_LONGEST_LABEL], "reason": reason.strip(), "by": by},
    )
    if not is_new:
        raise refuse("case_waived", f"{waiver.by.username} has waived this case.", kind=Conflict)
    record(
        "case.waive",
        by=by,
        target=skill,
        team_id=skill.team_id,
        case=case.key,
        label=case.label,
        reason=waiver.reason,
    )


@transaction.atomic
def unwaive_case(*, actor: Actor, skill: Skill, waiver: CaseWaiver) -> None:
    """Versions have to pass the case again."""
    by = rules.role(actor, skill.team, Role.REVIEWER)
    rules.person(actor)
    _check_no_stake(skill, by)
    record("case.unwaive", by=by, target=skill, team_id=skill.team_id, case=waiver.case, label=waiver.label)
    waiver.delete()


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
