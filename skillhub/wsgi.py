"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skillhub.settings")
application = get_wsgi_application()


def _load_before_the_first_request() -> None:
    """Import every view and template tag now: on an ordinary start the database is still starting.

    And make every pattern of an address, which takes a tenth of a second, before processes are forked.
    """
    from django.template import engines
    from django.urls import reverse

    engines.all()
    reverse("home")


_load_before_the_first_request()
