"""Every page shows what is hidden in its text: the one place where pages reveal, whoever wrote the text.

Names, comments, changelogs, notices, files: a template that forgets a filter would show one of them raw.
"""

import re
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse

from skills.bundles.hidden import reveal

# What a form sends back has to be what was there: text under edit and values stay as they are.
# Text cannot forge one of these: it is escaped, and a page of Markdown holds no `<` of its author's.
_SENT_BACK = re.compile(r"<textarea\b[^<>]*>[^<]*</textarea>|<(?:input|option|button)\b[^<>]*>")


class RevealMiddleware:
    """Writes out invisible letters and look-alike words in the HTML of every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        page = response.content.decode(response.charset)
        shown = "".join(_revealed(page))
        if shown != page:
            response.content = shown.encode(response.charset)
            if response.has_header("Content-Length"):
                response.headers["Content-Length"] = str(len(response.content))
        return response


def _revealed(page: str) -> Iterator[str]:
    end = 0
    for match in _SENT_BACK.finditer(page):
        yield reveal(page[end : match.start()])
        yield match.group()
        end = match.end()
    yield reveal(page[end:])
