"""Sessions of the test client that have lain for a while."""

from django.test import Client

from tests.factories import PASSWORD

LONG_AGO = 1_000_000_000  # seconds; a day in 2001


def grow_old(client: Client) -> None:
    """Let CLIENT's sign-in be long ago."""
    session = client.session
    for proof in session["account_authentication_methods"]:
        proof["at"] = LONG_AGO
    session.save()


def is_asked(response) -> bool:
    """Whether RESPONSE leads to the page that asks for the password."""
    return response.status_code == 302 and response["Location"].startswith("/account/reauthenticate/")


def confirm(client: Client, asked):
    """Give the password on the page that ASKED leads to; the answer of what was interrupted."""
    return client.post(asked["Location"], {"password": PASSWORD})
