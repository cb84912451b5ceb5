"""Reports: somebody says something is wrong with a skill, staff or the team's admins answer."""

from django.db import IntegrityError, transaction
from django.urls import reverse

from skills.audit.record import record
from skills.catalog.models import Skill, Version
from skills.curation.models import Report, ReportReason
from skills.lib.clock import now
from skills.lib.errors import Conflict, missing, refuse
from skills.notices.models import Kind
from skills.notices.notify import tell
from skills.people import rules
from skills.people.actor import Actor
from skills.people.models import Account, Role


@transaction.atomic
def report(*, actor: Actor, skill: Skill, version: Version | None, reason: str, text: str) -> Report:
    """Say that something is wrong; staff and the team's admins are told."""
    by = rules.person_who_writes(actor)
    if reason not in ReportReason.values or not text.strip():
        raise refuse("bad_report", "Choose a reason and describe what you saw.")
    try:
        # A savepoint: `one_open_report_each` decides between two clicks at once.
        with transaction.atomic():
            new = Report.objects.create(
                skill=skill, version=version, reporter=by, reason=reason, text=text.strip()[:2000]
            )
    except IntegrityError:
        text = "You have already reported this skill."
        raise refuse("already_reported", text, "Staff will answer.", kind=Conflict) from None
    record("report.open", by=by, target=skill, team_id=skill.team_id, report=new.pk, reason=reason)
    admins = Account.objects.filter(memberships__team=skill.team, memberships__role=Role.ADMIN)
    people = [*admins, *Account.objects.filter(is_staff=True)]
    tell(people, Kind.REPORTED, f"{skill} was reported: {new.get_reason_display()}", reverse("reports"))
    return new


@transaction.atomic
def close_report(*, actor: Actor, report: Report, answer: str) -> None:
    """Answer a report: an admin of the skill's team or staff; the reporter is told."""
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
    text = f"Your report on {skill} was answered: {report.answer}"
    tell([report.reporter], Kind.REPORTED, text, skill.get_absolute_url())
