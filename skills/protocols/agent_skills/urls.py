"""The same addresses for the instance, a team, a skill and a version, with and without a secret prefix."""

from django.urls import URLPattern, path

from skills.protocols.agent_skills import views

_PLACES = {
    "instance": "",
    "team": "t/<handle:team>/",
    "skill": "s/<handle:team>/<skill:name>/",
    "version": "s/<handle:team>/<skill:name>/v/<number:number>/",
}


def _routes(prefix: str, kind: str) -> list[URLPattern]:
    found = []
    for place, start in _PLACES.items():
        at = f"{prefix}{start}.well-known"
        found += [
            path(f"{at}/agent-skills/index.json", views.index, name=f"{kind}-index-{place}"),
            path(f"{at}/skills/index.json", views.index_of_files, name=f"{kind}-files-{place}"),
            path(f"{at}/skills/<skill:skill>/<file:path>", views.listed_file, name=f"{kind}-file-{place}"),
        ]
    zip_ = f"{prefix}s/<handle:team>/<skill:name>/v/<number:number>.zip"
    return [*found, path(zip_, views.archive, name=f"{kind}-zip")]


urlpatterns = [
    *_routes("", "agent-skills"),
    *_routes("k/<str:secret>/", "prefixed"),
    path("api/search", views.search, name="skills-search"),
]
