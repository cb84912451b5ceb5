"""The release story: stage → submit → scan → review → approve → index. Each step is one function.

Every step loads with a lock, asks the rules, calls the nouns, writes its audit row and queues what
comes next, all in one transaction; docs/ARCHITECTURE.md walks through it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.urls import reverse

from skills.audit.record import record
from skills.bundles.manifest import Manifest
from skills.bundles.validate import Validation
from skills.catalog import create, denials, uploads, visibility
from skills.catalog.locks import lock_bytes, lock_version
from skills.catalog.models import CHANGELOG_LENGTH, Skill, State, Upload, Version, Visibility
from skills.catalog.numbers import parse
from skills.catalog.provenance import ProvenanceFacts
from skills.catalog.source_paths import Brought
from skills.catalog.stakes import check_second_eyes
from skills.catalog.states import move
from skills.delivery.content import all_files
from skills.flows import gates, names
from skills.flows.approval_on_sync import approve_synced, source_of
from skills.flows.evaluation.notices import reviewers_of, waiting
from skills.flows.known_texts import make_known
from skills.flows.published import apply_visibility, republish, tell_followers
from skills.flows.remarks import send_drafts
from skills.flows.signed_releases import prepare_statement
from skills.jobs.enqueue import enqueue
from skills.lib.errors import Conflict, refuse
from skills.lib.failpoints import reached
from skills.lib.near_names import NameIndex
from skills.lib.pipelined import pipelined
from skills.lib.plain_causes import plain_cause
from skills.notices.models import Kind
from skills.notices.notify import tell, tell_once
from skills.people import rules as people_rules
from skills.people.actor import Actor
from skills.people.models import Account, Role, Team
from skills.reviews import rules as review_rules
from skills.reviews.attempts import live_base
from skills.reviews.comment import is_author
from skills.reviews.decide import approvals, approvers, unseen_by_others, write_decision
from skills.reviews.models import DecisionVerdict
from skills.scans.models import Scan
from skills.scans.scan import has_blocking_finding, hold_scan, keep_scan, run_checks


def stage(
    *, actor: Actor, content: bytes | Mapping[str, bytes], folder: str = "", path: str = ""
) -> tuple[Validation, Upload | None]:
    """Validate an archive or files; an accepted bundle is kept as an upload of the actor's.

    FOLDER, where the caller knows it, names a skill whose SKILL.md says no name. Of several skills the one at
    PATH is meant.
    """
    by = people_rules.scope(actor, "publish")
    report = uploads.check(content, folder, path)
    if report.bundle is None:
        return report, None
    return report, uploads.stage(bundle=report.bundle, report=report, by=by)


class SubmitStep(StrEnum):
    """The places of `submit` where tests kill the process (lib/failpoints.py)."""

    BEFORE_BLOB = "before_blob"
    AFTER_BLOB = "after_blob"
    AFTER_LOCK = "after_lock"
    AFTER_SKILL = "after_skill"
    AFTER_ROW = "after_row"
    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"


@dataclass(frozen=True, kw_only=True)
class Submission:
    """An upload that becomes a version.

    `provenance` says where the bytes come from, by default what the actor's token says, `brought` which path
    of a source they lay at, and `is_kept` that `uploads.keep_bytes` has put them on disk already.
    """

    upload: Upload
    number: str
    wanted: str = Visibility.TEAM
    changelog: str = ""
    provenance: ProvenanceFacts | None = None
    brought: Brought | None = None
    is_kept: bool = False

    @property
    def name(self) -> str:
        return uploads.name_of(self.upload)


def submit(
    *,
    actor: Actor,
    team: Team,
    upload: Upload,
    number: str,
    wanted: str = Visibility.TEAM,
    changelog: str = "",
    others: NameIndex | None = None,
) -> tuple[Version, bool]:
    """Make a version of an upload, see `submit_all`. Returns it and whether it is new."""
    submission = Submission(upload=upload, number=number, wanted=wanted, changelog=changelog)
    (answer,) = submit_all(actor=actor, team=team, submissions=[submission], others=others)
    return answer


def submit_all(
    *, actor: Actor, team: Team, submissions: Sequence[Submission], others: NameIndex | None = None
) -> list[tuple[Version, bool]]:
    """Make versions of uploads of different names, all or none, and say of each whether it is new.

    The same bytes under the same number again change nothing. A new name near to one of OTHERS (skills of
    other teams, looked up by default) waits for staff.
    """
    by = people_rules.role(actor, team, Role.MEMBER)
    for submission in submissions:
        _check_submission(actor, submission)
    reached(SubmitStep.BEFORE_BLOB)
    # The blobs are there before the transaction, which would wait for the disk with the skills locked.
    for submission in submissions:
        if not submission.is_kept:
            uploads.keep_bytes(submission.upload)
    reached(SubmitStep.AFTER_BLOB)
    with transaction.atomic():
        _hold_bytes([submission.upload for submission in submissions])
        skills = create.locked_skills(team=team, names=[one.name for one in submissions], by=by)
        reached(SubmitStep.AFTER_SKILL)
        _hold_near_names(actor, team, [skill for skill, is_new in skills.values() if is_new], others)
        answers = [_version_of(actor, one, skills[one.name]) for one in submissions]
        new = [
            create.NewVersion(version, one.upload, one.provenance or actor.provenance, one.brought)
            for one, (version, is_new) in zip(submissions, answers, strict=True)
            if is_new
        ]
        create.create_versions(new)
        reached(SubmitStep.AFTER_ROW)
        for one in new:
            uploads.forget(one.upload)
        with pipelined():
            for one in new:
                _queue_scan(one.version)
        reached(SubmitStep.BEFORE_COMMIT)
    reached(SubmitStep.AFTER_COMMIT)
    return answers


def _hold_near_names(actor: Actor, team: Team, new: Sequence[Skill], others: NameIndex | None) -> None:
    if not new:
        return
    near = names.names_of_others(actor, team) if others is None else others
    for skill in new:
        names.hold_near_name(skill, people_rules.signed_in(actor), near)


def _version_of(actor: Actor, submission: Submission, locked: tuple[Skill, bool]) -> tuple[Version, bool]:
    """The version that SUBMISSION makes of its LOCKED skill, not saved yet, or made of it before."""
    skill, is_new = locked
    parsed = parse(submission.number)
    attempts = [] if is_new else create.attempts(skill, parsed)
    holder = next((version for version in attempts if version.holds_number), None)
    # An upload that is sent again after a lost answer gets the answer it missed.
    if holder is not None:
        holder.skill = skill
        create.check_same(holder, submission.upload)
        return holder, False
    version = Version(
        skill=skill,
        number=parsed.text,
        build=parsed.build,
        is_prerelease=parsed.is_prerelease,
        attempt=attempts[0].attempt + 1 if attempts else 1,
        changelog=submission.changelog.strip(),
        author=people_rules.signed_in(actor),
        responsible=actor.answerable,
        requested_visibility=submission.wanted,
    )
    return version, True


def _queue_scan(version: Version) -> None:
    lane = f"account:{version.responsible_id or version.author_id}"
    enqueue("scan_version", key=f"scan:{version.pk}", lane=lane, version_id=version.pk)


def _hold_bytes(held: Sequence[Upload]) -> None:
    """Lock the bytes of uploads until the transaction ends: from here on nobody removes or collects them."""
    lock_bytes(*(upload.blob for upload in held))
    # Both again under the lock: since they were staged, staff may have removed the same bytes, and since
    # `keep_bytes` they may have been collected.
    denials.refuse_denied(*held)
    for upload in held:
        uploads.keep_bytes_again(upload)
    reached(SubmitStep.AFTER_LOCK)


def _check_submission(actor: Actor, submission: Submission) -> None:
    wanted, changelog = submission.wanted, submission.changelog.strip()
    parse(submission.number)
    people_rules.publishes(actor, submission.name)
    if wanted not in Visibility.values:
        raise refuse("bad_visibility", f"There is no visibility {wanted!r}.")
    if len(changelog) > CHANGELOG_LENGTH:
        text = f"The changelog has {len(changelog)} characters; at most {CHANGELOG_LENGTH} are kept."
        raise refuse("changelog_too_long", text, "Move detail into the bundle.")


def scanned(*, version_id: int) -> None:
    """The task's step: run the checks, then open the review or send the version back."""
    version = Version.objects.select_related("skill__team", "author").get(pk=version_id)
    if version.state != State.SCANNING:
        return
    # The checks run before the lock: they may take a minute, and reviewers would wait for it.
    files = all_files(version)
    manifest = Manifest.from_json(version.manifest)
    reading = run_checks(files, manifest)
    with transaction.atomic():
        version = lock_version(version_id)
        # The author may have withdrawn it meanwhile, or another worker may have finished.
        if version.state != State.SCANNING:
            return
        Version.objects.filter(pk=version.pk).update(rendered=reading.rendered)
        scan = keep_scan(version, reading.findings, reading.inventory)
        event = "blocked" if has_blocking_finding(scan) else "scanned"
        move(version, event, by=None, findings=len(reading.findings), rules=scan.rules)
        if version.state == State.IN_REVIEW and approve_synced(version, scan):
            return
        _tell_scanned(version, event)


def release_imported(*, version_id: int, by: Account) -> None:
    """Check and release an imported version at once, on the word of who runs the import."""
    scanned(version_id=version_id)
    with transaction.atomic():
        version = lock_version(version_id)
        if version.state != State.IN_REVIEW:
            return
        previous = version.skill.shown
        move(version, "approve", by=by, imported=True)
        if version.requested_visibility != version.skill.visibility:
            apply_visibility(version.skill, version.requested_visibility, by)
        republish(version.skill, evaluated=False)
        make_known(version)
        prepare_statement(version, previous=previous, imported=True)


def scan_held(*, version_id: int, error: Exception) -> None:
    """A scan that ERROR ended is shown and tried again; it is never called clean."""
    problem = f"The checks did not finish: {plain_cause(error)}"
    with transaction.atomic():
        version = lock_version(version_id)
        if version.state == State.SCANNING:
            hold_scan(version, problem)
            move(version, "held", by=None, reason=problem)


def _tell_scanned(version: Version, event: str) -> None:
    if event == "blocked":
        text = f"{version} has findings that block it"
        tell(_behind(version), Kind.SCANNED, text, version.review_url)
        return
    reviewers = reviewers_of(version)
    if source := source_of(version):
        # A source may bring hundreds at once, which are one piece of news.
        text = f"New versions from {source} wait for your review"
        tell_once(reviewers, Kind.REVIEW_ASKED, text, reverse("reviews"))
    else:
        tell(reviewers, Kind.REVIEW_ASKED, waiting(version), version.review_url)


def decide(*, actor: Actor, version_id: int, verdict: str, digest: str, reason: str = "") -> Version:
    """A reviewer's verdict on the bytes DIGEST names; enough approvals release the version.

    What the reviewer has written beside the lines and kept back goes with it.
    """
    with transaction.atomic():
        version = lock_version(version_id)
        policy = version.skill.team.policy
        by = people_rules.role(actor, version.skill.team, Role.REVIEWER)
        # A decision is a human being's word, whatever token a service account has.
        people_rules.person(actor)
        if version.state != State.IN_REVIEW:
            text = f"{version} is {version.get_state_display().lower()}, not in review."
            raise refuse("wrong_state", text, "Reload the page.", kind=Conflict)
        if verdict == DecisionVerdict.APPROVE:
            _check_approval(version, by)
        sent = send_drafts(actor=actor, version=version)
        if sent and not reason.strip() and verdict != DecisionVerdict.APPROVE:
            reason = f"See {review_rules.counted(len(sent), 'comment')} beside the lines."
        base = live_base(version)
        write_decision(version=version, by=by, verdict=verdict, digest=digest, reason=reason, base=base)
        if verdict != DecisionVerdict.APPROVE:
            move(version, verdict, by=by, reason=reason.strip())
        # The version is locked, so of two last approvals at once the second sees the first.
        elif approvals(version) >= policy.approvals_needed:
            _release(version, by)
        else:
            _record_approval(version, by)
        _tell_decided(version, by, verdict)
    return version


def _check_approval(version: Version, by: Account) -> None:
    """Raises Forbidden where BY may never approve this version, Conflict where a gate is still shut."""
    check_second_eyes(version, by)
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
    previous = skill.shown
    move(version, "approve", by=by)
    # More people may read it, and the older ones with it, only on another's word, also where a team lets
    # authors approve their own.
    wider = visibility.is_wider(version.requested_visibility, skill.visibility)
    is_seen = not wider or unseen_by_others(skill, approvers(version)) is None
    if version.requested_visibility != skill.visibility and is_seen:
        apply_visibility(skill, version.requested_visibility, by)
    republish(skill)
    make_known(version)
    prepare_statement(version, previous=previous)
    tell_followers(version, by)


def _tell_decided(version: Version, by: Account, verdict: str) -> None:
    words = {
        DecisionVerdict.APPROVE: "approved",
        DecisionVerdict.REQUEST_CHANGES: "asked for changes to",
        DecisionVerdict.REJECT: "rejected",
    }
    text = f"{by.username} {words[DecisionVerdict(verdict)]} {version}"
    tell(_behind(version) - {by}, Kind.DECIDED, text, version.review_url)


def _behind(version: Version) -> set[Account]:
    """Who is told what becomes of it: service accounts read no notices."""
    return {version.author, version.responsible}


def withdraw(*, actor: Actor, version_id: int) -> Version:
    """The author, or an admin of the team, takes an open version back."""
    with transaction.atomic():
        version = lock_version(version_id)
        by = people_rules.scope(actor, "publish")
        people_rules.publishes(actor, version.skill.name)
        if not is_author(actor, version):
            by = people_rules.team_admin(actor, version.skill.team)
        move(version, "withdraw", by=by)
    return version
