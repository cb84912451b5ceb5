"""Addresses of a hub that stands under a path, whichever form one comes in."""

import re
from pathlib import Path

import pytest

from skills.lib.addresses import bare, here, public_address, public_origin


@pytest.fixture
def under_tools(settings):
    settings.PUBLIC_URL, settings.PUBLIC_PATH = "https://host.example/tools", "/tools"


@pytest.mark.parametrize("path", ["/@crew/a/", "/tools/@crew/a/"])
def test_an_address_gets_the_path_of_the_hub_once(path, under_tools):
    assert here(path) == "/tools/@crew/a/"
    assert bare(path) == "/@crew/a/"
    assert public_address(path) == "https://host.example/tools/@crew/a/"
    assert public_origin() == "https://host.example"


def test_a_path_that_only_begins_alike_is_another_one(under_tools):
    assert here("/toolsmith/") == "/tools/toolsmith/"
    assert bare("/toolsmith/") == "/toolsmith/"


def test_a_hub_at_the_root_leaves_addresses_as_they_are():
    assert here("/teams/") == bare("/teams/") == "/teams/"


def test_nobody_puts_the_address_of_the_hub_before_what_reverse_gives():
    twice = re.compile(r"PUBLIC_URL(?:\}\{| \+\s+)(?:reverse|\w+\.get_absolute_url)")

    assert [path for path in Path("skills").rglob("*.py") if twice.search(path.read_text())] == []


def test_no_template_names_an_address_at_the_top_of_the_host():
    named = re.compile(r'(?:href|src|action|hx-get|hx-post)="/')

    assert [path for path in Path("templates").rglob("*.html") if named.search(path.read_text())] == []
