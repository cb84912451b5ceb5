"""The pages of one skill: prompt, tools, evals, files, versions, compare."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from skills.bundles.binary import dump
from skills.bundles.compare import compare_front_matter
from skills.bundles.links import MARKDOWN
from skills.bundles.magic import decode
from skills.bundles.manifest import Manifest
from skills.bundles.pictures import MOST_BYTES, SVG, is_shown, media_type
from skills.catalog.models import File, Skill, State, Version
from skills.catalog.numbers import highest
from skills.catalog.selectors import (
    file_of,
    find_skill,
    find_version,
    page_of_versions,
    version_in_view,
    versions_of,
)
from skills.delivery.content import file_bytes
from skills.delivery.count import usage
from skills.evals import selectors as eval_selectors
from skills.http.actors import HubRequest
from skills.http.conditional import not_modified, private
from skills.http.header_values import attachment, etag
from skills.http.headers import FILE_POLICY, PICTURE_POLICY
from skills.lib.errors import Gone, Missing, missing, refuse
from skills.people import rules
from skills.people.actor import Actor
from skills.search import log
from skills.search.similar import related
from skills.usage.field import field_report
from skills.web.code_lines import code_lines
from skills.web.evaluation_context import evaluation_context
from skills.web.file_changes import Wish, changed_files
from skills.web.rendered_text import rendered_file, rendered_prompt
from skills.web.skill_context import skill_context
from skills.web.version_rows import version_rows

# The tab "prompt" is the skill's own address.
TABS_WITH_ADDRESS = ("tools", "evals", "files", "versions", "field")
_VERSIONS = 50  # of one page
_AT_ONCE = 60_000  # bytes of both sides that a page compares unasked: visitors may open it
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
    actor = request.actor
    version = find_version(actor, skill, number) if number else version_in_view(actor, skill)
    note_choice(request, skill)
    context = skill_context(request, skill, version) | {"tab": tab, "pinned": number}
    context["usage"] = usage(skill) if context["is_member"] else None
    if tab == "versions":
        listed = page_of_versions(actor, skill, request.GET.get("cursor", ""), _VERSIONS)
        context |= {"rows": version_rows(actor, skill, listed.rows), "next": listed.next}
    elif tab == "field":
        context |= _field(actor, skill)
    elif version is None:
        context["why_empty"] = "No version to show"
    elif not version.has_content:
        context["why_empty"] = "The content was removed"
    elif tab == "files":
        context |= _files(version, request.GET.get("in", "").strip("/"))
    else:
        context |= _TAB[tab](actor, version)
    status = 410 if version is not None and version.state == State.REMOVED and number else 200
    return render(request, f"catalog/skill_{tab}.html", context, status=status)


def note_choice(request: HubRequest, skill: Skill) -> None:
    """Tell the query log when somebody comes from the results of a search."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.path == reverse("home") and came.netloc == request.get_host() and came.query:
        query = parse_qs(came.query).get("q", [""])[0]
        log.note_choice(request.actor, query, skill)


@require_GET
def related_skills(request: HubRequest, team: str, name: str) -> HttpResponse:
    """What is nearest in meaning, fetched by the skill's page when it comes into view."""
    skill = find_skill(request.actor, team, name)
    return render(request, "catalog/related.html", {"skill": skill, "related": related(request.actor, skill)})


def _prompt(_actor: Actor, version: Version) -> dict[str, object]:
    return {"manifest": Manifest.from_json(version.manifest), "rendered": rendered_prompt(version)}


def _tools(_actor: Actor, version: Version) -> dict[str, object]:
    return {"manifest": Manifest.from_json(version.manifest)}


def _evals(actor: Actor, version: Version) -> dict[str, object]:
    """The cases, the verdict on these bytes and those of other versions that ACTOR may read."""
    run = eval_selectors.evaluation_of(version)
    manifest = Manifest.from_json(version.manifest)
    return {
        "evals": manifest.evals,
        "benchmarks": manifest.benchmarks,
        "history": eval_selectors.history(actor, version.skill),
        **evaluation_context(run, pooled=True),
    }


def _field(actor: Actor, skill: Skill) -> dict[str, object]:
    """What agents did with the skill, for whoever signs in: visitors of the page are not of the house."""
    rules.signed_in(actor)
    run = eval_selectors.evaluation_of(skill.shown) if skill.shown else None
    return {
        "field": field_report(actor, skill),
        "figures": run.evaluation.models if run and run.evaluation else [],
    }


def _files(version: Version, folder: str = "") -> dict[str, object]:
    files = File.objects.filter(version=version).order_by("path")
    return {"files": files.filter(path__startswith=f"{folder}/") if folder else files, "folder": folder}


_TAB: dict[str, Callable[[Actor, Version], dict[str, object]]] = {
    "prompt": _prompt,
    "tools": _tools,
    "evals": _evals,
}


@require_GET
def file_page(request: HubRequest, team: str, name: str, number: str, path: str) -> HttpResponse:
    """One file: Markdown as people read it, and anything else, or with `?plain=1`, with line numbers.

    `?raw=1` answers the bytes as plain text that cannot run.
    """
    skill, version = _with_content(request, team, name, number)
    try:
        file = file_of(version, path)
    except Missing:
        folder = path.rstrip("/")
        if not version.files.filter(path__startswith=f"{folder}/").exists():
            raise
        return HttpResponseRedirect(f"{version.get_absolute_url()}files/?{urlencode({'in': folder})}")
    data = file_bytes(version, file)
    if request.GET.get("raw"):
        response = HttpResponse(data, content_type="text/plain; charset=utf-8")
        response.headers["Content-Security-Policy"] = FILE_POLICY
        return response
    is_plain = bool(request.GET.get("plain"))
    rendered = "" if is_plain else rendered_file(version, path, data)
    text = decode(data)
    is_source = text is not None and not rendered and len(data) <= _LONG
    context = skill_context(request, skill, version)
    context |= {
        "file": file,
        "rendered": rendered,
        "is_plain": is_plain and path.lower().endswith(MARKDOWN),
        "picture": media_type(data) and is_shown(path, file.size),
        "lines": code_lines(text, path, file.sha256) if text is not None and is_source else None,
        "dump": dump(data) if text is None else [],
        "tab": "files",
        "pinned": number,
    }
    return render(request, "catalog/file.html", context)


@require_GET
def picture(request: HubRequest, team: str, name: str, number: str, path: str) -> HttpResponse:
    """A picture of a version, for its texts; what is none by its bytes is not there."""
    _, version = _with_content(request, team, name, number)
    file = file_of(version, path)
    if file.size > MOST_BYTES:
        raise missing()
    data = file_bytes(version, file)
    kind = media_type(data)
    if not kind:
        raise missing()
    tag = etag(f"sha256:{file.sha256}")
    response = private(not_modified(request, tag) or HttpResponse(data, content_type=kind), tag)
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if kind == SVG:
        # A page shows it all the same; opened by itself it would be a document of ours.
        response.headers["Content-Disposition"] = attachment(path.rpartition("/")[2])
    return response


def _with_content(request: HubRequest, team: str, name: str, number: str) -> tuple[Skill, Version]:
    """The skill and the version that the address names; raises Gone where its files were removed."""
    skill = find_skill(request.actor, team, name)
    version = find_version(request.actor, skill, number)
    if version.state == State.REMOVED:
        raise refuse("removed", f"{version} was removed: {version.reason}", kind=Gone)
    return skill, version


@require_GET
def choose_comparison(request: HubRequest, team: str, name: str) -> HttpResponse:
    """Two versions, however they were chosen, are compared from the lower number to the higher one."""
    skill = find_skill(request.actor, team, name)
    chosen = [find_version(request.actor, skill, request.GET.get(key, "")) for key in ("old", "new")]
    numbers = [version.number for version in chosen]
    last = highest(numbers)
    first = numbers[numbers[0] == last]
    return redirect("skill-compare", skill.team.handle, skill.name, first, last)


@require_GET
def compare(request: HubRequest, team: str, name: str, old: str, new: str) -> HttpResponse:
    """What changed between two versions, file by file."""
    skill = find_skill(request.actor, team, name)
    before = find_version(request.actor, skill, old)
    after = find_version(request.actor, skill, new)
    only = request.GET.get("file", "")
    # Whoever asks for one file gets that one alone, however long it is.
    changes = changed_files(before, after, Wish(only=only, at_once=None if only else _AT_ONCE))
    context = skill_context(request, skill, after)
    context |= {
        "only": only,
        "old": before,
        "new": after,
        "choices": _numbers(request.actor, skill, before, after),
        "changes": changes,
        "tab": "versions",
        "may_talk": False,
        "fields": compare_front_matter(
            Manifest.from_json(before.manifest), Manifest.from_json(after.manifest)
        ),
    }
    return render(request, "catalog/compare.html", context)


def _numbers(actor: Actor, skill: Skill, *chosen: Version) -> list[str]:
    """The newest numbers of SKILL for the reader to choose from, and those of CHOSEN, each once."""
    newest = versions_of(actor, skill).values_list("number", flat=True)[:_VERSIONS]
    return list(dict.fromkeys([*newest, *(version.number for version in chosen)]))
