"""What every page of a skill shows around its own content."""

from django.conf import settings
from django.urls import reverse

from skills.bundles.manifest import Manifest
from skills.catalog.models import Skill, State, Version, Visibility
from skills.catalog.numbers import highest
from skills.catalog.source_paths import gone_since
from skills.http.actors import HubRequest
from skills.lib.addresses import public_address
from skills.people.models import Role
from skills.web.skill_sidebar import sidebar_of


def skill_context(request: HubRequest, skill: Skill, version: Version | None) -> dict[str, object]:
    """What the frame around every tab needs."""
    actor = request.actor
    if version is not None:
        version.skill = skill
    base = skill.get_absolute_url()
    manifest = Manifest.from_json(version.manifest) if version is not None else Manifest()
    is_member = skill.team_id in actor.roles
    sees_reviews = is_member or actor.reads_everything
    facts = sidebar_of(skill, version, actor)
    is_open = skill.visibility == Visibility.PUBLIC and settings.ANONYMOUS_READ
    return {
        "nav": "home",
        "skill": skill,
        "version": version,
        "description": manifest.description or skill.description,
        "written_name": manifest.written_name if manifest.written_name != skill.name else "",
        "gone_since": gone_since(skill) if is_member else None,
        "counts": {
            "tools": len(manifest.tools),
            "cases": len(manifest.evals.cases),
            "versions": facts.versions,
        },
        "pinned": "",
        "why_empty": "",
        "usage": None,
        "facts": facts,
        "base": f"{base}v/{version.number}/" if version and version.pk != skill.shown_id else base,
        "is_admin": actor.is_staff or actor.has_role(skill.team_id, Role.ADMIN),
        "is_member": is_member,
        "may_star": actor.account is not None and not actor.account.is_service,
        "may_evaluate": is_member and version is not None and version.has_content,
        "sees_reviews": sees_reviews,
        "is_reviewer": actor.has_role(skill.team_id, Role.REVIEWER),
        "is_open": is_open,
        "newer": newer_number(version, facts.latest),
        "install": install_lines(skill, version),
    }


def newer_number(version: Version | None, latest: str) -> str:
    """The number of LATEST where it is higher than that of VERSION; "" otherwise."""
    if version is None or not latest or version.number == latest:
        return ""
    return latest if highest([version.number, latest]) == latest else ""


def install_lines(skill: Skill, version: Version | None) -> list[tuple[str, str]]:
    """How an agent, or a person with curl, gets exactly this version."""
    if version is None or version.state not in (State.APPROVED, State.YANKED):
        return []
    root = f"{settings.PUBLIC_URL}/api/v1/skills/{skill.team.handle}/{skill.name}"
    is_open = skill.visibility == Visibility.PUBLIC and settings.ANONYMOUS_READ
    # A variable, never a token: these lines are copied into chats and histories.
    auth = "" if is_open else '-H "Authorization: Bearer $SKILLHUB_TOKEN" '
    path = f"{root}/versions/{version.number}"
    verifier = f"curl -sfO {public_address(reverse('skillhub-verify'))}"
    return [
        ("The prompt, for an agent", f"curl -sf {auth}{path}/files/SKILL.md"),
        ("The whole skill", f"curl -sfo {skill.name}.zip {auth}{path}/zip"),
        ("Check what you got", f'echo "{version.blob}  {skill.name}.zip" | sha256sum -c'),
        ("Verify who signed it", f"{verifier} && python3 skillhub-verify.py {skill.name}.zip --from {path}"),
    ]
