"""Every act that changes what readers see: yank, remove, visibility, names, teams, channels."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from skills.audit.record import record
from skills.bundles.names import NAME, NAME_LENGTH
from skills.catalog import denials
from skills.catalog.locks import lock_bytes, lock_skill, lock_version
from skills.catalog.models import (
    Channel,
    Maintainer,
    Skill,
    SkillName,
    State,
    Version,
    Visibility,
)
from skills.catalog.stakes import stake_of
from skills.catalog.states import move
from skills.catalog.visibility import is_wider
from skills.curation import follow, labels
from skills.curation.models import Follow, SkillLabel
from skills.delivery import outage
from skills.evals import results
from skills.flows.names import check_skill_name, take_along
from skills.flows.published import apply_visibility, reindex, republish, who_can_read
from skills.lib.clock import now
from skills.lib.errors import Conflict, Forbidden, Refused, missing, refuse
from skills.notices.models import Kind
from skills.notices.notify import tell
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Role, Team
from skills.reviews.decide import approved_alone, unseen_by_others
from skills.scans.models import Scan
from skills.signing import snapshots


@transaction.atomic
def yank(*, actor: Actor, version_id: int, reason: str) -> Version:
    """Take a version out of circulation; it stays fetchable by its exact number."""
    version = lock_version(version_id)
    by = rules.team_admin(actor, version.skill.team)
    reason = _stated(reason)
    move(version, "yank", by=by, reason=reason)
    _withdraw_from_use(version, f"{version} was yanked: {reason}")
    return version


@transaction.atomic
def unyank(*, actor: Actor, version_id: int, reason: str = "") -> Version:
    version = lock_version(version_id)
    by = rules.team_admin(actor, version.skill.team)
    move(version, "unyank", by=by, reason=reason.strip())
    republish(version.skill)
    return version


@transaction.atomic
def remove(*, actor: Actor, version_id: int, reason: str, deny_files: bool = False) -> Version:
    """Staff take the content away for good; digest and reason stay, fetching answers 410.

    The same bytes are refused from now on; with DENY_FILES, for malware, each file by itself too.
    """
    lock_bytes(Version.objects.only("digest").get(pk=version_id).blob)
    version = lock_version(version_id)
    by = rules.staff(actor)
    reason = _stated(reason)
    digests = denials.digests_of(version, each_file=deny_files)
    move(version, "remove", by=by, reason=reason)
    denials.deny(version, by, digests)
    version.files.all().delete()
    Scan.objects.filter(version=version).delete()
    results.delete_transcripts_of(version)
    # The bytes themselves are collected later (delivery/collect.py).
    # Nobody outside of the team knew of a draft.
    if version.was_approved:
        _withdraw_from_use(version, f"{version} was removed: {reason}")
    return version


def _withdraw_from_use(version: Version, text: str) -> None:
    """Publish what is left of the skill without VERSION, and tell those who follow it."""
    skill = version.skill
    republish(skill)
    # Web processes still hand out what they remember (delivery/outage.py).
    outage.narrowed()
    people = who_can_read(follow.followers(skill), skill)
    tell(people, Kind.WITHDRAWN_FROM_USE, text, skill.get_absolute_url())


def _stated(reason: str) -> str:
    """REASON without the spaces around it; refuses an empty one."""
    if not reason.strip():
        raise refuse("reason_missing", "A reason is required.", "Readers will see it.")
    return reason.strip()


@transaction.atomic
def change_visibility(*, actor: Actor, skill: Skill, new: str) -> Skill:
    """Narrow at once (admin); widen only as a reviewer who does not answer for what more people will run."""
    skill = lock_skill(skill)
    if new not in Visibility.values:
        raise refuse("bad_visibility", f"There is no visibility {new!r}.")
    if is_wider(new, skill.visibility):
        by = rules.role(actor, skill.team, Role.REVIEWER)
        rules.person(actor)
        _check_widening(skill, by)
    else:
        by = rules.team_admin(actor, skill.team)
    if new != skill.visibility:
        apply_visibility(skill, new, by)
        reindex(skill)
        outage.narrowed()
    return skill


def _check_widening(skill: Skill, by: Account) -> None:
    """Raises Forbidden where BY answers for the shown version, or for another that nobody else approved."""
    # Who wrote the bytes must not alone decide that more people run them.
    if skill.shown is None or stake_of(skill.shown, by):
        text = "Widening needs a reviewer who does not answer for the approved version."
        raise refuse("four_eyes", text, "Ask another reviewer.", kind=Forbidden)
    if unseen := unseen_by_others(skill, [by]):
        text = f"{unseen} was approved by its author alone, and you answer for it."
        raise refuse("four_eyes", text, "Ask another reviewer.", kind=Forbidden)


@transaction.atomic
def rename(*, actor: Actor, skill: Skill, name: str) -> Skill:
    """Give a skill a new name; the old address redirects and the old name is never reused."""
    skill = lock_skill(skill)
    by = rules.team_admin(actor, skill.team)
    if not NAME.fullmatch(name) or len(name) > NAME_LENGTH:
        raise refuse("bad_name", f"{name[:80]!r} is not a skill name.", "Use a-z, 0-9 and hyphens.")
    check_skill_name(actor, skill, name)
    _claim(skill, skill.team, name)
    old, skill.name = skill.name, name
    skill.save(update_fields=["name"])
    record("skill.rename", by=by, target=skill, team_id=skill.team_id, before=old, after=name)
    republish(skill)
    return skill


def _claim(skill: Skill, team: Team, name: str) -> None:
    """Give SKILL the name in TEAM for good; a former name of its own is its own still."""
    holder = SkillName.objects.filter(team=team, name=name).first()
    if holder is None:
        try:
            with transaction.atomic():
                SkillName.objects.create(team=team, name=name, skill=skill)
        except IntegrityError:
            raise _name_taken(team, name) from None
    elif holder.skill_id != skill.pk:
        raise _name_taken(team, name)


def _name_taken(team: Team, name: str) -> Refused:
    text = f"{team.handle}/{name} is or was the name of another skill."
    return refuse("name_taken", text, "Choose another name.", kind=Conflict)


@transaction.atomic
def transfer(*, actor: Actor, skill: Skill, to: Team) -> Skill:
    """Move a skill to another team. Grants do not travel: labels, maintainers and followers by
    membership of the old team end, visibility falls back to the new team."""
    skill = lock_skill(skill)
    by = rules.team_admin(actor, skill.team)
    if not actor.is_staff and not actor.has_role(to.pk, Role.ADMIN):
        raise missing()
    if Version.objects.filter(skill=skill, state__in=[State.SCANNING, State.IN_REVIEW]).exists():
        text = "A version is still open; its reviewers would change under it."
        raise refuse("open_version", text, "Decide or withdraw it first.", kind=Conflict)
    alone = approved_alone(skill).first()
    # Else a team where authors approve would be the way around the eyes of this one.
    if alone is not None and not to.policy.self_approval:
        text = f"{alone} was approved by its author alone, and {to.handle} asks for another's approval."
        raise refuse("four_eyes", text, f"Submit it to {to.handle}.", kind=Conflict)
    _claim(skill, to, skill.name)
    old, before = skill.team, str(skill)
    skill.team = to
    skill.save(update_fields=["team"])
    take_along(skill, before)
    SkillLabel.objects.filter(skill=skill).delete()
    members = to.memberships.values("account_id")
    # Maintainers are told of reports, which are the new team's affair now.
    Maintainer.objects.filter(skill=skill).exclude(account__in=members).delete()
    if skill.visibility == Visibility.TEAM:
        Follow.objects.filter(skill=skill).exclude(account__in=members).delete()
    # Admins read the rows of their own team, and both must see it.
    for team in (old, to):
        record("skill.transfer", by=by, target=skill, team_id=team.pk, before=old.handle, after=to.handle)
    # The old team's snapshot names what is no longer theirs.
    snapshots.withdraw([snapshots.of_team(old.pk)])
    republish(skill)
    outage.narrowed()
    return skill


@transaction.atomic
def deprecate(*, actor: Actor, skill: Skill, note: str, successor: Skill | None) -> Skill:
    """Say that a skill should no longer be chosen, and what to take instead."""
    skill = lock_skill(skill)
    by = rules.team_admin(actor, skill.team)
    note = _stated(note)[:500]
    if successor == skill:
        raise refuse("bad_successor", "A skill cannot follow itself.", "Choose another skill.")
    skill.deprecated_at, skill.deprecation_note = now(), note
    skill.successor = successor
    skill.save(update_fields=["deprecated_at", "deprecation_note", "successor"])
    record(
        "skill.deprecate",
        by=by,
        target=skill,
        team_id=skill.team_id,
        note=note,
        successor=str(successor or ""),
    )
    return skill


@transaction.atomic
def undeprecate(*, actor: Actor, skill: Skill) -> Skill:
    skill = lock_skill(skill)
    by = rules.team_admin(actor, skill.team)
    skill.deprecated_at, skill.deprecation_note, skill.successor = None, "", None
    skill.save(update_fields=["deprecated_at", "deprecation_note", "successor"])
    record("skill.undeprecate", by=by, target=skill, team_id=skill.team_id)
    return skill


@transaction.atomic
def set_labels(*, actor: Actor, skill: Skill, names: list[str]) -> None:
    """The team's labels on a skill; searches are narrowed by them from the same moment."""
    skill = lock_skill(skill)
    labels.set_labels(actor=actor, skill=skill, names=names)
    reindex(skill)


@transaction.atomic
def move_channel(*, actor: Actor, skill: Skill, name: str, version: Version | None) -> None:
    """Point a channel at an approved version; without one the channel is deleted."""
    skill = lock_skill(skill)
    by = rules.team_admin(actor, skill.team)
    if version is None:
        Channel.objects.filter(skill=skill, name=name).delete()
    else:
        if version.skill_id != skill.pk or version.state != State.APPROVED:
            raise refuse("not_approved", "A channel names an approved version.", kind=Conflict)
        channel = Channel.objects.filter(skill=skill, name=name).first() or Channel(skill=skill, name=name)
        channel.version, channel.moved_at = version, now()
        try:
            channel.full_clean()
        except ValidationError as error:
            raise refuse("bad_channel", "; ".join(error.messages)) from None
        channel.save()
    number = version.number if version else ""
    record("channel.move", by=by, target=skill, team_id=skill.team_id, channel=name, version=number)


@transaction.atomic
def set_maintainer(*, actor: Actor, skill: Skill, account: Account, on: bool) -> None:
    by = rules.team_admin(actor, skill.team)
    if on:
        if not skill.team.memberships.filter(account=account).exists():
            raise refuse("not_a_member", f"{account.username} is not in {skill.team.handle}.")
        Maintainer.objects.get_or_create(skill=skill, account=account)
    else:
        Maintainer.objects.filter(skill=skill, account=account).delete()
    record("skill.maintainer", by=by, target=skill, team_id=skill.team_id, account=account.username, on=on)
