"""The release story: stage → submit → scan → review → approve → index. Each step is one function.

Every step loads with a lock, asks the rules, calls the nouns, writes its audit row and queues what
comes next, all in one transaction; docs/ARCHITECTURE.md walks through it.
"""

from collections.abc import Mapping
from enum import StrEnum

from django.db import transaction

from skills.audit.record import record
from skills.bundles.frontmatter import FILE
from skills.bundles.manifest import Manifest
from skills.bundles.validate import Validation
from skills.catalog import create, uploads, visibility
from skills.catalog.models import CHANGELOG_LENGTH, Skill, State, Upload, Version, Visibility
from skills.catalog.numbers import parse
from skills.catalog.public_columns import refresh
from skills.catalog.selectors import file_of
from skills.catalog.states import move
from skills.curation.follow import followers
from skills.curation.models import SkillLabel
from skills.delivery.content import all_files, file_bytes
from skills.evals import selectors as eval_selectors
from skills.flows import gates
from skills.jobs.enqueue import enqueue
from skills.lib.errors import Conflict, Forbidden, refuse
from skills.lib.failpoints import reached
from skills.lib.markdown import render
from skills.notices.models import Kind
from skills.notices.notify import tell
from skills.people import rules as people_rules
from skills.people.actor import Actor
from skills.people.models import Account, Role, Team
from skills.reviews import rules as review_rules
from skills.reviews.comment import comment
from skills.reviews.decide import approvals, approved_by_another, write_decision
from skills.reviews.models import Comment, DecisionVerdict
from skills.scans.checks.inventory import take_inventory
from skills.scans.models import Scan
from skills.scans.scan import has_blocking_finding, hold_scan, keep_scan, run_checks
from skills.search import index


def stage(*, actor: Actor, content: bytes | Mapping[str, bytes]) -> tuple[Validation, Upload | None]:
    """Validate a zip or files; an accepted bundle is kept as an upload of the actor's."""
    by = people_rules.scope(actor, "publish")
    report = uploads.check(content)
    if report.bundle is None:
        return report, None
    return report, uploads.stage(bundle=report.bundle, report=report, by=by)


class SubmitStep(StrEnum):
    """The places of `submit` where tests kill the process (lib/failpoints.py)."""

    BEFORE_BLOB = "before_blob"
    AFTER_BLOB = "after_blob"
    AFTER_SKILL = "after_skill"
    AFTER_ROW = "after_row"
    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"


def submit(
    *,
    actor: Actor,
    team: Team,
    upload: Upload,
    number: str,
    wanted: str = Visibility.TEAM,
    changelog: str = "",
) -> tuple[Version, bool]:
    """Make a version of an upload; the same bytes under the same number again change nothing.

    Returns the version and whether it is new. The blob is on disk before the one transaction.
    """
    by = people_rules.role(actor, team, Role.MEMBER)
    parsed = parse(number)
    if wanted not in Visibility.values:
        raise refuse("bad_visibility", f"There is no visibility {wanted!r}.")
    changelog = changelog.strip()
    if len(changelog) > CHANGELOG_LENGTH:
        text = f"The changelog has {len(changelog)} characters; at most {CHANGELOG_LENGTH} are kept."
        raise refuse("changelog_too_long", text, "Move detail into the bundle.")
    reached(SubmitStep.BEFORE_BLOB)
    uploads.keep_bytes(upload)
    reached(SubmitStep.AFTER_BLOB)
    with transaction.atomic():
        skill, is_new = create.locked_skill(team=team, name=Manifest.from_json(upload.manifest).name, by=by)
        reached(SubmitStep.AFTER_SKILL)
        tries = [] if is_new else create.attempts(skill, parsed)
        taken = next((row for row in tries if row.holds_number), None)
        if taken is not None and taken.digest != upload.digest:
            raise create.number_taken(skill, parsed)
        if taken is not None:
            taken.skill = skill
            return taken, False
        version = Version(
            skill=skill,
            number=parsed.text,
            build=parsed.build,
            is_prerelease=parsed.is_prerelease,
            attempt=tries[0].attempt + 1 if tries else 1,
            digest=upload.digest,
            size=upload.size,
            manifest=upload.manifest,
            changelog=changelog,
            author=by,
            requested_visibility=wanted,
        )
        create.create_version(version, upload)
        reached(SubmitStep.AFTER_ROW)
        if not upload._state.adding:
            upload.delete()
        enqueue("scan_version", key=f"scan:{version.pk}", version_id=version.pk)
        reached(SubmitStep.BEFORE_COMMIT)
    reached(SubmitStep.AFTER_COMMIT)
    return version, True


def scanned(*, version_id: int) -> None:
    """The task's step: run the checks, then open the review or send the version back."""
    version = Version.objects.select_related("skill__team", "author").get(pk=version_id)
    if version.state != State.SCANNING:
        return
    files = all_files(version)
    manifest = Manifest.from_json(version.manifest)
    findings = run_checks(files, manifest)
    inventory = take_inventory(files, manifest)
    rendered = render(files[FILE].decode("utf-8-sig"))
    with transaction.atomic():
        version = locked(version_id)
        if version.state != State.SCANNING:
            return
        Version.objects.filter(pk=version.pk).update(rendered=rendered)
        scan = keep_scan(version, findings, inventory)
        event = "blocked" if has_blocking_finding(scan) else "scanned"
        move(version, event, by=None, findings=len(findings), rules=scan.rules)
        _tell_scanned(version, event)


def release_imported(*, version_id: int, by: Account) -> None:
    """Check and release an imported version at once, on the word of who runs the import."""
    scanned(version_id=version_id)
    with transaction.atomic():
        version = locked(version_id)
        if version.state != State.IN_REVIEW:
            return
        move(version, "approve", by=by, imported=True)
        if version.requested_visibility != version.skill.visibility:
            apply_visibility(version.skill, version.requested_visibility, by)
        republish(version.skill, evaluated=False)


def scan_held(*, version_id: int, problem: str) -> None:
    """A scan that did not finish is shown and tried again; it is never called clean."""
    with transaction.atomic():
        version = locked(version_id)
        if version.state == State.SCANNING:
            hold_scan(version, problem)
            move(version, "held", by=None, reason=problem)


def _tell_scanned(version: Version, event: str) -> None:
    page = f"/reviews/{version.pk}/"
    if event == "blocked":
        tell([version.author], Kind.SCANNED, f"{version} has findings that block it", page)
        return
    team = version.skill.team_id
    able = Account.objects.filter(
        memberships__team=team, memberships__role__in=[Role.REVIEWER, Role.ADMIN]
    ).exclude(pk=version.author_id)
    tell(able, Kind.REVIEW_ASKED, f"{version} waits for your review", page)


def remark(*, actor: Actor, version: Version, body: str, path: str = "", line: int = 0) -> Comment:
    """Comment on a version; the author and those who commented before are told."""
    with transaction.atomic():
        made = comment(actor=actor, version=version, body=body, path=path, line=line)
        talking = Account.objects.filter(pk__in=version.comments.values("author"))
        people = [a for a in {version.author, *talking} if a != made.author]
        text = f"{made.author.username} commented on {version}"
        tell(people, Kind.COMMENTED, text, f"/reviews/{version.pk}/")
    return made


def decide(*, actor: Actor, version_id: int, verdict: str, digest: str, reason: str = "") -> Version:
    """A reviewer's verdict on the bytes DIGEST names; enough approvals release the version."""
    with transaction.atomic():
        version = locked(version_id)
        policy = version.skill.team.policy
        by = people_rules.role(actor, version.skill.team, Role.REVIEWER)
        people_rules.person(actor)
        if version.state != State.IN_REVIEW:
            text = f"{version} is {version.get_state_display().lower()}, not in review."
            raise refuse("wrong_state", text, "Reload the page.", kind=Conflict)
        if verdict == DecisionVerdict.APPROVE:
            _may_approve(version, by)
        write_decision(version=version, by=by, verdict=verdict, digest=digest, reason=reason, policy=policy)
        if verdict != DecisionVerdict.APPROVE:
            move(version, verdict, by=by, reason=reason.strip())
        elif approvals(version) >= policy.approvals_needed:
            _release(version, by)
        else:
            _record_approval(version, by)
        _tell_decided(version, by, verdict)
    return version


def _may_approve(version: Version, by: Account) -> None:
    policy = version.skill.team.policy
    problem = review_rules.four_eyes(policy, author_id=version.author_id, reviewer_id=by.pk)
    if problem:
        raise Forbidden(problem)
    scan = Scan.objects.filter(version=version).first()
    problems = review_rules.gate_problems(gates.gates(version, scan))
    if problems:
        raise Conflict(problems)


def _record_approval(version: Version, by: Account) -> None:
    record(
        "version.approval",
        by=by,
        target=version,
        team_id=version.skill.team_id,
        digest=version.digest,
        approvals=approvals(version),
    )


def _release(version: Version, by: Account) -> None:
    """Approve, publish what the version says, index it; all in the caller's transaction."""
    skill = version.skill
    move(version, "approve", by=by)
    wider = visibility.is_wider(version.requested_visibility, skill.visibility)
    if version.requested_visibility != skill.visibility and (not wider or approved_by_another(version)):
        apply_visibility(skill, version.requested_visibility, by)
    republish(skill)
    text = f"{skill} has a new version: {version.number}"
    readers = [a for a in followers(skill) if a.pk not in (by.pk, version.author_id)]
    tell(who_can_read(readers, skill), Kind.NEW_VERSION, text, skill.get_absolute_url())


def apply_visibility(skill: Skill, new: str, by: Account) -> None:
    """Change who may read a locked skill, with its audit row."""
    old, skill.visibility = skill.visibility, new
    skill.save(update_fields=["visibility"])
    record("skill.visibility", by=by, target=skill, team_id=skill.team_id, before=old, after=new)


def who_can_read(accounts: list[Account], skill: Skill) -> list[Account]:
    if skill.visibility != Visibility.TEAM:
        return accounts
    members = set(skill.team.memberships.values_list("account_id", flat=True))
    return [account for account in accounts if account.pk in members or account.is_staff]


def republish(skill: Skill, *, evaluated: bool = True) -> None:
    """Bring the skill's public columns and its search document up to date, in one transaction."""
    refresh(skill)
    reindex(skill, evaluated=evaluated)


def reindex(skill: Skill, *, evaluated: bool = True) -> None:
    """Bring the search document of a skill, and what is proven of it, up to date with its columns.

    EVALUATED is False where there was no time for it yet: an import does not ask for every skill.
    """
    shown = skill.shown
    models, lift = eval_selectors.tested_models(shown) if shown and evaluated else ([], None)
    if skill.lift != lift:
        skill.lift = lift
        skill.save(update_fields=["lift"])
    if shown is None:
        index.forget(skill)
        return
    text = file_bytes(shown, file_of(shown, FILE)).decode("utf-8-sig")
    labels = SkillLabel.objects.filter(skill=skill).values_list("label__name", flat=True)
    index.write(
        skill, text, tools=Manifest.from_json(shown.manifest).allowed_tools, labels=labels, models=models
    )


def _tell_decided(version: Version, by: Account, verdict: str) -> None:
    words = {
        DecisionVerdict.APPROVE: "approved",
        DecisionVerdict.REQUEST_CHANGES: "asked for changes to",
        DecisionVerdict.REJECT: "rejected",
    }
    text = f"{by.username} {words[DecisionVerdict(verdict)]} {version}"
    people = [] if by == version.author else [version.author]
    tell(people, Kind.DECIDED, text, f"/reviews/{version.pk}/")


def withdraw(*, actor: Actor, version_id: int) -> Version:
    """The author, or an admin of the team, takes an open version back."""
    with transaction.atomic():
        version = locked(version_id)
        by = people_rules.scope(actor, "publish")
        if by != version.author:
            by = people_rules.team_admin(actor, version.skill.team)
        move(version, "withdraw", by=by)
    return version


def locked(version_id: int) -> Version:
    """The version with its skill and policy, skill and version locked in that order."""
    skill_id = Version.objects.values_list("skill_id", flat=True).get(pk=version_id)
    skill = Skill.objects.select_for_update(of=("self",)).select_related("team__policy").get(pk=skill_id)
    version = Version.objects.select_for_update(of=("self",)).select_related("author").get(pk=version_id)
    version.skill = skill
    return version
