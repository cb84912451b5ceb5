"""Help, the list of problem codes, the API reference and the page agents read."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from skills.http.actors import HubRequest
from skills.lib.addresses import here
from skills.lib.errors import missing
from skills.lib.markdown import AsWritten, Destination
from skills.lib.markdown import render as render_markdown

PAGES = {
    "publishing": "Publishing a skill",
    "ci": "Publishing from CI",
    "bundles": "What a bundle holds",
    "sources": "Sources: skills kept elsewhere",
    "importing": "Bringing existing skills in",
    "review": "Reviewing",
    "verdicts": "How to read a verdict",
    "budgets": "Budgets",
    "spending": "Spending",
    "tools": "Using skills from your tools",
    "field": "Agents at work",
    "gateway": "Your agents' calls to models",
    "signatures": "Signatures",
    "api": "Using the API",
    "problems": "Problem codes",
}


class _OurPages(AsWritten):
    """Links of the help to other pages, wherever the hub stands."""

    def link(self, written: str) -> Destination:
        return Destination(here(written)) if written.startswith("/") else super().link(written)


@require_GET
def docs(request: HubRequest) -> HttpResponse:
    return render(request, "docs/index.html", {"pages": PAGES})


@require_GET
def doc(request: HubRequest, page: str) -> HttpResponse:
    """One page of help, from docs/help/*.md."""
    if page not in PAGES:
        raise missing()
    text = (settings.BASE_DIR / "docs" / "help" / f"{page}.md").read_text(encoding="utf-8")
    text = text.replace("https://hub.example", settings.PUBLIC_URL)
    text = text.replace("https://gateway.example", settings.GATEWAY_URL)
    context = {"title": PAGES[page], "body": render_markdown(text, _OurPages()), "pages": PAGES, "page": page}
    return render(request, "docs/page.html", context)


@require_GET
def api_reference(request: HubRequest) -> HttpResponse:
    """Every operation of the OpenAPI document, readable without a script."""
    from drf_spectacular.generators import SchemaGenerator

    schema: Any = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    operations = [
        {
            "method": method.upper(),
            "tone": "accent" if method == "get" else "ok",
            "path": path,
            "summary": facts.get("description", "").split("\n")[0],
            "parameters": [_parameter(one) for one in facts.get("parameters", [])],
            "statuses": sorted(facts["responses"]),
            "id": facts["operationId"],
        }
        for path, methods in schema["paths"].items()
        for method, facts in methods.items()
        if isinstance(facts, dict) and "responses" in facts
    ]
    return render(request, "docs/api.html", {"operations": operations})


def _parameter(facts: Mapping[str, str]) -> dict[str, str]:
    """One parameter as the reference shows it: its name, a star where it is needed, its meaning."""
    return {
        "name": facts["name"] + ("*" if facts.get("required") else ""),
        "meaning": ": ".join(filter(None, (facts["in"], facts.get("description", "")))),
    }


@require_GET
@cache_control(public=True, max_age=300)
def llms(request: HubRequest) -> HttpResponse:
    """What is here for a language model, after llmstxt.org."""
    hub = settings.PUBLIC_URL
    text = (
        "# SkillHub\n\n> Reviewed agent skills: search them, load one, verify its digest.\n\n"
        "## For agents\n\n"
        f"- [How to use this place]({hub}/skill.md): read this first\n"
        f"- [Search]({hub}/api/v1/search?q=): `GET /api/v1/search?q=SENTENCE&token_budget=1500`\n"
        f"- [Index]({hub}/.well-known/agent-skills/index.json): every public skill with its digest\n"
        f"- [MCP]({hub}/mcp): search_skills, load_skill, read_skill_file\n"
        f"- [OpenAPI]({hub}/api/v1/schema)\n"
    )
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_GET
@cache_control(public=True, max_age=300)
def agents(request: HubRequest) -> HttpResponse:
    """One page that teaches an agent to search, load and verify here."""
    text = (settings.BASE_DIR / "docs" / "help" / "agents.md").read_text(encoding="utf-8")
    return HttpResponse(
        text.replace("https://hub.example", settings.PUBLIC_URL), content_type="text/markdown; charset=utf-8"
    )
