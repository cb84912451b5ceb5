"""PUBLIC_URL in its parts."""

import re
from collections.abc import Iterator

import pytest
from django.urls import URLResolver, get_resolver

from skillhub.env import EnvironmentProblem
from skillhub.public_url import origin_and_path, settings_under


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://hub.example", ("https://hub.example", "")),
        ("http://127.0.0.1:8000", ("http://127.0.0.1:8000", "")),
        ("https://host.example/tools", ("https://host.example", "/tools")),
        ("https://host.example:8443/a/b-c", ("https://host.example:8443", "/a/b-c")),
        ("https://[::1]:8000/skills", ("https://[::1]:8000", "/skills")),
    ],
)
def test_the_path_is_what_comes_after_the_host(url, parts):
    assert origin_and_path(url) == parts


@pytest.mark.parametrize(
    "url",
    [
        "https://host.example/a b",
        "https://host.example/../x",
        "https://host.example/@a",
        "https://host.example/a?b=c",
        "https://host.example/a#b",
        "https://host.example/%2e",
    ],
)
def test_a_path_that_could_be_read_in_two_ways_is_refused(url):
    with pytest.raises(EnvironmentProblem, match="may have letters"):
        origin_and_path(url)


@pytest.mark.parametrize("url", ["https://host.example/docs", "https://host.example/static/x"])
def test_a_path_that_is_an_address_of_the_hub_is_refused(url):
    with pytest.raises(EnvironmentProblem, match="Choose another path"):
        origin_and_path(url)


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        address = f"{before}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from addresses(entry, address)
        else:
            yield address


def test_every_address_of_the_hub_is_known():
    first = {address.partition("/")[0] for address in addresses(get_resolver())}

    own = {part for part in first if re.fullmatch(r"[a-z][a-z.-]*", part)}
    assert len(own) > 30
    for part in own:
        with pytest.raises(EnvironmentProblem, match="Choose another path"):
            origin_and_path(f"https://host.example/{part}")


def test_django_is_told_of_a_path_alone():
    assert settings_under("") == {}
    assert settings_under("/tools")["SESSION_COOKIE_PATH"] == "/tools"
