"""What readers see of a skill: its visibility, public columns and search document, changed together."""

from contextlib import suppress

from django.db import transaction

from skills.audit.record import record
from skills.bundles.frontmatter import FILE
from skills.bundles.manifest import Manifest
from skills.catalog.models import Skill, Version, Visibility
from skills.catalog.public_columns import refresh
from skills.catalog.selectors import file_of
from skills.catalog.visibility import is_wider
from skills.curation.follow import followers
from skills.curation.selectors import labels_of
from skills.delivery.content import file_bytes
from skills.evals.selectors import tested_models
from skills.lib.errors import Refused
from skills.notices.models import Kind
from skills.notices.notify import tell
from skills.people.models import Account
from skills.search import index
from skills.signing import snapshots


def apply_visibility(skill: Skill, new: str, by: Account) -> None:
    """Change who may read a locked skill, with its audit row."""
    old, skill.visibility = skill.visibility, new
    skill.save(update_fields=["visibility"])
    record("skill.visibility", by=by, target=skill, team_id=skill.team_id, before=old, after=new)
    if not is_wider(new, old):
        snapshots.withdraw([snapshots.PUBLIC, snapshots.INTERNAL])
    snapshots.outdate()


def who_can_read(accounts: list[Account], skill: Skill) -> list[Account]:
    """Those of ACCOUNTS who may read SKILL: notices must not tell others that it exists."""
    if skill.visibility != Visibility.TEAM:
        return accounts
    members = set(skill.team.memberships.values_list("account_id", flat=True))
    return [account for account in accounts if account.pk in members or account.is_staff]


def tell_followers(version: Version, by: Account | None = None) -> None:
    """Tell who follows the skill of a release, those aside who made it and approved it."""
    skill = version.skill
    text = f"{skill} has a new version: {version.number}"
    involved = (by.pk if by else None, version.author_id, version.responsible_id)
    others = [account for account in followers(skill) if account.pk not in involved]
    tell(who_can_read(others, skill), Kind.NEW_VERSION, text, skill.get_absolute_url())


def republish(skill: Skill, *, evaluated: bool = True) -> None:
    """Bring the skill's public columns and its search document up to date, in one transaction."""
    refresh(skill)
    reindex(skill, evaluated=evaluated)
    snapshots.outdate()


def rewrite_documents() -> None:
    """Write anew some of the search documents whose words were cut as they were before an upgrade."""
    skills = Skill.objects.select_related("team", "shown")
    for pk in index.outdated():
        # Bytes that cannot be read now keep their words; the others are not kept waiting for them.
        with suppress(Refused), transaction.atomic():
            reindex(skills.select_for_update(of=("self",)).get(pk=pk))


def reindex(skill: Skill, *, evaluated: bool = True) -> None:
    """Bring the search document of a skill and what evaluations say of it up to date with its columns.

    EVALUATED is False where nobody can have evaluated it yet: an import saves the question for every skill.
    """
    shown = skill.shown
    models, lift = tested_models(shown) if shown and evaluated else ([], None)
    if (skill.lift, skill.tested_on) != (lift, models):
        skill.lift, skill.tested_on = lift, models
        skill.save(update_fields=["lift", "tested_on"])
    if shown is None:
        index.remove(skill)
        return
    # utf-8-sig: a file may begin with a byte order mark, which is no part of its text.
    text = file_bytes(shown, file_of(shown, FILE)).decode("utf-8-sig")
    tools = Manifest.from_json(shown.manifest).allowed_tools
    index.write(skill, text, tools=tools, labels=labels_of(skill), models=models)
