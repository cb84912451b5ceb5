"""Pages are matched against the addresses that load fast; nothing they link to may be missing there."""

from importlib import import_module

from django.urls import URLResolver, get_resolver

from skills.http.routes import WHOLE


def names(urlconf: str) -> dict[str, str]:
    """Every route by name, with the start of its path."""
    found: dict[str, str] = {}

    def walk(patterns, prefix: str) -> None:
        for one in patterns:
            path = f"{prefix}{one.pattern}"
            if isinstance(one, URLResolver):
                walk(one.url_patterns, path)
            elif one.name:
                found[one.name] = f"/{path}"

    walk(import_module(urlconf).urlpatterns, "")
    return found


def test_what_pages_leave_out_is_asked_for_with_the_whole():
    whole, pages = names("skillhub.urls"), names("skillhub.page_urls")

    assert pages.items() <= whole.items()
    left_out = {path for name, path in whole.items() if name not in pages}
    assert left_out and all(path.startswith(WHOLE) for path in left_out)


def test_every_name_a_page_links_to_is_there():
    """Templates of pages outside WHOLE only name routes of the pages."""
    import re
    from pathlib import Path

    pages = names("skillhub.page_urls")
    exempt = {"people/account_base.html", "docs/api.html"}  # shown under WHOLE only
    root = Path("templates")
    for template in root.rglob("*.html"):
        if str(template.relative_to(root)) in exempt or template.parts[1] in (
            "account",
            "mfa",
            "socialaccount",
            "allauth",
        ):
            continue
        linked = set(re.findall(r"{% url '([a-z_-]+)'", template.read_text()))
        assert linked <= pages.keys(), (template, linked - pages.keys())


def test_the_whole_is_what_everything_else_sees():
    assert get_resolver().reverse("api") == "api/v1/"
