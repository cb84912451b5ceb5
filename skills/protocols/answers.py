"""Refusals of plain views as problem documents: no installer wants a page."""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from skills.http.problems import refused_response
from skills.lib.errors import Refused

View = Callable[..., HttpResponse]


def with_problems(view: View) -> View:
    """VIEW, its refusals as RFC 9457 documents."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            return refused_response(refused)

    return answer
