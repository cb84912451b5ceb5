"""One URL configuration: what a page, a template or an act names is there."""

import re
from pathlib import Path

import pytest
from django.urls import URLResolver, get_resolver, reverse

TEMPLATES = sorted(Path("templates").rglob("*.html"))


def names(patterns=None) -> set[str]:
    """The names of all routes."""
    patterns = get_resolver().url_patterns if patterns is None else patterns
    nested = [names(pattern.url_patterns) for pattern in patterns if isinstance(pattern, URLResolver)]
    return {getattr(pattern, "name", None) or "" for pattern in patterns}.union(*nested)


@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_every_route_that_a_template_names_exists(template):
    named = set(re.findall(r"{% url '([a-z_-]+)'", template.read_text()))

    assert named <= names()


def test_the_api_is_at_home_where_clients_look_for_it():
    assert reverse("api") == "/api/v1/"


def test_an_address_of_a_version_is_nested_under_its_skill_and_team():
    address = reverse("version-file", args=["crew", "code-review", "1.0.0", "scripts/run.py"])

    assert address == "/@crew/code-review/v/1.0.0/files/scripts/run.py"
