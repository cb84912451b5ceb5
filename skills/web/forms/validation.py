"""From an invalid form to a refusal, for acts that answer with a message instead of the form."""

from typing import Any

from django.forms import Form

from skills.lib.errors import Problem, Refused


def valid(form: Form, code: str) -> dict[str, Any]:
    """The cleaned values of FORM; raises Refused with one problem CODE for each field in error."""
    if not form.is_valid():
        raise Refused(
            [Problem(code, f"{name}: {'; '.join(map(str, errors))}") for name, errors in form.errors.items()]
        )
    return form.cleaned_data
