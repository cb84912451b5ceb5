"""What a page says after an act, and where it leads."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from skills.catalog.models import Skill
from skills.lib.errors import Forbidden, Missing, Refused, Unauthenticated
from skills.lib.redirects import is_local


@contextmanager
def tell_outcome(request: HttpRequest, success: str, *, quiet: bool = False) -> Iterator[None]:
    """Tell on the next page what became of the act inside: SUCCESS, or why it was refused.

    QUIET says nothing of success, where the page itself shows it.

    What may not be seen or done is raised on and gets a page of its own, so that nothing is said about it.
    """
    try:
        yield
    except (Missing, Forbidden, Unauthenticated):
        raise
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, f"{problem.text} {problem.remedy}".strip())
    else:
        if not quiet:
            messages.success(request, success)


def go_back(request: HttpRequest, to: Skill | str, *args: object) -> HttpResponse:
    """Redirect to where the form came from, else TO: a skill's page, a route's name or a path."""
    return redirect(back_to(request, resolve_url(to, *args)))


def back_to(request: HttpRequest, default: str) -> str:
    """Where a form asked to return to (its field `next`), if that is an address of ours."""
    wanted = str(request.POST.get("next", ""))
    return wanted if is_local(wanted) else default
