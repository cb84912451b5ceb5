"""Files for pipelines, with the address of this hub in them."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

_FILES = Path(__file__).parent
_PLACEHOLDER = "https://hub.example"


def _file(name: str, content_type: str) -> HttpResponse:
    text = (_FILES / name).read_text(encoding="utf-8").replace(_PLACEHOLDER, settings.PUBLIC_URL)
    return HttpResponse(text, content_type=f"{content_type}; charset=utf-8")


@require_safe
def program(request: HttpRequest) -> HttpResponse:
    """One file of Python that finds, checks and publishes the skills of a repository."""
    return _file("publish_skills.py", "text/x-python")


@require_safe
def github(request: HttpRequest) -> HttpResponse:
    """The reusable workflow of GitHub Actions."""
    return _file("github.yml", "application/yaml")


@require_safe
def gitlab(request: HttpRequest) -> HttpResponse:
    """The template of GitLab CI, for `include: remote`."""
    return _file("gitlab.yml", "application/yaml")
