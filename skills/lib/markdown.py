"""Markdown to safe HTML: markdown-it (no raw HTML) → nh3 → Pygments classes.

Links and pictures are placed by whoever knows the bundle (`bundles/links.py`). The HTML outlives the address
of its version (skills are renamed), so what lies in the version is written as `version:PATH`; `at_version`
puts the address in when it is shown.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Attribute: TypeAlias = str | int | float  # as markdown-it has them
# HTML that was kept before it was changed here begins with another one, or with none.
GENERATION = "<!-- rendered 2 -->\n"
IN_VERSION = "version:"
_CODE_LIMIT = 200_000  # characters that are highlighted; more is shown plain
# Before the names of headings, which are a stranger's: the pages have ids of their own.
_HEADING = "text-"
_LONGEST_NAME = 80  # characters of a heading in an address
_NO_PART_OF_A_NAME = re.compile(r"[^\w\- ]")
_BOX = re.compile(r"\[([ xX])\](?= )")
# No h1: the page has its own.
_TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "input",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "span",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
_ATTRIBUTES = {
    "a": {"href", "title", "class", "aria-label"},
    "code": {"class"},
    "div": {"class"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
    "img": {"src", "alt", "title", "loading"},
    "input": {"type", "disabled", "checked", "aria-label"},
    "li": {"class"},
    # tabindex lets the keyboard scroll a wide block (WCAG 2.1.1).
    "pre": {"class", "tabindex"},
    "span": {"class", "title"},
    "td": {"align"},
    "th": {"align"},
    "ol": {"start"},
}


@dataclass(frozen=True)
class Destination:
    """Where a link leads or a picture is: an address, or why there is none."""

    address: str = ""
    absent: str = ""


class Places(Protocol):
    """What the addresses in a text mean."""

    def link(self, written: str) -> Destination: ...
    def picture(self, written: str) -> Destination: ...


ELSEWHERE = Destination(absent="a picture elsewhere, which would tell its server who reads")


class AsWritten:
    """The addresses of a text of our own."""

    def link(self, written: str) -> Destination:
        return Destination(in_text(written[1:]) if written.startswith("#") else written)

    def picture(self, written: str) -> Destination:  # noqa: ARG002 - it is a Places
        return ELSEWHERE


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt
    from mdit_py_plugins.front_matter import front_matter_plugin

    # Raw HTML is text already here; nh3 is the second lock behind it, should the parser have a fault.
    options = {"html": False, "linkify": False, "highlight": _highlight}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    return parser.use(front_matter_plugin)


def render(text: str, places: Places | None = None) -> str:
    """HTML that is safe to show on our pages; headings start at h2."""
    import nh3

    tokens = _parser().parse(text)
    names = _Names()
    for index, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
        if token.type != "inline":
            continue
        children = list(_placed(token.children or [], places or AsWritten()))
        if tokens[index - 1].type == "heading_open":
            name = names.new(_words(token.children or []))
            tokens[index - 1].attrs["id"] = name
            children += _link_to(name)
        elif tokens[index - 2].type == "list_item_open":
            children = _with_box(children, tokens[index - 2])
        token.children = children
    html: str = _parser().renderer.render(tokens, _parser().options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", IN_VERSION.rstrip(":")},
        # ugc and nofollow: links of strangers must earn nothing from search engines.
        link_rel="nofollow noopener ugc",
    )


def render_remark(text: str) -> str:
    """HTML of a text that belongs to no bundle: its addresses are meant as they are written."""
    return render(text)


def at_version(html: str, address: str) -> str:
    """HTML of `render` on the page of a version whose ADDRESS ends with a slash.

    Text cannot forge what is replaced: its `<` is escaped.
    """
    html = html.removeprefix(GENERATION)
    for tag in ("<a href", "<img src"):
        html = html.replace(f'{tag}="{IN_VERSION}', f'{tag}="{address}')
    return html


def in_text(fragment: str) -> str:
    """The address of a heading in the same text; FRAGMENT is as GitHub calls it."""
    return f"#{_named(unquote(fragment))}" if fragment else "#"


def _named(name: str) -> str:
    # As it stands in an address: letters that look alike are shown as such in a page, ids too.
    return _HEADING + quote(name.lower()[:_LONGEST_NAME])


class _Names:
    """Names of headings as GitHub makes them, each once in a text."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def new(self, words: str) -> str:
        plain = _NO_PART_OF_A_NAME.sub("", words.strip().lower()).replace(" ", "-") or "section"
        # Cut before it is counted: headings that begin alike would each count from the first again.
        plain = plain[:_LONGEST_NAME]
        name, number = plain, self._last.get(plain, 0)
        while _named(name) in self._taken:
            number += 1
            name = f"{plain[: _LONGEST_NAME - 10]}-{number}"
        self._last[plain] = number
        self._taken.add(_named(name))
        return _named(name)


def _words(children: "list[Token]") -> str:
    return "".join(child.content for child in children if child.type in ("text", "code_inline"))


def _start(tag: str, attributes: Mapping[str, str], *, nesting: Literal[0, 1] = 1) -> "Token":
    from markdown_it.token import Token

    return Token(f"{tag}_open", tag, nesting, attrs=dict(attributes))


def _end(tag: str) -> "Token":
    from markdown_it.token import Token

    return Token(f"{tag}_close", tag, -1)


def _text(content: str) -> "Token":
    from markdown_it.token import Token

    return Token("text", "", 0, content=content)


def _absent(text: str, hint: str = "") -> "list[Token]":
    """TEXT of something that is not there; HINT is shown to who points at it."""
    return [
        _start("span", {"class": "absent"} | ({"title": hint} if hint else {})),
        _text(text),
        _end("span"),
    ]


def _link_to(name: str) -> "list[Token]":
    """The link of a heading to itself; the style sheet draws it, so that no text is added to the heading."""
    attributes = {"href": f"#{name}", "class": "anchor", "aria-label": "Link to this heading"}
    return [_start("a", attributes), _end("a")]


def _with_box(children: "list[Token]", item: "Token") -> "list[Token]":
    """The box of a task instead of its brackets; nobody ticks it here."""
    found = _BOX.match(children[0].content) if children and children[0].type == "text" else None
    if found is None:
        return children
    is_done = found[1] != " "
    item.attrs["class"] = "task"
    state = {"checked": "checked", "aria-label": "done"} if is_done else {"aria-label": "to do"}
    box = _start("input", {"type": "checkbox", "disabled": "disabled"} | state, nesting=0)
    return [box, _text(children[0].content[found.end() :]), *children[1:]]


def _placed(children: "list[Token]", places: Places) -> "Iterator[Token]":
    """CHILDREN with every address placed; what has none is text, and says why."""
    absent = ""  # of the link that is open
    for token in children:
        if token.type == "link_open":
            place = places.link(str(token.attrs["href"]))
            absent = place.absent
            # The address first: `at_version` looks for it there.
            token.attrs = _first("href", place.address, token.attrs)
            yield _start("span", {"class": "absent"}) if absent else token
        elif token.type == "link_close" and absent:
            yield _text(f" ({absent})")
            yield _end("span")
        elif token.type == "image":
            yield from _picture(token, places)
        else:
            yield token


def _first(name: str, address: str, attributes: Mapping[str, Attribute]) -> dict[str, Attribute]:
    """ATTRIBUTES with this one before the others."""
    return {name: address, **{key: value for key, value in attributes.items() if key != name}}


def _picture(token: "Token", places: Places) -> "Iterator[Token]":
    place = places.picture(str(token.attrs["src"]))
    if place.address:
        # The words of `alt` are put in by the renderer, where it finds it.
        token.attrs = _first("src", place.address, {**token.attrs, "alt": "", "loading": "lazy"})
        yield token
        return
    alternative = _words(token.children or []) or _file_name(str(token.attrs["src"]))
    # Texts are full of pictures from elsewhere: why they are not shown is said to who asks.
    yield from (
        _absent(alternative, place.absent)
        if place is ELSEWHERE
        else _absent(f"{alternative} ({place.absent})")
    )


def _file_name(address: str) -> str:
    if address.startswith("data:"):
        return "picture"
    return address.rpartition("/")[2][:_LONGEST_NAME]


def _highlight(code: str, language: str, _attributes: object) -> str:
    return f'<pre tabindex="0"><code>{code_html(code, language)}</code></pre>'


def code_html(code: str, language: str = "", path: str = "") -> str:
    """CODE with Pygments classes (`hl-…`); the language by name, or by the file's name."""
    from html import escape

    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
    from pygments.util import ClassNotFound

    if len(code) > _CODE_LIMIT:
        return escape(code)
    try:
        lexer = get_lexer_by_name(language) if language else get_lexer_for_filename(path)
    except ClassNotFound:
        return escape(code)
    formatter = HtmlFormatter(nowrap=True, classprefix="hl-")
    result: str = highlight(code, lexer, formatter)
    return result
