"""The words that a team puts on its skills."""

from django.core.exceptions import ValidationError
from django.db import transaction

from skills.audit.record import record
from skills.catalog.models import Skill
from skills.curation.models import Label, SkillLabel
from skills.lib.errors import refuse
from skills.people import rules
from skills.people.actor import Actor


@transaction.atomic
def set_labels(*, actor: Actor, skill: Skill, names: list[str]) -> None:
    """The team's labels on a skill, replacing those that were there."""
    by = rules.team_admin(actor, skill.team)
    labels = []
    for name in dict.fromkeys(name.strip().lower() for name in names if name.strip()):
        label = Label(team=skill.team, name=name)
        try:
            # `get_or_create` does not validate.
            label.clean_fields()
        except ValidationError as error:
            raise refuse("bad_label", f"{name!r}: {error.messages[0]}") from None
        labels.append(Label.objects.get_or_create(team=skill.team, name=name)[0])
    SkillLabel.objects.filter(skill=skill).exclude(label__in=labels).delete()
    for label in labels:
        SkillLabel.objects.get_or_create(skill=skill, label=label)
    # A label on no skill would be a filter that finds nothing.
    Label.objects.filter(team=skill.team, skill_labels=None).delete()
    record(
        "skill.label",
        by=by,
        target=skill,
        team_id=skill.team_id,
        labels=[label.name for label in labels],
    )
