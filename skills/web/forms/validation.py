"""Between forms and refusals: a message for an invalid form, and a refused act on its form."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.forms import Form

from skills.lib.errors import Forbidden, Missing, Problem, Refused, Unauthenticated


@contextmanager
def refusals_on(form: Form) -> Iterator[None]:
    """Show on FORM, beside what was typed, why the act inside was refused.

    What may not be seen or done is raised on, so that nothing is said about it.
    """
    try:
        yield
    except (Missing, Forbidden, Unauthenticated):
        raise
    except Refused as refused:
        for problem in refused.problems:
            form.add_error(None, f"{problem.text} {problem.remedy}".strip())


def valid(form: Form, code: str) -> dict[str, Any]:
    """The cleaned values of FORM; raises Refused with one problem CODE for each field in error."""
    if not form.is_valid():
        raise Refused(
            [Problem(code, f"{name}: {'; '.join(map(str, errors))}") for name, errors in form.errors.items()]
        )
    return form.cleaned_data
