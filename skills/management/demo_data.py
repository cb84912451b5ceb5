"""Demo data of our own writing: three teams, their people, and skills in every state."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from skills.budgets import allowances
from skills.budgets.terms import Terms
from skills.catalog.models import Upload, Version
from skills.curation import follow, reports
from skills.flows import access, release, remarks
from skills.flows.evaluation.request import prepare_run, request_run
from skills.flows.evaluation.subject import subject_of_version
from skills.management import demo_spending
from skills.people import rules, teams
from skills.people.actor import Actor, actor_for_session
from skills.people.models import DEMO_PASSWORD, Account, Membership, Role, Team
from skills.portfolio import configure, kinds
from skills.reviews.places import LinePlace
from skills.scans.checks.contract import Severity
from skills.scans.models import Finding
from skills.scans.scan import waive
from skills.search import log

FOLDER = Path(__file__).with_name("demo")
LOGINS = {
    "author": "publishes skills for finance, engineering and support",
    "reviewer": "reviews them",
    "admin": "runs the instance and its teams",
    "reader": "finds and stars what others publish",
}
TEAMS = {
    "finance": ("Finance", "Invoices, month-end and reports, done the same way every time."),
    "engineering": ("Engineering", "How we write, review and release software."),
    "support": ("Support", "Answers our customers can rely on."),
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One version of one skill and how far it gets."""

    team: str
    folder: str
    number: str
    changelog: str
    visibility: str = "internal"
    end: str = "approved"  # or in_review, changes_requested, yanked
    note: str = ""


STEPS = (
    Step(
        team="finance",
        folder="invoice-triage/1",
        number="1.0.0",
        changelog="First version.",
    ),
    Step(
        team="finance",
        folder="invoice-triage/2",
        number="1.1.0",
        changelog="Handles credit notes and checks the VAT number with a script.",
    ),
    Step(
        team="finance",
        folder="month-end-close/1",
        number="1.0.0",
        changelog="The checklist of the last twelve closes.",
        visibility="team",
    ),
    Step(
        team="finance",
        folder="expense-policy/1",
        number="1.0.0",
        changelog="First version.",
        visibility="internal",
        end="yanked",
        note="The mileage rate was the one of last year.",
    ),
    Step(
        team="finance",
        folder="expense-policy/2",
        number="1.0.1",
        changelog="Uses the mileage rate of this year.",
    ),
    Step(
        team="finance",
        folder="variance-commentary/1",
        number="1.0.0",
        changelog="First version.",
        visibility="team",
        end="changes_requested",
        note="Please say which threshold counts as material, and where it comes from.",
    ),
    Step(
        team="engineering",
        folder="code-review/1",
        number="1.0.0",
        changelog="First version.",
        visibility="public",
    ),
    Step(
        team="engineering",
        folder="code-review/2",
        number="1.1.0",
        changelog="Looks at tests before it looks at style.",
        visibility="public",
    ),
    Step(
        team="engineering",
        folder="code-review/3",
        number="2.0.0",
        changelog="Writes one comment per cause, not per line.",
        visibility="public",
    ),
    Step(
        team="engineering",
        folder="incident-report/1",
        number="1.0.0",
        changelog="First version.",
        visibility="public",
    ),
    Step(
        team="engineering",
        folder="release-notes/1",
        number="1.0.0",
        changelog="First version.",
        visibility="public",
    ),
    Step(
        team="engineering",
        folder="release-notes/2",
        number="1.1.0-beta.1",
        changelog="Groups changes by who is affected.",
        visibility="public",
    ),
    Step(
        team="engineering",
        folder="sql-query-review/1",
        number="1.0.0",
        changelog="First version.",
        visibility="public",
    ),
    Step(
        team="engineering",
        folder="dependency-upgrade/1",
        number="1.0.0",
        changelog="First version.",
        visibility="internal",
        end="in_review",
    ),
    Step(
        team="support",
        folder="reply-to-complaint/1",
        number="1.0.0",
        changelog="First version.",
        visibility="public",
    ),
    Step(
        team="support",
        folder="reply-to-complaint/2",
        number="1.1.0",
        changelog="Says who decides above the limit of a refund.",
        visibility="public",
        end="in_review",
    ),
    Step(
        team="support",
        folder="outage-report/1",
        number="1.0.0",
        changelog="First version.",
        visibility="public",
    ),
    Step(
        team="support",
        folder="bug-report-intake/1",
        number="1.0.0",
        changelog="First version.",
        visibility="public",
    ),
    Step(
        team="support",
        folder="meeting-minutes/1",
        number="1.0.0",
        changelog="First version.",
        visibility="public",
    ),
    Step(
        team="support",
        folder="meeting-minutes/2",
        number="1.1.0",
        changelog="Separates decisions from tasks.",
        visibility="public",
        end="in_review",
    ),
    Step(
        team="support",
        folder="plain-language/1",
        number="1.0.0",
        changelog="First version.",
        visibility="public",
    ),
)


def fill() -> None:
    """Write everything through the same acts that people use."""
    with transaction.atomic():
        people = {handle: _person(handle) for handle in LOGINS}
        _teams(people)
    author, reviewer = people["author"], people["reviewer"]
    for step in STEPS:
        _publish(step, author, reviewer, people["admin"])
    _curate(people)
    _evaluate(people)
    demo_spending.invent([people[handle] for handle in ("author", "reviewer", "reader")])


def _person(handle: str) -> Account:
    account = Account(
        username=handle,
        email=f"{handle}@demo.invalid",
        display_name=handle.capitalize(),
        is_demo=True,
        is_staff=handle == "admin",
    )
    account.set_password(DEMO_PASSWORD)
    teams.open_account(account)
    return account


def _teams(people: dict[str, Account]) -> None:
    admin = people["admin"]
    for handle, (name, description) in TEAMS.items():
        team = teams.create_team(
            actor=actor_for_session(admin), handle=handle, name=name, description=description
        )
        for who, role in (("author", Role.MEMBER), ("reviewer", Role.REVIEWER)):
            Membership.objects.create(team=team, account=people[who], role=role)


def folder_files(folder: Path) -> dict[str, bytes]:
    """The files of a skill folder by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def _publish(step: Step, author: Account, reviewer: Account, admin: Account) -> None:
    """Submit, scan at once, then review as the step says."""
    by, team = actor_for_session(author), Team.objects.get(handle=step.team)
    report, upload = release.stage(actor=by, content=folder_files(FOLDER / step.folder))
    if upload is None:
        raise SystemExit(f"The demo skill {step.folder} is refused: {report.errors}")
    version = _submit(by, team, upload, step)
    release.scanned(version_id=version.pk)
    judge = actor_for_session(reviewer)
    if step.end == "in_review":
        return
    if step.end == "changes_requested":
        place = LinePlace(path="SKILL.md", line=12)
        remarks.remark(actor=judge, version=version, place=place, body=step.note)
        release.decide(
            actor=judge,
            version_id=version.pk,
            verdict="request_changes",
            digest=version.digest,
            reason=step.note,
        )
        return
    _waive_all(judge, version)
    release.decide(actor=judge, version_id=version.pk, verdict="approve", digest=version.digest)
    if step.end == "yanked":
        access.yank(actor=actor_for_session(admin), version_id=version.pk, reason=step.note)


def _submit(by: Actor, team: Team, upload: Upload, step: Step) -> Version:
    version, _ = release.submit(
        actor=by,
        team=team,
        upload=upload,
        number=step.number,
        wanted=step.visibility,
        changelog=step.changelog,
    )
    return version


def _waive_all(judge: Actor, version: Version) -> None:
    for finding in Finding.objects.filter(scan__version=version, severity=Severity.HIGH):
        waive(actor=judge, finding=finding, reason="Read it: it quotes the risk to warn of it.")


def _curate(people: dict[str, Account]) -> None:
    from skills.catalog.models import Skill

    rules.person(actor_for_session(people["reader"]))
    for name in ("code-review", "meeting-minutes", "invoice-triage"):
        skill = Skill.objects.get(name=name)
        for handle in ("reader", "reviewer"):
            follow.star(actor=actor_for_session(people[handle]), skill=skill, on=True)
    reader, admin = actor_for_session(people["reader"]), actor_for_session(people["admin"])
    follow.follow(actor=reader, on=True, team=Team.objects.get(handle="engineering"))
    for name, labels in (("code-review", ["recommended"]), ("invoice-triage", ["recommended", "month-end"])):
        access.set_labels(actor=admin, skill=Skill.objects.get(name=name), names=labels)
    review = Skill.objects.get(name="code-review")
    stable = review.versions.get(number="1.1.0")
    access.move_channel(actor=admin, skill=review, name="stable", version=stable)
    reports.report(
        actor=reader,
        skill=Skill.objects.get(name="plain-language"),
        version=None,
        reason="broken",
        text="The link to the word list leads nowhere for me.",
    )
    for query in ("holiday handover", "onboarding of a new colleague", "travel request"):
        log.note_search(reader, query, [], 0)


def _evaluate(people: dict[str, Account]) -> None:
    """A portfolio of scripted models and two evaluations for the worker to do as soon as it runs."""
    staff = actor_for_session(people["admin"])
    provider = configure.save_provider(actor=staff, name="Scripted", kind=kinds.SCRIPTED.code)
    for name, dollars in (("large", 3), ("medium", 1), ("small", 0.15)):
        input_price = round(dollars * 1_000_000)
        model = f"scripted-{name}"
        configure.set_price(
            actor=staff,
            kind=provider.kind,
            model=model,
            micros=(input_price, input_price // 10, input_price * 5),
            source="invented for the demo",
        )
        configure.save_model(actor=staff, provider=provider, name=model, label=model)
    for team in Team.objects.filter(handle__in=TEAMS):
        allowances.set_limits(
            actor=staff,
            budget=allowances.budget_of(team=team),
            terms=Terms(limit_tokens=2_000_000),
        )
    author = actor_for_session(people["author"])
    for version in (
        Version.objects.filter(skill__name="reply-to-complaint").select_related("skill__team").order_by("pk")
    ):
        prepared = prepare_run(actor=author, subject=subject_of_version(version))
        request_run(actor=author, prepared=prepared)
