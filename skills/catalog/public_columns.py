"""Keeps a skill's public columns equal to its latest approved version."""

from skills.bundles.manifest import Manifest
from skills.catalog.models import Channel, Skill, State, Version
from skills.catalog.numbers import highest
from skills.lib.clock import now


def refresh(skill: Skill) -> Version | None:
    """Recompute `latest` and `shown` of a locked skill and copy what readers see."""
    approved = {
        version.number: version for version in Version.objects.filter(skill=skill, state=State.APPROVED)
    }
    stable = highest(approved, stable=True)
    top = stable or highest(approved)
    skill.latest = approved[stable] if stable else None
    skill.shown = approved[top] if top else None
    if skill.shown:
        manifest = Manifest.from_json(skill.shown.manifest)
        skill.description = manifest.description
        skill.license = manifest.license
        skill.catalogue_tokens = manifest.catalogue_tokens
        skill.tags = manifest.tags
        skill.published = True
    skill.updated_at = now()
    skill.save(
        update_fields=[
            "latest",
            "shown",
            "description",
            "license",
            "catalogue_tokens",
            "tags",
            "published",
            "updated_at",
        ]
    )
    Channel.objects.filter(skill=skill).exclude(version__state=State.APPROVED).delete()
    return skill.shown
