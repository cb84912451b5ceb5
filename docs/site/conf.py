"""How Sphinx builds the site from docs/: `make docs`. Nothing is fetched, neither to build nor to read it."""

import re
import sys
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import api_reference  # noqa: E402

from skillhub import __version__  # noqa: E402

project = "SkillHub"
release = __version__
extensions = ["myst_parser"]
exclude_patterns = ["_build", "site"]
html_theme = "furo"
html_title = f"SkillHub {release}"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
myst_heading_anchors = 3  # so that `page.md#a-heading` leads to the heading

# The product serves docs/help as pages of its own, so links in there are addresses of the product.
_PRODUCT_LINK = re.compile(r"\]\((/[^)]*)\)")
_PAGE_OF_HELP = re.compile(r"/docs/([a-z]+)/")
HUB = "https://hub.example"


def _link_of_the_site(found: re.Match[str]) -> str:
    address = found[1]
    if address == "/docs/reference/":
        return "](/api-reference.md)"
    if page := _PAGE_OF_HELP.fullmatch(address):
        return f"](/help/{page[1]}.md)"
    return f"]({HUB}{address})"


def _complete(_app: Sphinx, page: str, source: list[str]) -> None:
    """Turn addresses of the product into links of the site, and write the API reference."""
    if page.startswith("help/"):
        source[0] = _PRODUCT_LINK.sub(_link_of_the_site, source[0])
    if page == "api-reference":
        source[0] += api_reference.as_markdown(api_reference.openapi())


def setup(app: Sphinx) -> None:
    app.connect("source-read", _complete)
