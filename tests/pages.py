"""What a reader of a page sees of its HTML."""

from bs4 import BeautifulSoup


def words_of(html: str | bytes, selector: str = "html") -> list[str]:
    """The text of every element that SELECTOR (CSS) finds, white space folded."""
    elements = BeautifulSoup(html, "html.parser").select(selector)
    return [" ".join(element.get_text().split()) for element in elements]
