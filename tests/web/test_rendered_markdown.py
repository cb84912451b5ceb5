"""What strangers write in SKILL.md reaches a reader's browser as text and harmless markup only."""

from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from tests.factories import an_approved

ALLOWED = {
    "a": {"href", "title", "rel", "class", "aria-label"},
    "blockquote": set(),
    "br": set(),
    "code": {"class"},
    "del": set(),
    "div": {"class"},
    "em": set(),
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "h5": {"id"},
    "h6": {"id"},
    "hr": set(),
    "input": {"type", "disabled", "checked", "aria-label"},
    "li": {"class"},
    "ol": {"start"},
    "p": set(),
    "pre": {"class", "tabindex"},
    "s": set(),
    "span": {"class", "title"},
    "strong": set(),
    "table": set(),
    "tbody": set(),
    "td": {"align"},
    "th": {"align"},
    "thead": set(),
    "tr": set(),
    "ul": set(),
}
SCHEMES = {"", "http", "https", "mailto"}
ATTACKS = [
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/x.png)",
    "<svg onload=alert(1)>",
    "[x](data:text/html,<script>)",
    "<a href='vbscript:x'>x</a>",
    "<p onclick=alert(1)>x</p>",
    "<p style=position:fixed>x</p>",
    "<iframe src=//evil.example></iframe>",
    "<style>*{}</style>",
    "<form action=//evil.example></form>",
    "<a href='java\tscript:x'>x</a>",
    "[a]: javascript:x\n[a]",
]
HARMLESS = [
    "`<script>`",
    "## A title\n\n**Bold**, ~~gone~~ and [a link](https://example.com).\n\n```python\nx = 1\n```",
]


def only_harmless(html: str) -> bool:
    """Whether every tag, attribute and address in HTML is one that may stand in a reader's page."""
    return all(
        element.name in ALLOWED
        and element.attrs.keys() <= ALLOWED[element.name]
        and urlsplit(element.get("href", "")).scheme in SCHEMES
        for element in BeautifulSoup(html, "html.parser").find_all(True)
    )


def unsanitised(body: str) -> str:
    """BODY as Markdown renders it when nothing holds back raw HTML or addresses."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.validateLink = lambda _address: True
    return parser.render(body)


@pytest.mark.parametrize("body", [*ATTACKS, *HARMLESS])
def test_a_page_shows_nothing_of_a_body_but_harmless_markup(body, client, owner, mate, team):
    an_approved(owner, mate, team, wanted="public", body=body)

    page = BeautifulSoup(client.get("/@crew/greet-people/").content, "html.parser")

    prose = page.select_one(".body.prose")
    assert prose.get_text(strip=True) or "x.png" in body
    assert only_harmless(prose.decode_contents())


@pytest.mark.parametrize("body", ATTACKS)
def test_without_the_sanitiser_every_attack_would_be_seen(body):
    assert not only_harmless(unsanitised(body))


@pytest.mark.parametrize("body", HARMLESS)
def test_harmless_markup_is_not_taken_for_an_attack(body):
    assert only_harmless(unsanitised(body))
