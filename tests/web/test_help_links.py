"""The guides in docs/help are pages of the product and of the site of the documentation (`make docs`)."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from skills.web.views.docs import PAGES

HELP = Path(__file__).resolve().parents[2] / "docs" / "help"
GUIDES = sorted(HELP.glob("*.md"))


def links(guide: Path) -> list[str]:
    text = re.sub(r"`[^`]*`", "", guide.read_text(encoding="utf-8"))  # links in code are examples
    return re.findall(r"\]\(([^)\s]+)\)", text)


def leads_to_a_page(address: str) -> bool:
    path = urlsplit(address).path
    try:
        found = resolve(path)
    except Resolver404:
        return False
    return found.url_name != "doc" or found.kwargs["page"] in PAGES


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_link_of_a_guide_is_an_address_of_the_product_or_a_whole_one(guide):
    own = [link for link in links(guide) if not link.startswith("https://")]

    lost = [link for link in own if not leads_to_a_page(link)]

    assert not lost


def test_a_link_to_a_guide_that_does_not_exist_is_noticed():
    assert not leads_to_a_page("/docs/nothing/")


def test_every_guide_for_people_is_a_page_of_the_product():
    for_agents = {"agents"}  # served as Markdown at /skill.md

    assert {guide.stem for guide in GUIDES} - for_agents == set(PAGES)
