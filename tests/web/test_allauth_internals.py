"""The one file that uses allauth's internals: its names exist, and nobody else reaches past it."""

import inspect
from pathlib import Path

from skills.web import allauth_internals

ADAPTER = Path("skills/web/allauth_internals.py")


def test_every_name_of_the_adapter_is_a_function_of_the_pinned_allauth():
    for name in set(allauth_internals.__all__) - {"STATE_SESSION_KEY"}:
        assert inspect.isfunction(getattr(allauth_internals, name)), name


def test_the_functions_still_take_what_we_pass_them():
    record = inspect.signature(allauth_internals.record_authentication)

    record.bind("request", "user", "socialaccount", reauthenticated=True)
    inspect.signature(allauth_internals.get_authentication_records).bind("request", "user")
    inspect.signature(allauth_internals.get_reauthentication_flows).bind("user")
    inspect.signature(allauth_internals.resume_request).bind("request")


def test_no_other_module_imports_an_internal_module_of_allauth():
    importers = {
        path for path in Path("skills").rglob("*.py") if "allauth.account.internal" in path.read_text()
    }

    assert importers == {ADAPTER}
