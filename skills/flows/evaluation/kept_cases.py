"""The cases that a new version changed or took out, read from the bundles that have them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from skills.catalog.models import Version
from skills.delivery.content import all_files
from skills.evals import cases as case_acts
from skills.evals import plan as planning
from skills.evals.engines.contract import CasePlan
from skills.evals.kept_cases import kept_before, kept_cases_of, kept_label, waived_keys
from skills.evals.models import CaseWaiver, Purpose, Run
from skills.evals.plan import Cases
from skills.flows.evaluation.reporting import refresh_report
from skills.flows.evaluation.subject import Subject, approved_before, catalogue
from skills.lib.errors import missing
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Role


def with_kept_cases(cases: Cases, subject: Subject, *, has_sandbox: bool) -> Cases:
    """CASES and, to be run by both versions, what the approved version answers for and SUBJECT lacks."""
    previous = subject.previous
    if previous is None or not previous.has_content:
        return cases
    at_approval = _cases_in(previous, subject, has_sandbox=has_sandbox)
    homes = kept_before(previous) | dict.fromkeys(at_approval.plans, previous.pk)
    waived = waived_keys(previous.skill_id)
    kept = {key: home for key, home in homes.items() if key not in cases.plans and key not in waived}
    plans = kept_plans(kept, subject, has_sandbox=has_sandbox)
    return replace(
        cases,
        plans=cases.plans | plans,
        kept={key: kept[key] for key in plans},
        new=frozenset(cases.plans) - cases.hidden - set(homes) if homes else frozenset(),
    )


def kept_plans(kept: Mapping[str, int], subject: Subject, *, has_sandbox: bool) -> dict[str, CasePlan]:
    """The cases of KEPT, which says by key which version has each; without those that cannot be run now."""
    keys: dict[int, set[str]] = defaultdict(set)
    for key, home in kept.items():
        keys[home].add(key)
    plans: dict[str, CasePlan] = {}
    for version in Version.objects.filter(pk__in=keys).select_related("skill__team").order_by("pk"):
        if not version.has_content:
            continue
        for key, plan in _cases_in(version, subject, has_sandbox=has_sandbox).plans.items():
            if key in keys[version.pk]:
                plans[key] = replace(plan, label=kept_label(plan.label, version.number))
    return plans


def _cases_in(version: Version, subject: Subject, *, has_sandbox: bool) -> Cases:
    return planning.cases_of(all_files(version), (), catalogue(subject), sandbox=has_sandbox)


def waive_case(*, actor: Actor, version: Version, key: str, reason: str) -> None:
    """Let the skill drop a case that VERSION changed or took out; raises Missing where there is none such."""
    rules.role(actor, version.skill.team, Role.REVIEWER)
    cases = kept_cases_of(version, approved_before(version.skill, version))
    case = next((case for case in cases if case.key == key), None)
    if case is None:
        raise missing()
    case_acts.waive_case(actor=actor, skill=version.skill, case=case, reason=reason)
    _refresh(version, key)


def unwaive_case(*, actor: Actor, version: Version, key: str) -> None:
    """Take the word of a reviewer back."""
    rules.role(actor, version.skill.team, Role.REVIEWER)
    waiver = CaseWaiver.objects.filter(skill=version.skill, case=key).first()
    if waiver is None:
        raise missing()
    case_acts.unwaive_case(actor=actor, skill=version.skill, waiver=waiver)
    _refresh(version, key)


def _refresh(version: Version, key: str) -> None:
    """Write anew what the evaluations of these bytes say, with or without the case."""
    runs = Run.objects.filter(skill=version.skill, digest=version.digest, purpose=Purpose.EVALUATE)
    for run_id in runs.filter(cases__contains=[{"key": key}], report__isnull=False).values_list(
        "pk", flat=True
    ):
        refresh_report(run_id=run_id)
