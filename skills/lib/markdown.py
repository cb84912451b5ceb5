"""Markdown to safe HTML: markdown-it (no raw HTML) → nh3 → Pygments classes."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_CODE_LIMIT = 200_000  # characters that are highlighted; more is shown plain
# No img: a picture elsewhere would tell its server who reads. No h1: the page has its own.
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
    "a": {"href", "title"},
    "code": {"class"},
    "div": {"class"},
    # tabindex lets the keyboard scroll a wide block (WCAG 2.1.1).
    "pre": {"class", "tabindex"},
    "span": {"class"},
    "td": {"align"},
    "th": {"align"},
    "ol": {"start"},
}


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt
    from mdit_py_plugins.front_matter import front_matter_plugin

    # Raw HTML is text already here; nh3 is the second lock behind it, should the parser have a fault.
    options = {"html": False, "linkify": False, "highlight": _highlight}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    return parser.use(front_matter_plugin)


def render(text: str) -> str:
    """HTML that is safe to show on our pages; headings start at h2, images are left out."""
    import nh3

    tokens = _parser().parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    html: str = _parser().renderer.render(tokens, _parser().options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        # ugc and nofollow: links of strangers must earn nothing from search engines.
        link_rel="nofollow noopener ugc",
    )


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
