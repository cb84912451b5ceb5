"""The pages of one skill: prompt, tools, evals, files, versions, compare."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

from skills.bundles.compare import compare as compare_files
from skills.bundles.compare import compare_front_matter
from skills.bundles.magic import decode
from skills.bundles.manifest import Manifest
from skills.catalog.models import File, Skill, State, Version
from skills.catalog.selectors import WIDE, file_of, find_skill, find_version, versions_of
from skills.delivery.content import all_files, file_bytes
from skills.delivery.count import usage
from skills.evals import selectors as eval_selectors
from skills.http.headers import FILE_POLICY
from skills.http.requests import HubRequest
from skills.lib.diff import counts, diff_lines
from skills.lib.errors import Gone, refuse
from skills.lib.markdown import code_html
from skills.people.models import Role
from skills.search import log
from skills.search.similar import related
from skills.web.evaluation_context import evaluation_context
from skills.web.skill_sidebar import sidebar_of
from skills.web.version_rows import version_rows

TABS_WITH_ADDRESS = ("tools", "evals", "files", "versions")  # the tab "prompt" is the skill's own address
_LONG = 400_000  # bytes of a file that are shown in the page


def moved(skill: Skill, team: str, name: str, rest: str = "") -> HttpResponse | None:
    """A redirect when the address names the skill by a former name."""
    if (skill.team.handle, skill.name) == (team, name):
        return None
    return HttpResponseRedirect(f"{skill.get_absolute_url()}{rest}")


@require_GET
def skill_page(
    request: HubRequest, team: str, name: str, tab: str = "prompt", number: str = ""
) -> HttpResponse:
    """One tab of a skill, at its shown version or at the one in the address."""
    skill = find_skill(request.actor, team, name)
    if away := moved(skill, team, name):
        return away
    versions = versions_of(request.actor, skill)
    version = find_version(request.actor, skill, number) if number else shown_of(skill, versions)
    note_choice(request, skill)
    context = skill_context(request, skill, version, versions) | {"tab": tab, "pinned": number}
    context["usage"] = usage(skill) if context["is_member"] else None
    if tab == "versions":
        context["rows"] = version_rows(request.actor, skill, versions)
    elif version is None:
        context["why_empty"] = "No version to show"
    elif not version.has_content:
        context["why_empty"] = "The content was removed"
    else:
        context |= _TAB[tab](version)
    status = 410 if version is not None and version.state == State.REMOVED and number else 200
    return render(request, f"catalog/skill_{tab}.html", context, status=status)


def shown_of(skill: Skill, versions: list[Version]) -> Version | None:
    """The approved version readers see; for the team, before the first approval, the newest."""
    wanted = skill.shown_id
    return next((v for v in versions if v.pk == wanted), versions[0] if versions else None)


def skill_context(
    request: HubRequest, skill: Skill, version: Version | None, versions: list[Version]
) -> dict[str, Any]:
    """What the frame around every tab needs."""
    actor = request.actor
    if version is not None:
        if version.get_deferred_fields():  # both wide columns in one query
            wide = Version.objects.values_list(*WIDE).get(pk=version.pk)
            version.manifest, version.rendered = wide
        version.skill = skill
    base = skill.get_absolute_url()
    manifest = Manifest.from_json(version.manifest) if version is not None else Manifest()
    is_member = skill.team_id in actor.roles
    sees_reviews = is_member or actor.reads_everything
    return {
        "nav": "home",
        "skill": skill,
        "version": version,
        "description": manifest.description or skill.description,
        "counts": {
            "tools": len(manifest.tools),
            "cases": len(manifest.evals.cases),
            "versions": len(versions),
        },
        "pinned": "",
        "why_empty": "",
        "usage": None,
        "facts": sidebar_of(skill, version, actor.account),
        "base": f"{base}v/{version.number}/" if version and version.pk != skill.shown_id else base,
        "open_versions": [
            v for v in versions if sees_reviews and v.state in (State.SCANNING, State.IN_REVIEW)
        ],
        "latest": next((v for v in versions if v.pk == skill.latest_id), None),
        "is_admin": actor.is_staff or actor.has_role(skill.team_id, Role.ADMIN),
        "is_member": is_member,
        "may_star": actor.account is not None and not actor.account.is_service,
        "may_evaluate": is_member and version is not None and version.has_content,
        "sees_reviews": sees_reviews,
        "is_reviewer": actor.has_role(skill.team_id, Role.REVIEWER),
        "install": install_lines(skill, version),
        "tools": tool_lines(skill, version),
    }


def install_lines(skill: Skill, version: Version | None) -> list[tuple[str, str]]:
    """How an agent, or a person with curl, gets exactly this version."""
    if version is None or version.state not in (State.APPROVED, State.YANKED):
        return []
    root = f"{settings.PUBLIC_URL}/api/v1/skills/{skill.team.handle}/{skill.name}"
    public = skill.visibility == "public" and settings.ANONYMOUS_READ
    auth = "" if public else '-H "Authorization: Bearer $SKILLHUB_TOKEN" '
    path = f"{root}/versions/{version.number}"
    return [
        ("The prompt, for an agent", f"curl -sf {auth}{path}/files/SKILL.md"),
        ("The whole skill", f"curl -sfo {skill.name}.zip {auth}{path}/zip"),
        ("Check what you got", f'echo "{version.blob}  {skill.name}.zip" | sha256sum -c'),
    ]


def tool_lines(skill: Skill, version: Version | None) -> list[tuple[str, str]]:
    """How each tool installs this version, with that tool's own telemetry switched off."""
    if version is None or version.state not in (State.APPROVED, State.YANKED):
        return []
    hub, team, name = settings.PUBLIC_URL, skill.team.handle, skill.name
    public = skill.visibility == "public" and settings.ANONYMOUS_READ
    pinned = version.pk != skill.latest_id
    at = f"/v/{version.number}" if pinned else ""
    prefix = "" if public else "/k/$SKILLHUB_INSTALL_TOKEN"
    login = "" if public else "CLAWHUB_CONFIG_PATH=~/.skillhub-clawhub.json "
    header = "" if public else ' --header "Authorization: Bearer $SKILLHUB_TOKEN"'
    exact = f" --version {version.number}" if pinned else ""
    lines = [
        ("npx skills (60+ agents)", f"DISABLE_TELEMETRY=1 npx skills add {hub}{prefix}/s/{team}/{name}{at}"),
        (
            "clawhub",
            f"{login}CLAWHUB_REGISTRY={hub}/clawhub CLAWHUB_DISABLE_TELEMETRY=1 npx clawhub install {name}{exact}",
        ),
        ("OpenClaw", f"OPENCLAW_CLAWHUB_URL={hub}/clawhub openclaw skills install @{team}/{name}"),
        ("Any MCP host (Claude Code shown)", f"claude mcp add --transport http skillhub {hub}/mcp{header}"),
    ]
    if hub.startswith("https://"):
        add = f"claude plugin marketplace add {hub}/t/{team}/marketplace.json"
        lines.append(("Claude Code plugin", f"{add} && claude plugin install {name}@skillhub-{team}"))
    return lines


def note_choice(request: HubRequest, skill: Skill) -> None:
    """Tell the query log when somebody comes from the results of a search."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.path == "/" and came.netloc == request.get_host() and came.query:
        query = parse_qs(came.query).get("q", [""])[0]
        log.chose(request.actor, query, skill)


@require_GET
def related_skills(request: HubRequest, team: str, name: str) -> HttpResponse:
    """What is nearest in meaning, fetched by the skill's page when it comes into view."""
    skill = find_skill(request.actor, team, name)
    return render(request, "catalog/related.html", {"skill": skill, "related": related(request.actor, skill)})


def _prompt(version: Version) -> dict[str, Any]:
    return {"manifest": Manifest.from_json(version.manifest), "rendered": version.rendered}


def _tools(version: Version) -> dict[str, Any]:
    return {"manifest": Manifest.from_json(version.manifest)}


def _evals(version: Version) -> dict[str, Any]:
    """The cases, the verdict on these bytes and those of other versions."""
    run = eval_selectors.evaluation_of(version)
    context = {
        "evals": Manifest.from_json(version.manifest).evals,
        "history": eval_selectors.history(version.skill),
    }
    return context | evaluation_context(run)


def _files(version: Version) -> dict[str, Any]:
    return {"files": File.objects.filter(version=version).order_by("path")}


_TAB: dict[str, Callable[[Version], dict[str, Any]]] = {
    "prompt": _prompt,
    "tools": _tools,
    "evals": _evals,
    "files": _files,
}


@require_GET
def file_page(request: HubRequest, team: str, name: str, number: str, path: str) -> HttpResponse:
    """One file with line numbers; `?raw=1` answers the bytes as plain text that cannot run."""
    skill = find_skill(request.actor, team, name)
    version = find_version(request.actor, skill, number)
    if version.state == State.REMOVED:
        raise refuse("removed", f"{version} was removed: {version.reason}", kind=Gone)
    file = file_of(version, path)
    data = file_bytes(version, file)
    if request.GET.get("raw"):
        response = HttpResponse(data, content_type="text/plain; charset=utf-8")
        response.headers["Content-Security-Policy"] = FILE_POLICY
        return response
    text = decode(data) if len(data) <= _LONG else None
    lines = code_html(text, path=path).split("\n") if text is not None else None
    context = skill_context(request, skill, version, versions_of(request.actor, skill))
    context |= {"file": file, "lines": lines, "tab": "files", "pinned": number}
    return render(request, "catalog/file.html", context)


@require_GET
def compare(request: HubRequest, team: str, name: str, old: str, new: str) -> HttpResponse:
    """What changed between two versions, file by file."""
    skill = find_skill(request.actor, team, name)
    before = find_version(request.actor, skill, old)
    after = find_version(request.actor, skill, new)
    context = skill_context(request, skill, after, versions_of(request.actor, skill))
    context |= {
        "old": before,
        "new": after,
        "changes": changed_files(before, after),
        "tab": "versions",
        "fields": compare_front_matter(
            Manifest.from_json(before.manifest), Manifest.from_json(after.manifest)
        ),
    }
    return render(request, "catalog/compare.html", context)


def changed_files(old: Version | None, new: Version) -> list[dict[str, Any]]:
    """Every file that differs, with its lines, each with the remarks on it; unreadable and long ones without."""
    before = all_files(old) if old else {}
    after = all_files(new)
    shas_old = {f.path: f.sha256 for f in old.files.all()} if old else {}
    shas_new = {f.path: f.sha256 for f in new.files.all()}
    found: list[dict[str, Any]] = []
    for change in compare_files(shas_old, shas_new):
        if change.kind == "same":
            continue
        left, right = decode(before.get(change.path, b"")), decode(after.get(change.path, b""))
        rows = None if left is None or right is None else diff_lines(left, right)
        added, removed = counts(rows) if rows else (0, 0)
        found.append(
            {
                "path": change.path,
                "kind": change.kind,
                "rows": rows,
                "lines": [(row, []) for row in rows or []],
                "elsewhere": [],
                "added": added,
                "removed": removed,
            }
        )
    return found
