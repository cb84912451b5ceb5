"""What a reader of a page sees of its HTML."""

from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.http import HttpResponse


def words_of(html: str | bytes, selector: str = "html") -> list[str]:
    """The text of every element that SELECTOR (CSS) finds, white space folded."""
    elements = BeautifulSoup(html, "html.parser").select(selector)
    return [" ".join(element.get_text().split()) for element in elements]


def messages_of(response: HttpResponse) -> list[tuple[str, str]]:
    """What RESPONSE leaves to be told on the next page: (level, text) of each message."""
    return [(message.level_tag, message.message) for message in get_messages(response.wsgi_request)]


def outcome(response: HttpResponse) -> tuple[int, str, list[tuple[str, str]]]:
    """Status, where it leads, and what the next page tells."""
    return response.status_code, response.headers.get("Location", ""), messages_of(response)
