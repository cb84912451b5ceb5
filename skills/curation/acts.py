"""Stars, follows, labels and reports: small acts of people on skills they can read."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from skills.audit.record import record
from skills.catalog.models import Skill, Version
from skills.curation.models import Follow, Label, Report, ReportReason, SkillLabel, Star
from skills.lib.clock import now
from skills.lib.errors import Conflict, missing, refuse
from skills.notices.models import Kind
from skills.notices.tell import tell
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Role, Team


@transaction.atomic
def star(*, actor: Actor, skill: Skill, on: bool) -> int:
    """Star or unstar; returns the number of stars."""
    by = rules.person(actor)
    if on:
        changed = Star.objects.get_or_create(account=by, skill=skill)[1]
    else:
        changed = bool(Star.objects.filter(account=by, skill=skill).delete()[0])
    if changed:
        Skill.objects.filter(pk=skill.pk).update(stars=F("stars") + (1 if on else -1))
        record("skill.star" if on else "skill.unstar", by=by, target=skill, team_id=skill.team_id)
    skill.refresh_from_db(fields=["stars"])
    return skill.stars


@transaction.atomic
def follow(*, actor: Actor, on: bool, skill: Skill | None = None, team: Team | None = None) -> None:
    by = rules.person(actor)
    if on:
        changed = Follow.objects.get_or_create(account=by, skill=skill, team=team)[1]
    else:
        changed = bool(Follow.objects.filter(account=by, skill=skill, team=team).delete()[0])
    if changed:
        team_id = team.pk if team else skill.team_id if skill else None
        record("follow" if on else "unfollow", by=by, target=skill or team, team_id=team_id)


@transaction.atomic
def set_labels(*, actor: Actor, skill: Skill, names: list[str]) -> None:
    """The team's labels on a skill, replacing those that were there."""
    by = rules.team_admin(actor, skill.team)
    labels = []
    for name in dict.fromkeys(name.strip().lower() for name in names if name.strip()):
        label = Label(team=skill.team, name=name)
        try:
            label.clean_fields()
        except ValidationError as error:
            raise refuse("bad_label", f"{name!r}: {error.messages[0]}") from None
        labels.append(Label.objects.get_or_create(team=skill.team, name=name)[0])
    SkillLabel.objects.filter(skill=skill).exclude(label__in=labels).delete()
    for label in labels:
        SkillLabel.objects.get_or_create(skill=skill, label=label)
    Label.objects.filter(team=skill.team, skill_labels=None).delete()
    record(
        "skill.label",
        by=by,
        target=skill,
        team_id=skill.team_id,
        labels=[label.name for label in labels],
    )


def followers(skill: Skill) -> list[Account]:
    """Who wants to hear of new versions of this skill, directly or through its team."""
    by_skill = Follow.objects.filter(skill=skill)
    by_team = Follow.objects.filter(team_id=skill.team_id)
    return list(Account.objects.filter(follows__in=by_skill | by_team).distinct())


@transaction.atomic
def report(*, actor: Actor, skill: Skill, version: Version | None, reason: str, text: str) -> Report:
    """Say that something is wrong; staff and the team's admins are told."""
    by = rules.person(actor)
    if reason not in ReportReason.values or not text.strip():
        raise refuse("bad_report", "Choose a reason and describe what you saw.")
    try:
        with transaction.atomic():
            made = Report.objects.create(
                skill=skill, version=version, reporter=by, reason=reason, text=text.strip()[:2000]
            )
    except IntegrityError:
        text = "You have already reported this skill."
        raise refuse("already_reported", text, "Staff will answer.", kind=Conflict) from None
    record("report.open", by=by, target=skill, team_id=skill.team_id, report=made.pk, reason=reason)
    admins = Account.objects.filter(memberships__team=skill.team, memberships__role=Role.ADMIN)
    people = [*admins, *Account.objects.filter(is_staff=True)]
    tell(people, Kind.REPORTED, f"{skill} was reported: {made.get_reason_display()}", "/reports/")
    return made


@transaction.atomic
def close_report(*, actor: Actor, report: Report, answer: str) -> None:
    by = rules.team_admin(actor, report.skill.team)
    report = Report.objects.select_for_update().select_related("skill__team").get(pk=report.pk)
    if report.closed_at:
        raise missing()
    if not answer.strip():
        raise refuse("answer_missing", "Say what was done.", "The reporter reads your answer.")
    report.closed_at, report.closed_by, report.answer = now(), by, answer.strip()[:1000]
    report.save(update_fields=["closed_at", "closed_by", "answer"])
    skill = report.skill
    record("report.close", by=by, target=skill, team_id=skill.team_id, report=report.pk)
    told = f"Your report on {skill} was answered: {report.answer}"
    tell([report.reporter], Kind.REPORTED, told, skill.get_absolute_url())
