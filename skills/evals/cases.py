"""What people write about cases: hidden ones of reviewers, overrules of the judge, `evals.json` itself."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction

from skills.audit.record import record
from skills.bundles.eval_cases import Assertion, AssertionKind, Case, Evals
from skills.bundles.evals import CASES, read_evals
from skills.catalog.models import Skill
from skills.evals.models import HiddenCase, Overrule, Trial
from skills.lib.errors import Conflict, Problem, Refused, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Role
from skills.verdicts.outcomes import Outcome

_FEW = 12  # lines of assertions a form offers


def read_lines(text: str) -> list[dict[str, Any] | str]:
    """Assertions as people type them: one a line; `contains: words` and the like are typed checks."""
    found: list[dict[str, Any] | str] = []
    for line in filter(None, (part.strip() for part in text.splitlines())):
        kind, colon, value = line.partition(":")
        word = kind.strip().lower().replace(" ", "_").replace("-", "_")
        if colon and word in ("contains", "not_contains", "regex", "not_regex", "file_exists", "tool_used"):
            found.append({"type": word, "value": value.strip()})
        elif colon and word in ("contains_any", "not_contains_any"):
            found.append(
                {"type": word, "values": [part.strip() for part in value.split("|") if part.strip()]}
            )
        else:
            found.append(line)
    return found


def as_lines(assertions: Sequence[Assertion]) -> str:
    """The reverse of `read_lines`; other kinds are kept as JSON by `evals_json`."""
    lines = []
    for one in assertions:
        if one.kind == AssertionKind.JUDGE:
            lines.append(one.text)
        elif isinstance(one.value, str):
            lines.append(f"{one.kind}: {one.value}")
        elif one.kind.endswith("contains_any"):
            lines.append(f"{one.kind}: {' | '.join(one.value)}")
    return "\n".join(lines)


def evals_json(name: str, rows: Sequence[Mapping[str, str]], before: Evals) -> bytes:
    """`evals/evals.json` from rows of the editor (id, prompt, expected, assertions); keeps unknown keys."""
    old = {case.id: case for case in before.cases}
    items: list[dict[str, Any]] = []
    for row in rows:
        if not row["prompt"].strip():
            continue
        known = old.get(row["id"])
        item: dict[str, Any] = dict(known.other) if known else {}
        item |= {"id": row["id"].strip() or str(len(items) + 1), "prompt": row["prompt"].strip()}
        if row["expected"].strip():
            item["expected_output"] = row["expected"].strip()
        item["assertions"] = read_lines(row["assertions"]) + (_untyped(known) if known else [])
        if known and known.files:
            item["files"] = list(known.files)
        items.append(item)
    return (json.dumps({"skill_name": name, "evals": items}, indent=2, ensure_ascii=False) + "\n").encode()


def _untyped(case: Case) -> list[dict[str, Any]]:
    """Checks that no line can show (schemas, programs): they stay as they are."""
    keys = {"json_schema": "schema", "python": "value"}
    return [
        {"type": one.kind, keys[one.kind]: one.value, "text": one.text}
        for one in case.assertions
        if one.kind in keys
    ]


@transaction.atomic
def hide(*, actor: Actor, skill: Skill, name: str, prompt: str, lines: str) -> HiddenCase:
    """Keep a case outside the bundle, for reviewers only."""
    by = rules.role(actor, skill.team, Role.REVIEWER)
    content = json.dumps([{"id": name, "prompt": prompt, "assertions": read_lines(lines)}]).encode()
    read, problems = read_evals({CASES: content})
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise Refused([Problem("bad_eval", one.text, one.remedy) for one in errors])
    case = read.cases[0]
    if not name.strip() or not case.assertions:
        raise refuse("bad_eval", "A hidden case needs a name and at least one assertion.")
    try:
        with transaction.atomic():
            row = HiddenCase.objects.create(
                skill=skill,
                name=name.strip()[:60],
                prompt=case.prompt[:20_000],
                assertions=[asdict(one) for one in case.assertions[:_FEW]],
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
    record("case.delete", by=by, target=case.skill, team_id=case.skill.team_id, case=case.pk)
    case.delete()


@transaction.atomic
def overrule(*, actor: Actor, trial: Trial, assertion: int, passed: bool, reason: str) -> Trial:
    """A reviewer's word on a judged assertion: it counts from now on, and the judge is measured by it."""
    by = rules.role(actor, trial.run.team, Role.REVIEWER)
    trial = Trial.objects.select_for_update(of=("self",)).select_related("run").get(pk=trial.pk)
    if not 0 <= assertion < len(trial.grades) or trial.grades[assertion]["kind"] != AssertionKind.JUDGE:
        raise refuse("bad_overrule", "Only what a judge graded can be overruled.")
    if not reason.strip() or len(reason) > 500:
        raise refuse("reason_missing", "Say why the judge is wrong, in at most 500 characters.")
    if Overrule.objects.filter(trial=trial, assertion=assertion).exists():
        raise refuse("bad_overrule", "This was overruled already.", kind=Conflict)
    row = trial.grades[assertion]
    Overrule.objects.create(
        trial=trial, assertion=assertion, judged=row["passed"], passed=passed, reason=reason.strip(), by=by
    )
    row |= {"passed": passed, "overruled": by.username}
    trial.passed = trial.outcome == Outcome.SCORED and all(one["passed"] for one in trial.grades)
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
