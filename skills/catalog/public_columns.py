"""A skill's public columns: kept equal to its latest approved version, and read for lists."""

from skills.bundles.manifest import Manifest
from skills.catalog.models import Channel, Skill, State, Version
from skills.catalog.number_order import HIGHEST_FIRST
from skills.lib.clock import now

_NOT_LISTED = {"published", "successor", "deprecation_note", "created_by"}
# What a search reads of a skill and its card may show, in the order of the model: all but what only its own
# page needs, so that a new column reaches the lists without a change here.
LISTED_COLUMNS = [column.attname for column in Skill._meta.concrete_fields if column.name not in _NOT_LISTED]


def refresh(skill: Skill) -> Version | None:
    """Recompute `latest` and `shown` of a locked skill and copy what readers see."""
    approved = Version.objects.filter(skill=skill, state=State.APPROVED).order_by(*HIGHEST_FIRST)
    skill.latest = approved.filter(is_prerelease=False).first()
    # A prerelease is shown only where there is nothing better, and `latest` never means one.
    skill.shown = skill.latest or approved.first()
    if skill.shown:
        manifest = Manifest.from_json(skill.shown.manifest)
        for name in Skill.FROM_MANIFEST:
            setattr(skill, name, getattr(manifest, name))
        # For good: whoever could read the skill once still finds that it is there, and why it is empty.
        skill.published = True
    skill.updated_at = now()
    skill.save(update_fields=["latest", "shown", *Skill.FROM_MANIFEST, "published", "updated_at"])
    # A channel that pointed at a yanked version would go on handing it out.
    Channel.objects.filter(skill=skill).exclude(version__state=State.APPROVED).delete()
    return skill.shown
